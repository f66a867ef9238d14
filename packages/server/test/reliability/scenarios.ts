/**
 * What the tests of the promises do to a server, and what the history says about it. The same
 * scenarios run on sound servers and on broken ones.
 */
import type { HistoryVerdict } from '../../src/testing/history.ts'
import { castFor, connectAll, dismiss, everythingSent } from './cast.ts'
import { CuttingProxy } from './cutting-proxy.ts'
import type { Dice } from './dice.ts'
import { bothLogs, judge, logLeftBehind } from './final-log.ts'
import { Reader } from './reader.ts'
import { Recorder } from './recorder.ts'
import type { ServerProcess } from './server-process.ts'
import { Wire } from './wire.ts'
import { openPairs, type Pair } from './world.ts'
import { Writer } from './writer.ts'

export interface Stage {
  readonly server: ServerProcess
  readonly dataDir: string
}

/** Load, a kill in the middle of it, and a look at what the disk has. */
export const killOnce = async ({ server, dataDir }: Stage): Promise<HistoryVerdict> => {
  const recorder = new Recorder()
  const pairs = await openPairs(server.url, 2)
  const cast = castFor(recorder, pairs)
  await connectAll(cast, server.port)
  const writing = cast.writers.map((writer) => writer.write(Number.POSITIVE_INFINITY))
  await recorder.hears(400)
  server.kill('SIGKILL')
  await Promise.all([server.ended, ...writing])
  await Promise.all([...cast.writers, ...cast.readers].map(({ wire }) => wire.closed))
  return judge(recorder, pairs, [logLeftBehind(dataDir)])
}

/** Load to its end: everybody sees everything. */
export const writeAndRead = async ({ server, dataDir }: Stage): Promise<HistoryVerdict> => {
  const recorder = new Recorder()
  const pairs = await openPairs(server.url, 2)
  const cast = castFor(recorder, pairs, { writersEach: 2 })
  await connectAll(cast, server.port)
  await Promise.all(cast.writers.map((writer) => writer.write(50)))
  const logs = await bothLogs({ port: server.port, dataDir }, pairs)
  await everythingSent(cast)
  const verdict = judge(recorder, pairs, logs)
  await dismiss(cast)
  return verdict
}

export interface Retried {
  readonly verdict: HistoryVerdict
  /** Cuts that swallowed at least one positive answer. */
  readonly lostAnswers: number
}

/** A network that loses answers: every publish is sent until an answer comes through. */
export const retryThroughCuts = async (
  { server, dataDir }: Stage,
  publishes: number,
): Promise<Retried> => {
  const recorder = new Recorder()
  const pairs = await openPairs(server.url, 2)
  await using proxy = await CuttingProxy.start(server.port)
  const writers = pairs.flatMap(({ dialogId, consumer, agent }, at) =>
    [consumer, agent].map(
      (person, side) =>
        new Writer({ recorder, dialogId, ...person, name: `w-${at}-${side}`, window: 5 }),
    ),
  )
  const writeAll = async (writer: Writer): Promise<void> => {
    await writer.connect(proxy.port)
    for (;;) {
      await writer.settled()
      if (writer.wire.isClosed) {
        await writer.connect(proxy.port)
        continue
      }
      const left = publishes - writer.published
      if (left <= 0) return
      await writer.write(Math.min(left, 10))
    }
  }
  await Promise.all(writers.map(writeAll))
  const logs = await bothLogs({ port: server.port, dataDir }, pairs)
  for (const writer of writers) await writer[Symbol.asyncDispose]()
  return { verdict: judge(recorder, pairs, logs), lostAnswers: proxy.swallowed }
}

export interface Resumed {
  readonly verdict: HistoryVerdict
  readonly resumptions: number
  /** Resumptions during whose replay something was written. */
  readonly races: number
}

