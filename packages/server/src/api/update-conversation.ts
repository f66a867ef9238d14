import { NO_SKILL, Refusal } from '@ringdown/protocol'
import { agentReference, agentResolver } from '../dialects/agent-references.ts'
import { decodeChanges, namedAgents, namedSkills } from '../dialects/decode-changes.ts'
import { textOf } from '../dialects/decoded.ts'
import type { Agent, Skill } from '../domain/account.ts'
import type { ConversationChange } from '../domain/change.ts'
import { maySee } from '../domain/permissions.ts'
import { ttrSeconds } from '../domain/ttr.ts'
import { announceChange } from './announce.ts'
import { orRefuse } from './decoding.ts'
import type { Call, Handler } from './handler.ts'
import { withTransferFacts } from './transfer-facts.ts'

type Update = Call<'updateConversationField'>

const agentsNamed = async ({ body, session, services }: Update): Promise<Agent[]> => {
  const { accountId } = session
  const found = namedAgents(body).map((value) => {
    const reference = agentReference(value, session.actor)
    if (reference.kind === 'self') return undefined
    const key = reference.kind === 'user' ? { userId: reference.userId } : { id: reference.id }
    return services.store.read('agent', { accountId, ...key })
  })
  return (await Promise.all(found)).filter((agent) => agent !== undefined)
}

const skillsNamed = async ({ body, session, services }: Update): Promise<Skill[]> => {
  const found = namedSkills(body).map((id) =>
    services.store.read('skill', { accountId: session.accountId, id }),
  )
  return (await Promise.all(found)).filter((skill) => skill !== undefined)
}

const decode = async (call: Update) => {
  const { body, metadata, session, services } = call
  const [agents, skills, account] = await Promise.all([
    agentsNamed(call),
    skillsNamed(call),
    services.accounts.get(session.accountId),
  ])
  if (!account) throw new Refusal('account_not_found')
  const { settings } = account
  const decoded = orRefuse(
    decodeChanges(body, {
      actor: session.actor,
      limits: services.config.limits,
      metadata,
      resolveAgent: agentResolver(agents),
      newDialogId: () => Buffer.from(services.ids.secret(16), 'hex').toString('base64url'),
      ttrSeconds: (type) => settings.ttr[type],
      ttrAtSkill: (skillId) => {
        const skill = skills.find(({ id }) => id === skillId)
        if (!skill && skillId !== NO_SKILL) return undefined
        return { type: 'normal', seconds: ttrSeconds(settings, skill).normal }
      },
    }),
  )
  return { ...decoded, agents, skills, settings }
}

/** Texts of success, the first that fits. Real clients compare some of them. [CV7] */
const texts: readonly (readonly [ConversationChange['kind'], string])[] = [
  ['remove_participant', 'OK Agent removed successfully'],
  ['add_participant', 'OK Agent added successfully'],
  ['close_conversation', 'OK Conversation resolved successfully'],
  ['set_ttr', 'OK TTR updated successfully'],
  ['rate', 'OK CSAT updated successfully'],
]

const textFor = (changes: readonly ConversationChange[], conversationId: string): string => {
  const fits = texts.find(([kind]) => changes.some((change) => change.kind === kind))
  if (fits) return fits[1]
  const closed = changes.find((change) => change.kind === 'close_dialog')
  if (!closed) return 'OK Conversation updated successfully'
  return closed.dialogId === conversationId
    ? 'OK Conversation resolved successfully'
    : 'OK Dialog closed successfully'
}

/** Changes a conversation: all of the request's changes or none. [CV3] */
export const updateConversationField: Handler<'updateConversationField'> = async (call) => {
  const { body, session, services } = call
  const { accountId, actor } = session
  const id = textOf(body.conversationId) ?? ''
  const known = await services.hubs.cache.ofConversation(accountId, id)
  // A bot may join what it does not take part in: whether it may is decided with the change.
  const isHidden = actor.kind === 'consumer' && known && !maySee(actor, known)
  if (!known || isHidden) throw new Refusal('conversation_not_found')
  const decoded = await decode(call)
  const facts = await withTransferFacts(services, { ...decoded, conversation: known })
  const changed = await services.store.write('changeConversation', {
    accountId,
    conversationId: known.id,
    taskId: services.ids.uuid(),
    request: { actor, ...facts, at: services.clock.now() },
  })
  services.hubs.cache.put(changed.after)
  return {
    body: textFor(facts.changes, known.id),
    after: () => announceChange(services, changed),
  }
}
