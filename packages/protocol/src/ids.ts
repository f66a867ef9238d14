/** Branded ids, so that one kind of id cannot be passed where another is meant. */

type Branded<Kind extends string> = string & { readonly __kind?: Kind }

/** The tenant: `^[a-zA-Z0-9_]{1,20}$`. */
export type AccountId = Branded<'account'>
/** A consumer's id, equal to the `sub` of its token: a UUID, or 64 hex digits when authenticated. */
export type ConsumerId = Branded<'consumer'>
/** An agent's public id: a UUID version 5 of account and user id. */
export type AgentId = Branded<'agent'>
/** An agent's numeric id inside its account, as a string. */
export type UserId = Branded<'user'>
export type ConversationId = Branded<'conversation'>
/** The main dialog's id equals the conversation's. */
export type DialogId = Branded<'dialog' | 'conversation'>
export type SkillId = Branded<'skill'>
export type RingId = Branded<'ring'>
export type TaskId = Branded<'task'>
export type SubscriptionId = Branded<'subscription'>
/** Position of an event in its dialog: 0, 1, 2, without gaps. */
export type Sequence = number
/** Milliseconds since the epoch. */
export type Timestamp = number

/** The skill of a conversation that has none. */
export const NO_SKILL: SkillId = '-1'
