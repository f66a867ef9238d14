/** What agents are told of conversations that are not their business. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestServer } from '../src/testing/index.ts'
import type { Frame } from '../src/testing/socket-client.ts'
import { change, closing, hire, openConversation, participant, refusal, say } from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'

let server: TestServer

beforeAll(async () => {
  ;({ server } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

it('[PRM12] outsiders are told the same of open and closed conversations', async () => {
  await using stack = new AsyncDisposableStack()
  const { id: account } = await server.account()
  const eve = await hire(server, account)
  const max = await hire(server, account, { roles: ['manager'] })
  const outsider = stack.use(await server.agentSocket(account, eve.bearer))
  const chief = stack.use(await server.agentSocket(account, max.bearer))
  const open = stack.use(await openConversation(server, account))
  const closed = stack.use(await openConversation(server, account))
  expect(await change(chief, closed.id, closing)).toMatchObject({ code: 200 })
  const attempts: readonly ((id: string) => Promise<Frame>)[] = [
    (id) => outsider.request('.ams.ms.QueryMessages', { dialogId: id }),
    (id) => outsider.request('.ams.ms.SubscribeMessagingEvents', { dialogId: id, fromSeq: 0 }),
    (id) => say(outsider, id, 'x'),
    (id) =>
      outsider.request('.ams.ms.PublishEvent', {
        dialogId: id,
        event: { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] },
      }),
    (id) =>
      outsider.request('.ams.ms.PublishEvent', {
        dialogId: id,
        event: { type: 'ChatStateEvent', chatState: 'COMPOSING' },
      }),
    (id) => change(outsider, id, closing),
    (id) => change(outsider, id, { field: 'Note', note: 'x' }),
    (id) => change(outsider, id, { field: 'Skill', type: 'UPDATE', skill: -1 }),
    (id) => change(outsider, id, participant('ADD', 'MANAGER')),
    (id) => change(outsider, id, participant('REMOVE', 'ASSIGNED_AGENT')),
    (id) =>
      change(outsider, id, {
        field: 'DialogChange',
        type: 'UPDATE',
        dialog: { dialogId: id, state: 'CLOSE' },
      }),
  ]
  for (const attempt of attempts) {
    const [one, other] = [await attempt(open.id), await attempt(closed.id)]
    expect([one.code, one.body]).toEqual([other.code, other.body])
    expect([403, 404]).toContain(one.code)
  }
  // Who may see it is told what is the matter.
  expect(await say(chief, closed.id, 'x')).toMatchObject(refusal(400, 'Dialog is closed'))
})
