/** Agent surveys as their clients read and write them. [HIS16] */
import { Refusal } from '@ringdown/protocol'
import {
  type AgentSurvey,
  containsLogic,
  nextInOrder,
  type SurveyAnswer,
  type SurveyQuestion,
  type SurveyStatus,
} from '../../domain/agent-survey.ts'

type WireObject = Readonly<Record<string, unknown>>

/** Where a survey of a conversation stands. */
export interface Standing {
  readonly status: SurveyStatus
  readonly revision: number
  readonly answers: readonly SurveyAnswer[]
  /** When somebody last did something with it; 0: nobody has. */
  readonly at: number
  /** When it closes by itself; -1 while the conversation is open. */
  readonly closesAt: number
}

/** Clients read it nested or flat, depending on what they had asked. */
export const contextOf = ({ status, revision, at, closesAt }: Standing): WireObject => {
  const context = {
    agentSurveyStatus: status,
    lastActionTimeInMillis: at,
    autoCloseTimestamp: closesAt,
    stateRevision: revision,
  }
  return { ...context, agentSurveyContext: context }
}

/** What is said where there is nothing to answer. */
export const nothingToAnswer: Standing = {
  status: 'dismissed',
  revision: 0,
  answers: [],
  at: 0,
  closesAt: -1,
}

const stateOf = (answer: SurveyAnswer | undefined): WireObject =>
  answer
    ? {
        questionStatus: 'answer',
        ...(answer.replyIds && { replyIds: answer.replyIds }),
        ...(answer.text !== undefined && { freeTextReply: answer.text }),
        ...(answer.attribute !== undefined && { engAttribute: answer.attribute }),
      }
    : { questionStatus: 'show' }

const questionWire = (
  survey: AgentSurvey,
  question: SurveyQuestion,
  answer: SurveyAnswer | undefined,
): WireObject => {
  const inOrder = nextInOrder(survey, question)?.id ?? null
  return {
    id: question.id,
    orderId: survey.questions.indexOf(question) + 1,
    text: question.text,
    next: question.next === undefined ? inOrder : question.next,
    nextInOrder: inOrder,
    required: question.required,
    category: question.category,
    questionDefinition: question.definition ?? null,
    maxCharacters: question.maxCharacters ?? null,
    replies: question.replies.map(({ id, text, next = null }) => ({ id, text, next })),
    containsLogic: containsLogic(question),
    questionState: stateOf(answer),
  }
}

interface Shown {
  readonly survey: AgentSurvey
  readonly questions: readonly SurveyQuestion[]
  readonly standing: Standing
  readonly timeoutMinutes: number
}

export const surveyWire = ({ survey, questions, standing, timeoutMinutes }: Shown): WireObject => ({
  id: survey.id,
  name: survey.name,
  root: questions[0]?.id ?? null,
  actualTimeoutInMinutes: timeoutMinutes,
  questions: questions.map((question) => {
    const answer = standing.answers.find(({ questionId }) => questionId === question.id)
    return questionWire(survey, question, answer)
  }),
  ...contextOf(standing),
})

const refuse = (problem: string): never => {
  throw new Refusal('bad_request', problem)
}

const idIn = (value: unknown, at: string): string => {
  const id = typeof value === 'number' ? String(value) : value
  return typeof id === 'string' && id !== '' && id.length <= 128
    ? id
    : refuse(`${at} must be an id`)
}

const replyIdsIn = (value: unknown, at: string): readonly string[] => {
  if (!Array.isArray(value)) return refuse(`${at} must be a list`)
  return value.map((id, index) => idIn(id, `${at}[${index}]`))
}

const replyIn = (value: unknown, at: string): string | number => {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  const isText = typeof value === 'string' && value.isWellFormed() && !value.includes('\0')
  return isText ? (value as string) : refuse(`${at} must be text or a number`)
}

const answerIn = (value: unknown, at: string): SurveyAnswer | undefined => {
  if (typeof value !== 'object' || value === null) return refuse(`${at} must be an object`)
  const { id, questionStatus, replyIds, freeTextReply, engAttribute } = value as WireObject
  const questionId = idIn(id, `${at}.id`)
  if (questionStatus !== 'show' && questionStatus !== 'answer')
    return refuse(`${at}.questionStatus must be show or answer`)
  if (questionStatus === 'show') return undefined
  return {
    questionId,
    ...(replyIds != null && { replyIds: replyIdsIn(replyIds, `${at}.replyIds`) }),
    ...(freeTextReply != null && { text: replyIn(freeTextReply, `${at}.freeTextReply`) }),
    ...(engAttribute != null && { attribute: engAttribute }),
  }
}

/** The answers in a body; questions that were only shown are left out. */
export const answersIn = (body: unknown): readonly SurveyAnswer[] => {
  let items: unknown
  try {
    items = JSON.parse(typeof body === 'string' ? body : '')
  } catch {
    return refuse('The body is not JSON')
  }
  if (!Array.isArray(items)) return refuse('The body must be a list of answers')
  return items.map((item, index) => answerIn(item, `[${index}]`)).filter((one) => one !== undefined)
}
