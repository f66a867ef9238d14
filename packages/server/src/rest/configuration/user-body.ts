/** A user as the configuration interface writes it, and the agent that it is. [ADM10] [ADM11] */
import { MAX_PASSWORD_BYTES } from '../../auth/passwords.ts'
import type { Agent, Details, Skill } from '../../domain/account.ts'
import { type AgentGroup, type Profile, ROOT_GROUP_ID } from '../../domain/configuration.ts'
import type { AgentWrite } from '../../store/store.ts'
import { flag, integer, listOf, optional, refuseField, required, text } from '../admin/fields.ts'
import { anyText, type Body, dateText, id, idOut, idsOut, known, whole } from './members.ts'
import { placeByProfiles, profilesOf } from './profiles.ts'

const MIN_PASSWORD_BYTES = 8
const BOT = 2
const HUMAN = 1
const NO_LIMIT_OF_ITS_OWN = -1

export const password = text({ min: MIN_PASSWORD_BYTES, max: MAX_PASSWORD_BYTES })

const place = whole({ agentGroupId: required(id), assignmentDate: optional(anyText) })

/** Kept and given back; nothing here acts on them. */
const keptShape = {
  maxChats: optional(integer(0, 10_000)),
  lobIds: optional(listOf(id)),
  permissionGroups: optional(listOf(id)),
  allowedAppKeys: optional(anyText),
  description: optional(anyText),
  mobileNumber: optional(anyText),
  employeeId: optional(anyText),
  pictureUrl: optional(anyText),
  pictureId: optional(anyText),
  backgndImgUri: optional(anyText),
  pnCertName: optional(anyText),
  changePwdNextLogin: optional(flag),
  disabledManually: optional(flag),
  isActive: optional(flag),
}

const shape = {
  ...keptShape,
  loginName: required(text()),
  fullName: required(text({ min: 0 })),
  nickname: required(text({ min: 0 })),
  email: required(text({ min: 0 })),
  isEnabled: required(flag),
  passwordSh: optional(password),
  maxAsyncChats: optional(integer(NO_LIMIT_OF_ITS_OWN, 10_000)),
  skillIds: optional(listOf(id)),
  profileIds: required(listOf(id)),
  memberOf: optional(place),
  managerOf: optional(listOf(place)),
  isApiUser: optional(flag),
  userTypeId: optional(integer(0, 2)),
}

const serverWritten = [
  'pid',
  'deleted',
  'dateUpdated',
  'dateCreated',
  'lastPwdChangeDate',
  'skills',
  'profiles',
  'lobs',
  'managedAgentGroups',
]

export const readUser = whole(shape, serverWritten)
export type UserBody = ReturnType<typeof readUser>

/** What users refer to. */
export interface Surroundings {
  readonly skills: readonly Skill[]
  readonly groups: readonly AgentGroup[]
  readonly profiles: readonly Profile[]
}

