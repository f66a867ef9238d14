/** The surveys that agents answer: skills name them by id. [HIS15] */
import type { AccountId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import { type AgentSurvey, checkSurvey } from '../../domain/agent-survey.ts'
import { configured } from '../../domain/configuration.ts'
import { knownAccount } from './accounts.ts'
import type { AdministrationParts } from './administration-parts.ts'
import {
  fields,
  flag,
  integer,
  listOf,
  oneOf,
  optional,
  type Reader,
  required,
  text,
} from './fields.ts'

const MONTH_MINUTES = 43_200
const MAX_TEXT_BYTES = 4096

const id = text({ max: 64 })
const noneOr =
  <T>(read: Reader<T>): Reader<T | null> =>
  (value, at) =>
    value === null ? null : read(value, at)

const reply = fields({ id: required(id), text: required(text()), next: optional(id) })

const question = fields({
  id: required(id),
  text: required(text({ max: MAX_TEXT_BYTES })),
  category: required(
    oneOf(['free_text', 'radio_button', 'checkbox', 'dropdown', 'number', 'date']),
  ),
  required: optional(flag),
  next: optional(noneOr(id)),
  maxCharacters: optional(integer(1, 100_000)),
  definition: optional(text({ max: MAX_TEXT_BYTES })),
  replies: optional(listOf(reply)),
})

const newSurvey = fields({
  name: required(text()),
  questions: required(listOf(question)),
  timeoutMinutes: optional(integer(1, MONTH_MINUTES)),
})

const surveyIn = (body: unknown): Omit<AgentSurvey, 'id'> => {
  const { questions, ...rest } = newSurvey(body, '')
  const survey = {
    ...rest,
    questions: questions.map(({ required: isRequired = false, replies = [], ...one }) => ({
      ...one,
      required: isRequired,
      replies,
    })),
  }
  checkSurvey(survey)
  return survey
}

const KIND = 'agent-surveys'

export const agentSurveyAdministration = (parts: AdministrationParts) => {
  const { store, clock } = parts
  const save = async (accountId: AccountId, body: unknown, existing?: string) => {
    const survey = surveyIn(body)
    await knownAccount(parts, accountId)
    const { items } = await store.write('saveConfigurationItems', {
      accountId,
      kind: KIND,
      writes: [
        existing === undefined
          ? { mode: 'create', body: { ...survey } }
          : { mode: 'replace', id: existing, body: { ...survey } },
      ],
      at: clock.now(),
    })
    const [saved] = configured(KIND, items)
    return saved as AgentSurvey
  }
  return {
    createAgentSurvey: (accountId: AccountId, body: unknown): Promise<AgentSurvey> =>
      save(accountId, body),
    changeAgentSurvey: (
      accountId: AccountId,
      survey: string,
      body: unknown,
    ): Promise<AgentSurvey> => save(accountId, body, survey),
    async listAgentSurveys(accountId: AccountId): Promise<readonly AgentSurvey[]> {
      await knownAccount(parts, accountId)
      return configured(KIND, await store.read('configurationItems', { accountId, kind: KIND }))
    },
    async showAgentSurvey(accountId: AccountId, survey: string): Promise<AgentSurvey> {
      const item = await store.read('configurationItem', { accountId, kind: KIND, id: survey })
      const [found] = item ? configured(KIND, [item]) : []
      if (!found) throw new Refusal('item_not_found')
      return found
    },
    async deleteAgentSurvey(accountId: AccountId, survey: string): Promise<void> {
      const at = clock.now()
      await store.write('deleteConfigurationItems', { accountId, kind: KIND, ids: [survey], at })
    },
  }
}