/** Cuts the reader after a random number of events, and resumes at a random place it was at. */
const resumeUntil = async (
  reader: Reader,
  finished: { promise: Promise<void>; isOver: boolean },
  { port, roll, tail }: { port: number; roll: Dice; tail: () => number },
): Promise<{ resumptions: number; races: number }> => {
  const counts = { resumptions: 0, races: 0 }
  for (;;) {
    await Promise.race([reader.reaches(reader.next - 1 + roll(40)), finished.promise])
    if (finished.isOver) return counts
    await reader.cut()
    const before = tail()
    await reader.connect(port, roll(3) === 1 ? roll(reader.next + 1) - 1 : reader.next)
    counts.resumptions += 1
    await Promise.race([reader.reaches(before), finished.promise])
    if (tail() > before) counts.races += 1
  }
}

/** Bursts of writes while readers come and go. */
export const resumeDuringBursts = async (
  { server, dataDir }: Stage,
  roll: Dice,
  publishes: number,
): Promise<Resumed> => {
  const recorder = new Recorder()
  const pairs = await openPairs(server.url, 2)
  const cast = castFor(recorder, pairs, { writersEach: 2, readersEach: 2 })
  await connectAll(cast, server.port)
  const done = Promise.withResolvers<void>()
  const finished = { promise: done.promise, isOver: false }
  const tailOf = (dialogId: string) => () =>
    Math.max(...cast.writers.filter((w) => w.options.dialogId === dialogId).map((w) => w.acked))
  const resuming = cast.readers.map((reader) => {
    const tail = tailOf(reader.options.dialogId)
    return resumeUntil(reader, finished, { port: server.port, roll, tail })
  })
  const burst = async (writer: Writer): Promise<void> => {
    while (writer.published < publishes) await writer.write(roll(30))
  }
  await Promise.all(cast.writers.map(burst))
  finished.isOver = true
  done.resolve()
  const counts = await Promise.all(resuming)
  const logs = await bothLogs({ port: server.port, dataDir }, pairs)
  await everythingSent(cast)
  const verdict = judge(recorder, pairs, logs)
  await dismiss(cast)
  const sum = (pick: (one: (typeof counts)[number]) => number) =>
    counts.reduce((total, one) => total + pick(one), 0)
  return {
    verdict,
    resumptions: sum(({ resumptions }) => resumptions),
    races: sum(({ races }) => races),
  }
}

const newestOf = async (port: number, { dialogId, consumer }: Pair): Promise<number> => {
  await using wire = await Wire.open(port, consumer.door)
  const answer = await wire.ask('ms.QueryMessages', { dialogId, maxQuantity: 1 })
  return answer?.body[0]?.sequence ?? -1
}

/** A new socket after each answer and each event that was seen: does the log ever go back? */
export const hopAfterEverything = async (
  { server, dataDir }: Stage,
  hops: number,
): Promise<{ verdict: HistoryVerdict; wentBack: number }> => {
  const { port } = server
  const recorder = new Recorder()
  const pairs = await openPairs(server.url, 1)
  const pair = pairs[0]!
  const { dialogId, consumer, agent } = pair
  await using noise = new Writer({ recorder, dialogId, ...agent, name: 'noise', window: 4 })
  await using writer = new Writer({ recorder, dialogId, ...consumer, name: 'own', window: 1 })
  await using reader = new Reader({ recorder, dialogId, ...consumer, name: 'reader' })
  await noise.connect(port)
  const noisy = noise.write(Number.POSITIVE_INFINITY)
  await reader.connect(port, 0)
  let wentBack = 0
  for (let hop = 0; hop < hops && wentBack === 0; hop += 1) {
    await writer.connect(port)
    await writer.write(1)
    if ((await newestOf(port, pair)) < writer.acked) {
      wentBack += 1
      break
    }
    await reader.reaches(writer.acked)
    // A start beyond the tail is refused, so that this fails where the tail has gone back.
    await reader.cut()
    await reader.connect(port)
    const seen = reader.next - 1
    if ((await newestOf(port, pair)) < seen) wentBack += 1
    await writer.wire[Symbol.asyncDispose]()
  }
  noise.stop()
  await noisy
  const logs = await bothLogs({ port, dataDir }, pairs)
  // Where reads are behind, the reader's stream may never be shown its end.
  if (wentBack === 0) await everythingSent({ readers: [reader] })
  return { verdict: judge(recorder, pairs, logs), wentBack }
}
