import { expect, it } from 'vitest'
import { PastReading } from './past-reading.ts'

const idOf = (sequence: number) => `ms::dialog:d::msg:${sequence}`

const messageAt = (seq: number) => ({
  messageId: idOf(seq),
  seq,
  dialogId: 'd',
  participantId: 'p',
  sentBy: 'Consumer',
  audience: 'ALL',
  timeL: seq,
  messageData: { msg: { text: `no. ${seq}` } },
})

/** A history of so many messages that answers with two at a time, or not at all. */
class History {
  readonly asked: (string | undefined)[] = []
  isAway = false
  readonly #count: number

  constructor(count: number) {
    this.#count = count
  }

  async history<T>(_path: string, body: object): Promise<T> {
    const { messagesAfter } = body as { messagesAfter?: string }
    this.asked.push(messagesAfter)
    if (this.isAway) throw new Error('away')
    const from = messagesAfter === undefined ? 0 : Number(messagesAfter.split(':').at(-1)) + 1
    const said = [from, from + 1].filter((one) => one < this.#count)
    const info = { conversationId: 'd', status: 'CLOSE', isPartial: from + 2 < this.#count }
    const record = { info, messageRecords: said.map(messageAt), agentParticipants: [] }
    return { conversationHistoryRecords: [record] } as T
  }
}

const sequences = ({ state }: PastReading) => {
  const reading = state.get()
  return reading.kind === 'read'
    ? reading.thread.said.map(({ sequence }) => sequence)
    : reading.kind
}

it('[WSP35] reads as far as the message that is looked for, and on to a later one', async () => {
  const history = new History(9)
  using reading = new PastReading(history, 'd')
  await reading.lookFor(idOf(3))
  expect(sequences(reading)).toEqual([0, 1, 2, 3])
  await reading.lookFor(idOf(6))
  expect(sequences(reading)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  const before = history.asked.length
  await reading.lookFor(idOf(1))
  await reading.lookFor(undefined)
  expect(history.asked).toHaveLength(before)
})

it('[WSP35] reads as far as the one that is looked for by the time that it is there', async () => {
  using reading = new PastReading(new History(9), 'd')
  const first = reading.lookFor(undefined)
  await reading.lookFor(idOf(4))
  await first
  expect(sequences(reading)).toEqual([0, 1, 2, 3, 4, 5])
})

it('[WSP35] keeps what was read when more of it does not come, and reads on from there', async () => {
  const history = new History(5)
  using reading = new PastReading(history, 'd')
  history.isAway = true
  await reading.lookFor(undefined)
  expect(sequences(reading)).toBe('failed')
  history.isAway = false
  await reading.readOn()
  history.isAway = true
  await reading.readOn()
  expect(sequences(reading)).toEqual([0, 1])
  expect(reading.state.get()).toMatchObject({ hasFailed: true })
  history.isAway = false
  await reading.readOn()
  expect(sequences(reading)).toEqual([0, 1, 2, 3])
  expect(reading.state.get()).toMatchObject({ hasFailed: false })
  expect(history.asked.slice(-2)).toEqual([idOf(1), idOf(1)])
})
