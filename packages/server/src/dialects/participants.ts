/**
 * The participants of a conversation in the one order that every list of it uses. Old agent clients
 * replace the n-th entry of a role in a dialog by the n-th public id of that role's map, so maps and
 * dialogs must agree, and invited agents come after those who take part. [CV20]
 */
import type { Conversation, Dialog, Participant } from '../domain/conversation.ts'
import { type NamePerson, roleNames, roles } from './wire-terms.ts'

const rank = new Map(roles.map((role, index) => [role, index]))
const rankOf = ({ role }: Participant): number => rank.get(role) ?? roles.length

const keyOf = ({ id, role }: Participant): string => `${role} ${id}`

/** Who takes part in any dialog, once per role; those of more dialogs first, so that subsets align. */
export const activeParticipants = (conversation: Conversation): readonly Participant[] => {
  const found = new Map<string, { participant: Participant; dialogs: number }>()
  for (const dialog of conversation.dialogs) {
    for (const participant of dialog.participants) {
      if (participant.state !== 'active') continue
      const known = found.get(keyOf(participant))
      if (known) known.dialogs += 1
      else found.set(keyOf(participant), { participant, dialogs: 1 })
    }
  }
  const all = [...found.values()]
  if (!all.some(({ participant }) => participant.role === 'consumer')) {
    // Bots read the first consumer without asking whether there is one.
    const participant: Participant = {
      id: conversation.consumerId,
      role: 'consumer',
      state: 'active',
    }
    all.push({ participant, dialogs: 0 })
  }
  return all
    .sort((a, b) => rankOf(a.participant) - rankOf(b.participant) || b.dialogs - a.dialogs)
    .map(({ participant }) => participant)
}

/** A dialog's participants in the conversation's order, invited ones behind active ones. */
export const dialogParticipants = (
  dialog: Dialog,
  active: readonly Participant[],
): readonly Participant[] => {
  const order = new Map(active.map((participant, index) => [keyOf(participant), index]))
  const indexOf = (participant: Participant): number =>
    participant.state === 'active'
      ? (order.get(keyOf(participant)) ?? active.length)
      : active.length + 1
  return [...dialog.participants].sort((a, b) => rankOf(a) - rankOf(b) || indexOf(a) - indexOf(b))
}

/** Ids per role, with every role named even where it is empty. */
export const participantMap = (
  conversation: Conversation,
  active: readonly Participant[],
  name: NamePerson,
): Record<string, readonly string[]> =>
  Object.fromEntries(
    roles.map((role) => [
      roleNames[role],
      active.filter((one) => one.role === role).map((one) => name(conversation.accountId, one)),
    ]),
  )
