/** The main thread's end of one thread of the store: requests in, replies in the same order. */
import { getCompileCacheDir } from 'node:module'
import path from 'node:path'
import process from 'node:process'
import { Worker } from 'node:worker_threads'
import { StoreFailure } from '../batch.ts'
import type { Reply, Request, ThreadStart } from './messages.ts'
import { decodeError } from './messages.ts'

export interface Thread extends AsyncDisposable {
  readonly epoch: string
  ask(request: Exclude<Request, { kind: 'close' }>): Promise<Reply>
}

/** A thread takes compiled code from where its process does only if its environment says so. [OPS65] */
const environment = (): NodeJS.ProcessEnv => {
  const folder = getCompileCacheDir()
  return folder === undefined
    ? process.env
    : { ...process.env, NODE_COMPILE_CACHE: path.dirname(folder) }
}

export const startThread = async (start: ThreadStart): Promise<Thread> => {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: start,
    env: environment(),
  })
  const exited = Promise.withResolvers<void>()
  const waiting: PromiseWithResolvers<Reply>[] = []
  let gone: StoreFailure | undefined

  const expect = (): Promise<Reply> => {
    if (gone) return Promise.reject(gone)
    const answer = Promise.withResolvers<Reply>()
    waiting.push(answer)
    return answer.promise
  }
  const lose = (message: string, cause?: unknown): void => {
    gone ??= new StoreFailure(message, true, { cause })
    for (const answer of waiting.splice(0)) answer.reject(gone)
  }
  worker.on('message', (replies: readonly Reply[]) => {
    for (const reply of replies) {
      const answer = waiting.shift()
      if (reply.kind === 'failed') answer?.reject(decodeError(reply.flat))
      else answer?.resolve(reply)
    }
  })
  worker.on('error', (error) => lose(`The store's ${start.role} thread died`, error))
  worker.on('exit', () => {
    lose(`The store's ${start.role} thread ended`)
    exited.resolve()
  })
  /** Before anybody waits: what cannot be sent gets no reply, and must not take another's. */
  const post = (request: Request): void => {
    try {
      worker.postMessage(request)
    } catch (cause) {
      throw new StoreFailure('What cannot be copied cannot be stored', false, { cause })
    }
  }
  const ready = await expect()
  return {
    epoch: ready.kind === 'ready' ? ready.epoch : start.epoch,
    async ask(request) {
      if (!gone) post(request)
      return expect()
    },
    async [Symbol.asyncDispose]() {
      if (!gone) worker.postMessage({ kind: 'close' } satisfies Request)
      await exited.promise
    },
  }
}
