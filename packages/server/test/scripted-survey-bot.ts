/**
 * A bot that leads surveys, as its program speaks on the wire: it waits for surveys of its
 * application, joins each, asks one question, and ends it when the answer is good.
 */
import type { AccountId } from '@ringdown/protocol'
import type { SocketClient, TestAgent, TestServer } from '../src/testing/index.ts'
import type { Frame } from '../src/testing/socket-client.ts'
import { change, followConversations, setState } from './bots/duty.ts'

type Body = Frame['body']

export const QUESTION = 'How did we do?'
export const THANKS = 'Thank you'
export const RETRY = 'Please choose an answer'

const button = (title: string, answer: string) => ({
  type: 'button',
  title,
  click: {
    actions: [{ type: 'publishText', text: title }],
    metadata: [{ type: 'ExternalId', id: answer }],
  },
})

const quickReplies = {
  type: 'quickReplies',
  itemsPerRow: 2,
  replies: [button('Well', 'good'), button('Badly', 'bad')],
}

const surveyIn = ({ conversationDetails }: Body, appId: string): Body | undefined =>
  conversationDetails.dialogs.find(
    (dialog: Body) =>
      dialog.dialogType === 'POST_SURVEY' &&
      dialog.state === 'OPEN' &&
      dialog.metaData.appInstallId === appId,
  )

export class SurveyBot implements AsyncDisposable {
  /** Every answer to a request, to be looked at by the test. */
  readonly answers: Frame[] = []
  readonly socket: SocketClient
  readonly agent: TestAgent
  readonly #appId: string

  private constructor(socket: SocketClient, agent: TestAgent, appId: string) {
    this.socket = socket
    this.agent = agent
    this.#appId = appId
  }

  static async start(server: TestServer, account: AccountId, agent: TestAgent, appId: string) {
    const socket = await server.agentSocket(account, agent.bearer)
    const bot = new SurveyBot(socket, agent, appId)
    bot.answers.push(await setState(socket, 'ONLINE'))
    bot.answers.push(await followConversations(socket, { convState: undefined, stage: ['OPEN'] }))
    return bot
  }

  /** Waits for a survey, joins it and asks. */
  async lead(): Promise<{ conversationId: string; dialogId: string }> {
    const { convId, conversationDetails } = await this.#nextSurvey()
    const { dialogId } = surveyIn({ conversationDetails }, this.#appId)
    const [{ id: consumerId }] = conversationDetails.dialogs[0].participantsDetails
    await this.#ask('.ams.userprofile.GetUserProfile', consumerId)
    await this.#ask('.ams.ms.QueryMessages', { dialogId, newerThanSequence: 0 })
    const join = { field: 'ParticipantsChange', type: 'ADD', role: 'AGENT', dialogId }
    this.answers.push(await change(this.socket, convId, join))
    await this.#ask(
      '.ams.cm.UpdateConversationField',
      {
        conversationId: convId,
        conversationField: [{ field: 'DialogChange', type: 'UPDATE', dialog: { dialogId } }],
      },
      { metadata: [{ type: 'Survey', surveyId: 'survey-1' }] },
    )
    await this.#publish(dialogId, { message: 'Welcome' })
    await this.#publish(dialogId, { message: QUESTION, quickReplies }, [
      { type: 'Question', id: 'q-1' },
    ])
    return { conversationId: convId, dialogId }
  }

  /** Reads what the consumer says until it is an answer, and ends the survey. */
  async conclude(conversationId: string, dialogId: string): Promise<void> {
    for (;;) {
      const { body } = await this.socket.next(
        ({ type, body: { event, originatorId } }: Frame) =>
          type.endsWith('OnlineEventDistribution') &&
          event.type === 'ContentEvent' &&
          !originatorId.includes('.'),
      )
      await this.#receipt(dialogId, body.sequence, 'READ')
      if (body.metadata?.length > 0) break
      await this.#publish(dialogId, { message: RETRY })
      await this.#receipt(dialogId, body.sequence, 'ENRICH', [{ type: 'InvalidAnswer' }])
    }
    await this.#publish(dialogId, { message: THANKS })
    const end = { dialogId, state: 'CLOSE', closedBy: 'AGENT', closedCause: 'Completed' }
    const closing = { field: 'DialogChange', type: 'UPDATE', dialog: end }
    this.answers.push(await change(this.socket, conversationId, closing))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.socket[Symbol.asyncDispose]()
  }

  async #nextSurvey(): Promise<Body> {
    const isSurvey = ({ type, result }: Body): boolean =>
      type === 'UPSERT' && surveyIn(result, this.#appId) !== undefined
    const { body } = await this.socket.next(
      (frame) =>
        frame.type.endsWith('ExConversationChangeNotification') &&
        frame.body.changes.some(isSurvey),
    )
    return body.changes.find(isSurvey).result
  }

  async #ask(type: string, body: unknown, more: Record<string, unknown> = {}): Promise<void> {
    this.answers.push(await this.socket.request(type, body, more))
  }

  #publish(dialogId: string, content: object, metadata?: readonly object[]): Promise<void> {
    const event = { type: 'ContentEvent', contentType: 'text/plain', ...content }
    return this.#ask('.ams.ms.PublishEvent', { dialogId, event }, metadata ? { metadata } : {})
  }

  #receipt(
    dialogId: string,
    sequence: number,
    status: string,
    metadata?: readonly object[],
  ): Promise<void> {
    const event = { type: 'AcceptStatusEvent', status, sequenceList: [sequence] }
    return this.#ask('.ams.ms.PublishEvent', { dialogId, event }, metadata ? { metadata } : {})
  }
}
