/** The people of a run: writers and readers for both sides of every conversation. */
import type { FinalLog } from '../../src/testing/history.ts'
import { lastVisible } from './final-log.ts'
import { Reader } from './reader.ts'
import type { Recorder } from './recorder.ts'
import type { Pair } from './world.ts'
import { Writer, type WriterOptions } from './writer.ts'

export interface Cast {
  readonly writers: readonly Writer[]
  readonly readers: readonly Reader[]
  readonly pairs: readonly Pair[]
}

export interface CastOptions
  extends Partial<Pick<WriterOptions, 'padding' | 'window' | 'retries'>> {
  /** Writers and readers of each person. */
  readonly writersEach?: number
  readonly readersEach?: number
}

const sides = ['consumer', 'agent'] as const

const each = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at)

/** Every fifth event of an agent is for agents only, so that projections differ. */
export const castFor = (
  recorder: Recorder,
  pairs: readonly Pair[],
  { writersEach = 1, readersEach = 1, window = 8, padding = 100, retries = [] }: CastOptions = {},
): Cast => {
  const writers: Writer[] = []
  const readers: Reader[] = []
  for (const [at, pair] of pairs.entries())
    for (const side of sides) {
      const shared = { recorder, dialogId: pair.dialogId, ...pair[side] }
      const privateEvery = side === 'agent' ? 5 : 0
      for (const n of each(writersEach)) {
        const name = `${side}-${at}-${n}`
        writers.push(new Writer({ ...shared, name, window, padding, retries, privateEvery }))
      }
      for (const n of each(readersEach))
        readers.push(new Reader({ ...shared, name: `${side}-reader-${at}-${n}` }))
    }
  return { writers, readers, pairs }
}

export const connectAll = async ({ writers, readers }: Cast, port: number): Promise<void> => {
  await Promise.all([...writers, ...readers].map((client) => client.connect(port)))
  await Promise.all(writers.map((writer) => writer.settled()))
}

/** Resolves when every reader was shown the last event that it may see. */
export const allReachTheTail = async ({ readers, pairs }: Cast, log: FinalLog): Promise<void> => {
  const agents = new Set(pairs.map(({ agent }) => agent.actorId))
  await Promise.all(
    readers.map((reader) => {
      const { actorId, dialogId } = reader.options
      return reader.reaches(lastVisible(log, dialogId, agents.has(actorId) ? 'agents' : 'all'))
    }),
  )
}

/** Resolves when the server has sent its readers what it had for them, even if it is too little. */
export const everythingSent = async ({ readers }: Pick<Cast, 'readers'>): Promise<void> => {
  await Promise.all(readers.map(({ wire }) => wire.ask('ms.QueryMessages', {})))
}

export const dismiss = async ({ writers, readers }: Cast): Promise<void> => {
  for (const client of [...writers, ...readers]) await client[Symbol.asyncDispose]()
}
