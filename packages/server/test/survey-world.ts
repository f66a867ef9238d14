/** What the tests of surveys begin with: an account that has one, and a consumer who can answer. */
import type { AccountSettings } from '../src/domain/account.ts'
import type { TestServer } from '../src/testing/index.ts'
import type { Frame } from '../src/testing/socket-client.ts'
import { CONVERSATIONS } from './bots/duty.ts'
import { claimsOf } from './identity-world.ts'

type Body = Frame['body']

export const APP = 'survey-app'
const declaring = (...features: string[]) => ({
  'Client-Properties': JSON.stringify({ type: '.ClientProperties', features }),
})

export const accountWithSurveys = async (
  server: TestServer,
  settings: Partial<AccountSettings> = {},
): Promise<string> => (await server.account({ surveyAppId: APP, ...settings })).id

/** A consumer whose window shows surveys, with a conversation. */
export const consumerWith = async (
  server: TestServer,
  account: string,
  features = ['MULTI_DIALOG', 'QUICK_REPLIES'],
) => {
  const token = await server.signup(account)
  const socket = await server.consumer(account, { token, headers: declaring(...features) })
  const { body } = await socket.request('cm.ConsumerRequestConversation', {})
  await socket.request('cqm.SubscribeExConversations', { stage: ['OPEN'] })
  await socket.next(CONVERSATIONS)
  return {
    id: String(claimsOf(token)['sub']),
    socket,
    conversationId: body.conversationId as string,
    [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose](),
  }
}

export const closeDialog = (dialogId: string, more: object = {}) => ({
  field: 'DialogChange',
  type: 'UPDATE',
  dialog: { dialogId, state: 'CLOSE', ...more },
})

export const isSurveying = ({ conversationDetails }: Body): boolean =>
  conversationDetails.dialogs.length > 1

export const surveyOf = ({ conversationDetails }: Body): Body =>
  conversationDetails.dialogs.find(({ dialogType }: Body) => dialogType === 'POST_SURVEY')