const inside = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`)

const refuseUnknown = (
  ids: readonly string[],
  all: readonly { readonly id: string }[],
  at: string,
): void => {
  const unknown = ids.find((one) => !all.some((other) => other.id === one))
  if (unknown !== undefined) refuseField(at, `names ${unknown}, which does not exist`)
}

export const checkUser = (
  user: UserBody,
  { skills, groups, profiles }: Surroundings,
  at: string,
) => {
  if (user.profileIds.length === 0) refuseField(inside(at, 'profileIds'), 'must name a profile')
  refuseUnknown(user.profileIds, profiles, inside(at, 'profileIds'))
  refuseUnknown(user.skillIds ?? [], skills, inside(at, 'skillIds'))
  const placed = [...(user.memberOf ? [user.memberOf] : []), ...(user.managerOf ?? [])]
  refuseUnknown(
    placed.map((one) => one.agentGroupId),
    groups,
    inside(at, 'memberOf/managerOf'),
  )
  if (user.isApiUser && user.passwordSh !== undefined)
    refuseField(inside(at, 'passwordSh'), 'is not for API users: they have no password')
}

/** Being in the root is being in no group. */
const isInGroup = (place: UserBody['memberOf']): place is NonNullable<UserBody['memberOf']> =>
  place !== undefined && place.agentGroupId !== ROOT_GROUP_ID

/** The dates since when the user has been in its groups; a place that stays keeps its date. */
const datesOf = (user: UserBody, before: Agent | undefined, now: number): Details => {
  const kept = { ...(before?.details['assignmentDates'] as Record<string, string> | undefined) }
  const dates = (one: { agentGroupId: string; assignmentDate?: string }, kind: string) => {
    const name = `${kind}${one.agentGroupId}`
    return [name, one.assignmentDate ?? kept[name] ?? dateText(now)] as const
  }
  return Object.fromEntries([
    ...(isInGroup(user.memberOf) ? [dates(user.memberOf, 'in ')] : []),
    ...(user.managerOf ?? []).map((one) => dates(one, 'over ')),
  ])
}

const detailsOf = (user: UserBody, before: Agent | undefined, now: number): Details => {
  const { maxChats, ...kept } = Object.fromEntries(
    Object.entries(user).filter(([name]) => Object.hasOwn(keptShape, name)),
  )
  const foreign = Object.entries(before?.details ?? {}).filter(
    ([name]) => !Object.hasOwn(keptShape, name) && name !== 'userTypeId',
  )
  return {
    ...Object.fromEntries(foreign),
    ...kept,
    ...(maxChats !== undefined && { maxChats }),
    // A user that is a program or a person is told by the agent; only the system's own is not.
    ...(user.userTypeId === 0 && { userTypeId: 0 }),
    assignmentDates: datesOf(user, before, now),
    dateUpdated: dateText(now),
    ...(user.passwordSh !== undefined && { lastPwdChangeDate: dateText(now) }),
  }
}

const withoutAgentRole = ({
  maxChats: _,
  maxAsyncChats: __,
  memberOf: ___,
  skillIds: ____,
  ...user
}: UserBody): UserBody => user

const withoutManagerRole = ({ managerOf: _, ...user }: UserBody): UserBody => user

/** The agent without its number and password. Members of roles that it lacks are cleared. [ADM11] */
export const agentOf = (
  given: UserBody,
  { profiles }: Surroundings,
  { before, now }: { before: Agent | undefined; now: number },
): Omit<AgentWrite, 'mode' | 'userId' | 'passwordHash'> => {
  const { roles, profileIds } = placeByProfiles(given.profileIds, profiles)
  const asAgent = roles.includes('agent') ? given : withoutAgentRole(given)
  const user = roles.includes('manager') ? asAgent : withoutManagerRole(asAgent)
  const { loginName, fullName, nickname, email, isEnabled, maxAsyncChats, memberOf } = user
  const isApiUser = user.isApiUser ?? false
  const hasCapacity = maxAsyncChats !== undefined && maxAsyncChats !== NO_LIMIT_OF_ITS_OWN
  return {
    loginName,
    fullName,
    nickname,
    email,
    isEnabled,
    isApiUser,
    isBot: user.userTypeId === undefined ? isApiUser : user.userTypeId === BOT,
    roles,
    profileIds,
    skillIds: user.skillIds ?? [],
    managedGroupIds: (user.managerOf ?? []).map((one) => one.agentGroupId),
    details: detailsOf(user, before, now),
    ...(hasCapacity && { capacity: maxAsyncChats }),
    ...(isInGroup(memberOf) && { groupId: memberOf.agentGroupId }),
  }
}

const namesOf = (ids: readonly string[], all: readonly { id: string; name: string }[]) =>
  all.filter((one) => ids.includes(one.id)).map((one) => ({ id: idOut(one.id), name: one.name }))

/** What clients read. Passwords are in no way part of it. */
export const userOut = (agent: Agent, { skills, groups, profiles }: Surroundings): Body => {
  const { details, roles } = agent
  const dates = { ...(details['assignmentDates'] as Record<string, string> | undefined) }
  const groupOut = (groupId: string, kind: string) =>
    known({ agentGroupId: idOut(groupId), assignmentDate: dates[`${kind}${groupId}`] })
  const kept = Object.entries(details).filter(([name]) => Object.hasOwn(keptShape, name))
  const own = profilesOf(agent, profiles)
  const lists = Object.fromEntries(
    ['lobIds', 'permissionGroups'].map((name) => [
      name,
      idsOut((details[name] as readonly string[] | undefined) ?? []),
    ]),
  )
  return known({
    id: idOut(agent.userId),
    pid: agent.id,
    deleted: false,
    loginName: agent.loginName,
    fullName: agent.fullName,
    nickname: agent.nickname,
    email: agent.email,
    isEnabled: agent.isEnabled,
    isApiUser: agent.isApiUser,
    userTypeId: details['userTypeId'] ?? (agent.isBot ? BOT : HUMAN),
    maxAsyncChats: agent.capacity,
    skillIds: idsOut(agent.skillIds),
    profileIds: own.map((profile) => idOut(profile.id)),
    ...(roles.includes('agent') && { memberOf: groupOut(agent.groupId ?? ROOT_GROUP_ID, 'in ') }),
    managerOf: agent.managedGroupIds.map((groupId) => groupOut(groupId, 'over ')),
    ...Object.fromEntries(kept),
    ...lists,
    dateCreated: dateText(agent.createdAt),
    dateUpdated: details['dateUpdated'] ?? dateText(agent.createdAt),
    lastPwdChangeDate: details['lastPwdChangeDate'],
    skills: namesOf(agent.skillIds, skills),
    profiles: own.map(({ id: own, name, roleTypeId }) => ({ id: idOut(own), name, roleTypeId })),
    managedAgentGroups: namesOf(agent.managedGroupIds, groups),
  })
}
