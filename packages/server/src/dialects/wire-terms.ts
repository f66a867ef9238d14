/** The wire's spelling of the domain's words, both ways. */
import type { AccountId, UserId } from '@ringdown/protocol'
import type { TtrType } from '../domain/account.ts'
import { oldAgentId } from '../domain/actor.ts'
import type { CoBrowseState } from '../domain/co-browse.ts'
import type { CloseReason, Dialog, OpenState, ParticipantRole } from '../domain/conversation.ts'
import type { Audience } from '../domain/event.ts'
import type { RingState } from '../domain/ring.ts'

export const roleNames = {
  consumer: 'CONSUMER',
  assigned_agent: 'ASSIGNED_AGENT',
  agent: 'AGENT',
  manager: 'MANAGER',
  reader: 'READER',
  controller: 'CONTROLLER',
} as const satisfies Record<ParticipantRole, string>

/** In the order in which participants are listed. */
export const roles = Object.keys(roleNames) as readonly ParticipantRole[]

export const audienceNames = {
  all: 'ALL',
  agents: 'AGENTS_AND_MANAGERS',
} as const satisfies Record<Audience, string>

export const openStateNames = { open: 'OPEN', closed: 'CLOSE' } as const satisfies Record<
  OpenState,
  string
>

export const closeReasonNames = {
  consumer: 'CONSUMER',
  agent: 'AGENT',
  system: 'SYSTEM',
  timeout: 'TIMEOUT',
} as const satisfies Record<CloseReason, string>

export const dialogTypeNames = {
  main: 'MAIN',
  post_survey: 'POST_SURVEY',
  other: 'OTHER',
} as const satisfies Record<Dialog['type'], string>

export const channelNames = {
  messaging: 'MESSAGING',
  cobrowse: 'COBROWSE',
} as const satisfies Record<Dialog['channel'], string>

export const coBrowseStateNames = {
  invited: 'INVITED',
  accepted: 'ACCEPTED',
  closed: 'CLOSED',
} as const satisfies Record<CoBrowseState, string>

export const ttrTypeNames = {
  normal: 'NORMAL',
  urgent: 'URGENT',
  prioritized: 'PRIORITIZED',
  custom: 'CUSTOM',
} as const satisfies Record<TtrType, string>

export const ringStateNames = {
  waiting: 'WAITING',
  accepted: 'ACCEPTED',
  auto_accepted: 'AUTO_ACCEPT',
  rejected: 'REJECTED',
  expired: 'EXPIRED',
  cancelled: 'CANCELLED',
} as const satisfies Record<RingState, string>

const inverse = <Word extends string>(names: Record<Word, string>): ReadonlyMap<string, Word> =>
  new Map((Object.keys(names) as Word[]).map((word) => [names[word], word]))

export const coBrowseStatesByName = inverse<CoBrowseState>(coBrowseStateNames)
export const rolesByName = inverse<ParticipantRole>(roleNames)
export const audiencesByName = inverse<Audience>(audienceNames)
export const ttrTypesByName = inverse<TtrType>(ttrTypeNames)

interface Person {
  readonly id: string
  readonly userId?: UserId
}

/** How a dialect names people: agents by public id, or as older clients know them. */
export type NamePerson = (accountId: AccountId, person: Person) => string

export const byPublicId: NamePerson = (_accountId, { id }) => id

export const byOldId: NamePerson = (accountId, { id, userId }) =>
  userId === undefined ? id : oldAgentId(accountId, userId)
