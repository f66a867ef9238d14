/** Skills as the configuration interface writes them. [ADM15] */
import type { AccountId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import { defaultSkillRules, type Skill, type TtrDefaults } from '../../domain/account.ts'
import { byNumber, configured, withRoot } from '../../domain/configuration.ts'
import type { SkillWrite } from '../../store/store.ts'
import { announceConfiguration } from '../admin/announce-configuration.ts'
import { flag, integer, listOf, optional, refuseField, required, text } from '../admin/fields.ts'
import { anyText, type Body, dateText, id, idOut, idsOut, known, whole } from './members.ts'
import { type Change, type ConfigurationParts, placeOf, type Resource } from './resource.ts'

const DEFAULT_MAX_WAIT_SECONDS = 120
const seconds = integer(0, 315_360_000)
const responseTime = integer(1, 31_536_000)
const routed = whole({
  agentGroupId: required(id),
  priority: optional(integer(0, 1_000_000)),
  splitPercentage: optional(integer(0, 100)),
})

/** Kept and given back; nothing here acts on them. */
const keptShape = {
  description: optional(anyText),
  skillOrder: optional(integer(-1_000_000, 1_000_000)),
  maxWaitTime: optional(seconds),
  workingHoursId: optional(id),
  specialOccasionId: optional(id),
  wrapUpTime: optional(seconds),
  lobIds: optional(listOf(id)),
  redistributeLoadToConnectedAgentGroups: optional(flag),
  defaultPostChatSurveyId: optional(anyText),
  defaultOfflineSurveyId: optional(anyText),
  defaultAgentSurveyId: optional(anyText),
}

const shape = {
  ...keptShape,
  name: required(text()),
  skillRoutingConfiguration: optional(listOf(routed)),
  slaDefaultResponseTime: optional(responseTime),
  slaUrgentResponseTime: optional(responseTime),
  slaFirstTimeResponseTime: optional(responseTime),
  canTransfer: optional(flag),
  skillTransferList: optional(listOf(id)),
  transferToAgentMaxWaitInSeconds: optional(seconds),
  fallbackSkill: optional(id),
  fallbackWhenAllAgentsAreAway: optional(flag),
  autoCloseInSeconds: optional(seconds),
  postConversationSurveyAppInstallAssociationId: optional(anyText),
  agentSurveyForMsgId: optional(id),
  agentSurveyForMsgTimeoutInMinutes: optional(integer(0, 1_000_000)),
}

const readSkill = whole(shape, ['deleted', 'dateUpdated', 'pid'])
type SkillBody = ReturnType<typeof readSkill>

const ttrOf = (skill: SkillBody, before: Skill | undefined): Partial<TtrDefaults> => {
  const { custom } = before?.ttr ?? {}
  return {
    // Not part of this interface, and so not its to clear.
    ...(custom !== undefined && { custom }),
    ...(skill.slaDefaultResponseTime !== undefined && { normal: skill.slaDefaultResponseTime }),
    ...(skill.slaUrgentResponseTime !== undefined && { urgent: skill.slaUrgentResponseTime }),
    ...(skill.slaFirstTimeResponseTime !== undefined && {
      prioritized: skill.slaFirstTimeResponseTime,
    }),
  }
}

/** Rules that this interface does not know, and so does not clear. */
const foreignRules = (before: Skill | undefined): Pick<Skill['rules'], 'botAnswerSeconds'> => {
  const {
    groups: _groups,
    canTransfer: _canTransfer,
    transferTo: _transferTo,
    transferToAgentMaxWaitSeconds: _maxWait,
    fallbackSkillId: _fallback,
    fallbackWhenAllAway: _whenAllAway,
    autoCloseSeconds: _autoClose,
    surveyAppId: _survey,
    agentSurveyId: _agentSurvey,
    agentSurveyTimeoutMinutes: _timeout,
    ...foreign
  } = before?.rules ?? defaultSkillRules
  return foreign
}

const rulesOf = (skill: SkillBody, before: Skill | undefined): Skill['rules'] => {
  const optionalRules = known({
    transferTo: skill.skillTransferList,
    transferToAgentMaxWaitSeconds: skill.transferToAgentMaxWaitInSeconds,
    fallbackSkillId: skill.fallbackSkill,
    autoCloseSeconds: skill.autoCloseInSeconds,
    surveyAppId: skill.postConversationSurveyAppInstallAssociationId,
    agentSurveyId: skill.agentSurveyForMsgId,
    agentSurveyTimeoutMinutes: skill.agentSurveyForMsgTimeoutInMinutes,
  })
  return {
    ...foreignRules(before),
    ...optionalRules,
    groups: (skill.skillRoutingConfiguration ?? []).map((one) => ({
      groupId: one.agentGroupId,
      priority: one.priority ?? 1,
      ...(one.splitPercentage !== undefined && { splitPercentage: one.splitPercentage }),
    })),
    canTransfer: skill.canTransfer ?? defaultSkillRules.canTransfer,
    fallbackWhenAllAway:
      skill.fallbackWhenAllAgentsAreAway ?? defaultSkillRules.fallbackWhenAllAway,
  }
}

const skillOf = (
  skill: SkillBody,
  { before, now }: { before: Skill | undefined; now: number },
): Omit<SkillWrite, 'mode' | 'id'> => {
  const kept = Object.entries(skill).filter(([name]) => Object.hasOwn(keptShape, name))
  const foreign = Object.entries(before?.details ?? {}).filter(
    ([name]) => !Object.hasOwn(keptShape, name),
  )
  return {
    name: skill.name,
    ttr: ttrOf(skill, before),
    rules: rulesOf(skill, before),
    details: { ...Object.fromEntries([...foreign, ...kept]), dateUpdated: dateText(now) },
  }
}

const idMembers = ['workingHoursId', 'specialOccasionId'] as const

export const skillOut = ({ id: own, name, ttr, rules, details }: Skill): Body => {
  const kept = Object.fromEntries(
    Object.entries(details).filter(([member]) => Object.hasOwn(keptShape, member)),
  )
  const numbers = idMembers.flatMap((member) =>
    kept[member] === undefined ? [] : [[member, idOut(kept[member] as string)] as const],
  )
  const { transferTo, fallbackSkillId, agentSurveyId } = rules
  return known({
    id: idOut(own),
    name,
    deleted: false,
    maxWaitTime: DEFAULT_MAX_WAIT_SECONDS,
    ...kept,
    ...Object.fromEntries(numbers),
    lobIds: idsOut((kept['lobIds'] as readonly string[] | undefined) ?? []),
    skillRoutingConfiguration: rules.groups.map(({ groupId, ...rest }) => ({
      agentGroupId: idOut(groupId),
      ...rest,
    })),
    slaDefaultResponseTime: ttr.normal,
    slaUrgentResponseTime: ttr.urgent,
    slaFirstTimeResponseTime: ttr.prioritized,
    canTransfer: rules.canTransfer,
    skillTransferList: transferTo && idsOut(transferTo),
    transferToAgentMaxWaitInSeconds: rules.transferToAgentMaxWaitSeconds,
    fallbackSkill: fallbackSkillId === undefined ? undefined : idOut(fallbackSkillId),
    fallbackWhenAllAgentsAreAway: rules.fallbackWhenAllAway,
    autoCloseInSeconds: rules.autoCloseSeconds,
    postConversationSurveyAppInstallAssociationId: rules.surveyAppId,
    agentSurveyForMsgId: agentSurveyId === undefined ? undefined : idOut(agentSurveyId),
    agentSurveyForMsgTimeoutInMinutes: rules.agentSurveyTimeoutMinutes,
    dateUpdated: details['dateUpdated'],
  })
}

interface GivenSkill {
  readonly id?: string
  readonly skill: SkillBody
}

const SKILL_ID = /^[1-9]\d{0,17}$/

const readOne = (value: unknown, at: string): GivenSkill => {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  const { id: own, ...rest } = isObject ? (value as Body) : {}
  const skill = readSkill(isObject ? rest : value, at)
  if (own == null) return { skill }
  const place = at === '' ? 'id' : `${at}.id`
  const read = id(own, place)
  return SKILL_ID.test(read) ? { skill, id: read } : refuseField(place, 'must be a positive number')
}

/** Refuses references that lead nowhere; skills of the same request count. */
const checkReferences = (
  { skill, id: own }: GivenSkill,
  { skills, groups }: { skills: ReadonlySet<string>; groups: ReadonlySet<string> },
  at: string,
): void => {
  const refuse = (member: string, problem: string) =>
    refuseField(at === '' ? member : `${at}.${member}`, problem)
  const target = skill.skillTransferList?.find((one) => !skills.has(one))
  if (target !== undefined) refuse('skillTransferList', `names ${target}, which does not exist`)
  const { fallbackSkill } = skill
  if (fallbackSkill !== undefined && fallbackSkill === own)
    refuse('fallbackSkill', 'must be another skill')
  if (fallbackSkill !== undefined && !skills.has(fallbackSkill))
    refuse('fallbackSkill', `names ${fallbackSkill}, which does not exist`)
  const group = skill.skillRoutingConfiguration?.find((one) => !groups.has(one.agentGroupId))
  if (group)
    refuse('skillRoutingConfiguration', `names group ${group.agentGroupId}, which does not exist`)
}

const save = async (
  parts: ConfigurationParts,
  { accountId, ...change }: Change,
  bodies: readonly unknown[],
  mode: SkillWrite['mode'],
) => {
  const { store, clock } = parts
  const skills = await store.read('skills', accountId)
  const items = await store.read('configurationItems', { accountId, kind: 'groups' })
  const given = bodies.map((value, index) => readOne(value, placeOf(bodies, index)))
  const ids = given.flatMap((one) => one.id ?? [])
  const repeated = ids.find((one, index) => ids.indexOf(one) !== index)
  if (repeated !== undefined) throw new Refusal('bad_request', `id: ${repeated} stands twice`)
  const known = {
    skills: new Set([...skills.map((skill) => skill.id), ...ids]),
    groups: new Set(withRoot(configured('groups', items)).map((group) => group.id)),
  }
  const at = clock.now()
  const writes = given.map((one, index): SkillWrite => {
    checkReferences(one, known, placeOf(bodies, index))
    const before = skills.find((skill) => skill.id === one.id)
    return { ...skillOf(one.skill, { before, now: at }), mode, ...(one.id && { id: one.id }) }
  })
  const saved = await store.write('saveSkills', { accountId, writes, at, ...change })
  announceConfiguration(parts, accountId, 'skills')
  return { revision: saved.revision, items: saved.skills.map(skillOut) }
}

export const skillResource = (parts: ConfigurationParts): Resource => {
  const { store, clock } = parts
  return {
    collection: 'skills',
    paths: ['/le-users/skills'],
    async list(accountId: AccountId, includeDeleted: boolean) {
      const skills = await store.read('skills', accountId)
      const present = skills.map((skill) => ({ id: skill.id, body: skillOut(skill) }))
      const data = { accountId, kind: 'skills', includeDeleted } as const
      const deleted = includeDeleted ? await store.read('configurationItems', data) : []
      const marks = deleted.map(({ id: own, body }) => ({
        id: own,
        body: { id: idOut(own), ...body, deleted: true },
      }))
      return [...present, ...marks].toSorted(byNumber).map(({ body }) => body)
    },
    async one(accountId, own) {
      const skill = await store.read('skill', { accountId, id: own })
      return skill && skillOut(skill)
    },
    create: (change, bodies) => save(parts, change, bodies, 'create'),
    replace: (change, bodies) => save(parts, change, bodies, 'replace'),
    async remove({ accountId, ...change }, ids) {
      const data = { accountId, ids, at: clock.now(), ...change }
      const { revision } = await store.write('deleteSkills', data)
      announceConfiguration(parts, accountId, 'skills', 'users')
      return { revision, items: ids.map((own) => ({ id: idOut(own), deleted: true })) }
    },
  }
}
