import { describe, expect, it } from 'vitest'
import { checkHistory, type LoggedEvent } from '../../packages/server/src/testing/history.ts'
import { eventIdOf, messageOf } from './frames.ts'
import { Recorder } from './recorder.ts'

const pairs = [
  { dialogId: 'd1', consumer: { socket: 1, actorId: 'ann' }, agent: { socket: 0, actorId: 'max' } },
  { dialogId: 'd2', consumer: { socket: 2, actorId: 'eve' }, agent: { socket: 0, actorId: 'max' } },
]
const silent = () => undefined

/** Two messages in d1 and one in d2, each answered and shown to both sides. */
const played = () => {
  const recorder = new Recorder(pairs, 10)
  const sockets = [0, 1, 2].map((socket) => recorder.hearing(socket, silent))
  const hear = (socket: number) => sockets[socket] as NonNullable<(typeof sockets)[number]>
  const publish = (pair: number, side: 0 | 1, sequence: number) => {
    const operation = recorder.invoke(pair, side)
    hear(recorder.senderOf(operation)).answer(operation, 200, sequence)
    for (const socket of [0, pair + 1]) hear(socket).event(operation, sequence, sequence - 1, true)
  }
  publish(0, 0, 0)
  publish(1, 0, 0)
  publish(0, 1, 1)
  const entry = (operation: number, sequence: number, publisherId: string): LoggedEvent => ({
    sequence,
    publisherId,
    eventId: eventIdOf(operation),
    body: messageOf(operation),
  })
  const log = new Map([
    ['d1', [entry(0, 0, 'ann'), entry(2, 1, 'max')]],
    ['d2', [entry(1, 0, 'eve')]],
  ])
  const judge = () =>
    checkHistory({
      rows: recorder.rows(),
      logs: [{ source: 'test', dialogs: log }],
      maySee: (actorId, dialogId) =>
        pairs.some(
          (pair) =>
            pair.dialogId === dialogId &&
            [pair.consumer.actorId, pair.agent.actorId].includes(actorId),
        ),
    })
  return { recorder, hear, log, judge }
}

describe('the recorder', () => {
  it('makes rows that the checker accepts when all is well', () => {
    const { recorder, judge } = played()
    expect(judge().violations).toEqual([])
    expect(judge().counts).toMatchObject({ operations: 3, acked: 3, readers: 4, delivered: 6 })
    expect(recorder.isSettled).toBe(true)
  })

  it('tells the checker of a socket that heard a foreign dialog', () => {
    const { hear, judge } = played()
    hear(2).event(0, 0, -1, true)
    expect(judge().broken).toEqual({ isolation: 1 })
  })

  it('tells the checker of a changed text and of a wrong predecessor', () => {
    const { recorder, hear, log, judge } = played()
    const operation = recorder.invoke(0, 0)
    log.get('d1')?.push({
      sequence: 2,
      publisherId: 'ann',
      eventId: eventIdOf(operation),
      body: messageOf(operation),
    })
    hear(0).event(operation, 2, 1, false)
    hear(1).event(operation, 2, 0, true)
    expect(judge().broken).toEqual({ 'delivered-identical': 1, 'stream-projection': 1 })
    expect(recorder.isSettled).toBe(false)
  })

  it('leaves open what became of a publish that failed on the server', () => {
    const { recorder, hear, judge } = played()
    hear(1).answer(recorder.invoke(0, 0), 503, -2)
    hear(1).answer(recorder.invoke(0, 0), 429, -2)
    expect(judge().violations).toEqual([])
    expect(judge().counts).toMatchObject({ rejected: 1, indeterminate: 1 })
  })

  it('counts events that name no publish of the run', () => {
    const { recorder, hear } = played()
    hear(1).event(99, 0, -1, true)
    expect(recorder.strangers).toBe(1)
  })
})
