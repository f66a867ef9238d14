import { expect, it } from 'vitest'
import { bothLogs, judge } from './final-log.ts'
import { Recorder } from './recorder.ts'
import { retryThroughCuts } from './scenarios.ts'
import { ServerProcess, temporaryFolder } from './server-process.ts'
import { type Answer, Wire } from './wire.ts'
import { openPairs } from './world.ts'

const CONCURRENT = 500

it('[EV4] keeps one event however often its answer was lost and it was sent again', async () => {
  await using folder = temporaryFolder()
  await using server = await ServerProcess.start({ dataDir: folder.path })
  const { verdict, lostAnswers } = await retryThroughCuts({ server, dataDir: folder.path }, 150)
  expect(verdict.violations).toEqual([])
  expect(verdict.counts).toMatchObject({ acked: 600, logged: 600, rejected: 0, indeterminate: 0 })
  expect(lostAnswers).toBeGreaterThan(20)
})

it('[EV4] keeps one event that two sockets send at the same time, and tells both its place', async () => {
  await using folder = temporaryFolder()
  await using server = await ServerProcess.start({ dataDir: folder.path })
  const recorder = new Recorder()
  const pairs = await openPairs(server.url, 1)
  const { dialogId, consumer } = pairs[0]!
  await using one = await Wire.open(server.port, consumer.door)
  await using other = await Wire.open(server.port, consumer.door)
  const publish = (wire: Wire, number: number): Promise<Answer> => {
    const eventId = `same-${number}`
    const body = `text ${number}`
    const event = { type: 'ContentEvent', contentType: 'text/plain', message: body }
    const connection = wire === one ? 'one' : 'other'
    const { actorId } = consumer
    const operation = recorder.invoke({ connection, actorId, dialogId, eventId, body })
    return new Promise((resolve, reject) =>
      wire.send({
        type: 'ms.PublishEvent',
        body: { dialogId, eventId, event },
        settle(answer) {
          if (!answer) return reject(new Error('the socket closed'))
          recorder.answer(operation, answer.code, answer.sequence)
          resolve(answer)
        },
      }),
    )
  }
  const numbers = Array.from({ length: CONCURRENT }, (_, number) => number)
  const both = await Promise.all(
    numbers.map((number) =>
      Promise.all(
        number % 2 === 0
          ? [publish(one, number), publish(other, number)]
          : [publish(other, number), publish(one, number)],
      ),
    ),
  )
  for (const [first, second] of both) {
    expect([first.code, second.code]).toEqual([200, 200])
    expect(first.sequence).toBe(second.sequence)
  }
  const logs = await bothLogs({ port: server.port, dataDir: folder.path }, pairs)
  const verdict = judge(recorder, pairs, logs)
  expect(verdict.violations).toEqual([])
  expect(verdict.counts.logged).toBe(CONCURRENT)
})
