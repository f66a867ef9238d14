import type { Bus, Hear } from './bus.ts'

/** The bus of a single node: delivers at once, loses nothing. */
export const memoryBus = (): Bus => {
  const listeners = new Map<string, Set<Hear<never>>>()
  return {
    publish(subject, news) {
      for (const hear of listeners.get(subject) ?? []) hear(news as never)
    },
    listen<News>(subject: string, hear: Hear<News>) {
      const heard = listeners.get(subject) ?? new Set()
      listeners.set(subject, heard)
      heard.add(hear as Hear<never>)
      return {
        [Symbol.dispose]() {
          heard.delete(hear as Hear<never>)
          if (heard.size === 0 && listeners.get(subject) === heard) listeners.delete(subject)
        },
      }
    },
    async [Symbol.asyncDispose]() {
      listeners.clear()
    },
  }
}
