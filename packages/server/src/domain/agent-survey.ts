/**
 * What agents are asked about a conversation. Questions stand in one list; each says which one comes
 * next, and a reply to a choice may lead elsewhere. A sequence is what can be shown at once: from one
 * question to the first whose replies decide how it goes on. [HIS15]
 */
import { Refusal } from '@ringdown/protocol/errors'

export type QuestionCategory =
  | 'free_text'
  | 'radio_button'
  | 'checkbox'
  | 'dropdown'
  | 'number'
  | 'date'

export type SurveyStatus = 'open' | 'submitted' | 'dismissed'

/** The revision of a survey that nobody has touched. */
export const UNTOUCHED_REVISION = 1

export interface SurveyReply {
  readonly id: string
  readonly text: string
  /** The question that follows this reply; absent: the question's own next. */
  readonly next?: string
}

export interface SurveyQuestion {
  readonly id: string
  readonly text: string
  readonly category: QuestionCategory
  readonly required: boolean
  /** The question that follows; absent: the one below in the list; null: none. */
  readonly next?: string | null
  /** Characters of a free text. */
  readonly maxCharacters?: number
  readonly definition?: string
  /** Choices have two or more, other questions none. */
  readonly replies: readonly SurveyReply[]
}

export interface AgentSurvey {
  readonly id: string
  readonly name: string
  readonly questions: readonly SurveyQuestion[]
  /** Minutes for which it can be answered after the conversation; a skill's own value wins. */
  readonly timeoutMinutes?: number
}

export interface SurveyAnswer {
  readonly questionId: string
  readonly replyIds?: readonly string[]
  readonly text?: string | number
  readonly attribute?: unknown
}

export const isChoice = ({ category }: SurveyQuestion): boolean =>
  category === 'radio_button' || category === 'checkbox' || category === 'dropdown'

/** Whether the answer decides what comes next. */
export const containsLogic = ({ replies }: SurveyQuestion): boolean =>
  replies.some(({ next }) => next !== undefined)

export const findQuestion = (survey: AgentSurvey, id: string): SurveyQuestion | undefined =>
  survey.questions.find((question) => question.id === id)

export const nextInOrder = (
  survey: AgentSurvey,
  { id }: SurveyQuestion,
): SurveyQuestion | undefined =>
  survey.questions[survey.questions.findIndex((question) => question.id === id) + 1]

const following = (
  survey: AgentSurvey,
  question: SurveyQuestion,
  replyIds: readonly string[] = [],
): SurveyQuestion | undefined => {
  const chosen = question.replies.find(
    ({ id, next }) => replyIds.includes(id) && next !== undefined,
  )
  const next = chosen?.next ?? question.next
  if (next === null) return undefined
  return next === undefined ? nextInOrder(survey, question) : findQuestion(survey, next)
}

/** The questions from this one to the first whose replies decide. A circle ends where it began. */
export const sequenceFrom = (
  survey: AgentSurvey,
  first: SurveyQuestion | undefined,
): readonly SurveyQuestion[] => {
  const sequence: SurveyQuestion[] = []
  let question = first
  while (question && !sequence.includes(question)) {
    sequence.push(question)
    if (containsLogic(question)) break
    question = following(survey, question)
  }
  return sequence
}

/** Every question that these answers lead to, from the first on. */
export const pathOf = (
  survey: AgentSurvey,
  answers: readonly SurveyAnswer[],
): readonly SurveyQuestion[] => {
  const path: SurveyQuestion[] = []
  let question = survey.questions[0]
  while (question && !path.includes(question)) {
    path.push(question)
    const answer = answers.find(({ questionId }) => questionId === question?.id)
    if (containsLogic(question) && !answer) break
    question = following(survey, question, answer?.replyIds)
  }
  return path
}

const refuse = (id: string, problem: string): never => {
  throw new Refusal('bad_request', `question ${id.slice(0, 40)}: ${problem}`)
}

const checkChoice = (question: SurveyQuestion, { replyIds = [] }: SurveyAnswer): void => {
  const known = new Set(question.replies.map(({ id }) => id))
  if (replyIds.some((id) => !known.has(id))) refuse(question.id, 'has no such reply')
  if (question.category !== 'checkbox' && replyIds.length > 1)
    refuse(question.id, 'takes one reply')
}

const checkText = (question: SurveyQuestion, { text, replyIds }: SurveyAnswer): void => {
  if (replyIds !== undefined && replyIds.length > 0) refuse(question.id, 'takes no replyIds')
  if (question.category === 'number' && text !== undefined && text !== '')
    if (!Number.isFinite(Number(text))) refuse(question.id, 'takes a number')
  const { maxCharacters } = question
  if (maxCharacters !== undefined && [...String(text ?? '')].length > maxCharacters)
    refuse(question.id, `takes at most ${maxCharacters} characters`)
}

/** Refuses answers that do not fit their questions. */
export const checkAnswers = (survey: AgentSurvey, answers: readonly SurveyAnswer[]): void => {
  const seen = new Set<string>()
  for (const answer of answers) {
    const question =
      findQuestion(survey, answer.questionId) ?? refuse(answer.questionId, 'is not of this survey')
    if (seen.has(question.id)) refuse(question.id, 'is answered twice')
    seen.add(question.id)
    if (isChoice(question)) checkChoice(question, answer)
    else checkText(question, answer)
  }
}

const isAnswered = (answer: SurveyAnswer | undefined): boolean =>
  answer !== undefined &&
  ((answer.replyIds?.length ?? 0) > 0 || (answer.text !== undefined && answer.text !== ''))

/** Refuses to submit while a required question that the answers lead to has none. */
export const checkComplete = (survey: AgentSurvey, answers: readonly SurveyAnswer[]): void => {
  for (const question of pathOf(survey, answers)) {
    const answer = answers.find(({ questionId }) => questionId === question.id)
    if (question.required && !isAnswered(answer)) refuse(question.id, 'must be answered')
  }
}

/** Refuses a survey that could not be shown: the first question is where it begins. */
export const checkSurvey = ({ questions }: Omit<AgentSurvey, 'id'>): void => {
  const ids = new Set(questions.map(({ id }) => id))
  if (questions.length === 0) throw new Refusal('bad_request', 'questions must not be empty')
  if (ids.size !== questions.length)
    throw new Refusal('bad_request', 'questions must have ids of their own')
  for (const question of questions) {
    const { id, next, replies } = question
    const replyIds = new Set(replies.map((reply) => reply.id))
    if (isChoice(question) && replies.length < 2) refuse(id, 'must have two replies or more')
    if (!isChoice(question) && replies.length > 0) refuse(id, 'must have no replies')
    if (replyIds.size !== replies.length) refuse(id, 'must have replies with ids of their own')
    for (const target of [next, ...replies.map((reply) => reply.next)])
      if (target !== undefined && target !== null && !ids.has(target))
        refuse(id, `leads to ${target}, which is no question`)
  }
}
