/**
 * Leads the survey after a conversation: joins the survey's dialog, asks with quick replies, takes a
 * tapped answer, asks again after a typed one, thanks, and closes the dialog. It takes no rings.
 */
import type { Body, SdkAgent } from './agent-sdk.ts'
import type { Report } from './runner.ts'

export const SURVEY_APP = 'survey-of-the-brand'

const reply = (title: string, id: string) => ({
  type: 'button',
  title,
  click: {
    actions: [{ type: 'publishText', text: title }],
    metadata: [{ type: 'Answer', questionId: 'q1', id, provider: 'ringdown' }],
  },
})

const question = {
  type: 'ContentEvent',
  contentType: 'text/plain',
  message: 'Were we of help?',
  quickReplies: {
    type: 'quickReplies',
    itemsPerRow: 2,
    replies: [reply('Yes', 'a1'), reply('No', 'a2')],
  },
}
const asked = [{ type: 'Question', id: 'q1', surveyId: 's1', provider: 'ringdown' }]

interface Survey {
  readonly conversationId: string
  readonly consumerId: string
  isOver: boolean
}

export const surveyBot = (agent: SdkAgent, report: Report): void => {
  const surveys = new Map<string, Survey>()

  const say = (dialogId: string, event: object, metadata: object[] = []) =>
    agent.publishEvent({ dialogId, event }, {}, metadata, (error: Body) => {
      if (error) report('refused', { error })
    })
  const text = (message: string) => ({ type: 'ContentEvent', contentType: 'text/plain', message })

  const update = (
    conversationId: string,
    dialog: object,
    { metadata = [], done }: { metadata?: object[]; done: (error: Body, body: Body) => void },
  ) =>
    agent.updateConversationField(
      {
        conversationId,
        conversationField: [{ field: 'DialogChange', type: 'UPDATE', dialog }],
      },
      {},
      metadata,
      done,
    )

  const ask = (dialogId: string) => say(dialogId, question, asked)

  const begin = (dialogId: string, { conversationId, consumerId }: Survey) => {
    agent.getUserProfile(consumerId, (_: Body, profile: Body) => {
      // A refusal has no filter, and this ends the process.
      report('profile', { kinds: profile.filter(({ type }: Body) => type).length })
      agent.subscribeMessagingEvents({ dialogId })
      const join = { field: 'ParticipantsChange', type: 'ADD', role: 'AGENT', dialogId }
      agent.updateConversationField(
        { conversationId, conversationField: [join] },
        (error: Body, body: Body) => {
          report('joined', { dialogId, error, body })
          const metadata = [{ type: 'Survey', id: 's1', provider: 'ringdown' }]
          const done = (problem: Body, answer: Body) => {
            report('attached', { error: problem, body: answer })
            say(dialogId, text('One question, if you like.'))
            ask(dialogId)
          }
          update(conversationId, { dialogId }, { metadata, done })
        },
      )
    })
  }

  const finish = (dialogId: string, { conversationId }: Survey) => {
    say(dialogId, text('Thank you.'))
    update(
      conversationId,
      { dialogId, state: 'CLOSE', closedBy: 'AGENT', closedCause: 'Completed' },
      { done: (error, body) => report('finished', { error, body }) },
    )
  }

  agent.on('connected', () => {
    agent.setAgentState({ availability: 'ONLINE' })
    agent.subscribeExConversations({ stage: ['OPEN'] })
  })

  agent.on('cqm.ExConversationChangeNotification', ({ changes }: Body) => {
    for (const { type, result } of changes) {
      const { dialogs, participants } = result.conversationDetails
      report('conversation', { type, id: result.convId })
      const survey = dialogs.find(({ dialogType }: Body) => dialogType === 'POST_SURVEY')
      // Reading the app's id without a look is what such bots do.
      if (!survey || survey.metaData.appInstallId !== SURVEY_APP) continue
      if (type === 'DELETE' || survey.state !== 'OPEN' || surveys.has(survey.dialogId)) continue
      const consumerId = participants.find(({ role }: Body) => role === 'CONSUMER').id
      const one: Survey = { conversationId: result.convId, consumerId, isOver: false }
      surveys.set(survey.dialogId, one)
      begin(survey.dialogId, one)
    }
  })

  const hear = (dialogId: string, survey: Survey, change: Body) => {
    const { event, originatorId, metadata, sequence, conversationId } = change
    report('heard', { dialogId, type: event.type, status: event.status, metadata, conversationId })
    if (originatorId === agent.agentId || survey.isOver) return
    const isAnswer = (metadata ?? []).some(({ type }: Body) => type === 'Answer')
    if (event.type !== 'ContentEvent') return
    say(dialogId, { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [sequence] })
    if (isAnswer) {
      survey.isOver = true
      finish(dialogId, survey)
      return
    }
    say(dialogId, text('Please tap an answer.'))
    const enrich = { type: 'AcceptStatusEvent', status: 'ENRICH', sequenceList: [sequence] }
    say(dialogId, enrich, [{ type: 'InvalidAnswer', questionId: 'q1' }])
    ask(dialogId)
  }

  agent.on('ms.MessagingEventNotification', ({ dialogId, changes }: Body) => {
    const survey = surveys.get(dialogId)
    for (const change of changes) {
      if (survey) hear(dialogId, survey, change)
      else report('stranger', { dialogId })
    }
  })
}
