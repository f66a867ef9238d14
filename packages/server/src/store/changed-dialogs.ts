/** The dialogs that a command's result says it changed: what is remembered of them is outdated. */
import type { Changed } from './store.ts'

type Conversation = Changed['after']

const conversationIn = (result: unknown): Conversation | undefined => {
  const { after, change } = (result ?? {}) as { after?: Conversation; change?: Changed }
  return change?.after ?? after
}

export const changedDialogs = (
  result: unknown,
): { accountId: string; dialogIds: string[] } | undefined => {
  const after = conversationIn(result)
  // Agent states have an `after` too, and no dialogs.
  if (!after?.dialogs) return undefined
  return { accountId: after.accountId, dialogIds: after.dialogs.map(({ id }) => id) }
}
