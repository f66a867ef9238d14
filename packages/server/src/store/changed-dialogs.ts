/** The dialogs that a command's result says it changed: what is remembered of them is outdated. */
import type { Changed } from './store.ts'

type Conversation = Changed['after']

const conversationsIn = (result: unknown): readonly Conversation[] => {
  const { after, change, changes } = (result ?? {}) as {
    after?: Conversation
    change?: Changed
    changes?: readonly Changed[]
  }
  if (Array.isArray(changes)) return changes.map((one) => one.after)
  const one = change?.after ?? after
  return one ? [one] : []
}

/** All are of one account, as every command is. */
export const changedDialogs = (
  result: unknown,
): { accountId: string; dialogIds: string[] } | undefined => {
  // Agent states have an `after` too, and no dialogs.
  const changed = conversationsIn(result).filter((one) => one?.dialogs !== undefined)
  const [first] = changed
  if (!first) return undefined
  const dialogIds = changed.flatMap(({ dialogs }) => dialogs.map(({ id }) => id))
  return { accountId: first.accountId, dialogIds }
}
