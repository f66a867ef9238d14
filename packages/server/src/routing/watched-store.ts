/** A store that says when commands were written that something else depends on. */
import type { CommandName, Store } from '../store/store.ts'

/** Commands that may arm a timer. Claiming and settling do, too, but who does that looks by itself. */
export const armingCommands: ReadonlySet<CommandName> = new Set([
  'armTimer',
  'openConversation',
  'changeConversation',
  'expireDialog',
  'assignTask',
  'answerRing',
  'dropSuggestion',
  'setAgentState',
  'closeInactive',
  'returnToQueue',
  'updateAccount',
  'updateSkill',
  'saveSkills',
] satisfies CommandName[])

export interface WatchedStore {
  readonly store: Store
  /**
   * Has `react` called with the data of each of the commands once it is over: also when it was
   * refused or failed, since a failed one may have taken effect. Nothing else is touched.
   */
  onWrite(commands: ReadonlySet<CommandName>, react: (data: unknown) => void): void
}

export const watchedStore = (inner: Store): WatchedStore => {
  const reactions = new Map<CommandName, ((data: unknown) => void)[]>()
  return {
    store: {
      epoch: inner.epoch,
      write(name, data) {
        const written = inner.write(name, data)
        const reacting = reactions.get(name)
        if (!reacting) return written
        const react = () => {
          for (const one of reacting) one(data)
        }
        // A refusal is the caller's to hear.
        written.then(react, react)
        return written
      },
      read: (name, data) => inner.read(name, data),
      stats: () => inner.stats(),
      onFatal: (listener) => inner.onFatal(listener),
      [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
    },
    onWrite(commands, react) {
      for (const name of commands) reactions.set(name, [...(reactions.get(name) ?? []), react])
    },
  }
}
