/**
 * The two Messaging Window tutorials, typed letter by letter into `ringdown shell` with the real
 * curl, jq and wscat. Only the line that starts the tutorials' container is another one.
 */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptRing, Tutorial } from './tutorial.ts'
import { CONNECT, CREATE, PUBLISH, SIGNUP, SUBSCRIBE, withId } from './typed.ts'

const DECODE = "echo $LP_JWT | sed -e 's/.*\\.\\(.*\\)\\..*/\\1/' | base64 --decode"

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const THIRTEEN_YEARS = 410_240_040

const answering = (reqId: string) => (frame: { reqId?: string }) => frame.reqId === reqId
const decoded = (segment: string | undefined) =>
  JSON.parse(Buffer.from(segment ?? '', 'base64url').toString()) as Record<string, unknown>

let tutorial: Tutorial
let token: string

beforeAll(async () => {
  tutorial = await Tutorial.begin()
  token = (await tutorial.run(`${SIGNUP}\necho $LP_JWT`)).trim()
})

afterAll(async () => {
  await tutorial?.[Symbol.asyncDispose]()
})

/** A conversation opened through wscat; the caller closes the shell. */
const opened = async () => {
  const shell = tutorial.open(CONNECT, ['--env', `LP_JWT=${token}`])
  shell.type(CREATE)
  const answer = await shell.shows(answering('1'))
  return { shell, answer, id: answer.body.conversationId as string }
}

describe('Getting Started', () => {
  it('G1 [IDP1] signup without a body is piped to jq', () => {
    expect(token.split('.')).toHaveLength(3)
  })

  it('G2 [IDP2] the token has the printed header and claims', () => {
    const [header, payload] = token.split('.')
    expect(decoded(header)).toEqual({ kid: '00001', typ: 'JWT', alg: 'RS256' })
    const claims = decoded(payload)
    expect(Object.keys(claims)).toEqual(['sub', 'aud', 'iss', 'exp', 'iat', 'jti'])
    expect(claims['aud']).toBe(`acc:${tutorial.ready.account}`)
    expect(claims['sub']).toMatch(UUID)
  })

  it('G3 [CON3] wscat connects with -k 60, nothing comes unasked, and reconnecting works', async () => {
    for (const _ of ['first', 'again']) {
      await using shell = tutorial.open(CONNECT, ['--env', `LP_JWT=${token}`])
      shell.type('{"kind":"req","id":"clock","type":"GetClock"}')
      await shell.shows(answering('clock'))
      expect(shell.frames).toEqual([])
    }
  })

  it('G4 [CV1] a conversation is created by the frame without a body', async () => {
    const { shell, answer, id } = await opened()
    await using _ = shell
    expect(answer).toMatchObject({
      kind: 'resp',
      reqId: '1',
      code: 200,
      type: 'cm.RequestConversationResponse',
    })
    expect(id).toMatch(UUID)
  })

  it('G5 G6 G7 [EV2] the agent accepts, reads the text, and closes', async () => {
    await using agent = await tutorial.agent()
    const { shell, id } = await opened()
    await using _ = shell
    await acceptRing(agent, id)
    shell.type(withId(PUBLISH, id))
    expect(await shell.shows(answering('2'))).toMatchObject({
      kind: 'resp',
      code: 200,
      type: 'ms.PublishEventResponse',
      body: { sequence: 0 },
    })
    const seen = await agent.next(
      ({ type, body }) => type === '.ams.ms.OnlineEventDistribution' && body.dialogId === id,
    )
    expect(seen.body.event).toEqual({
      type: 'ContentEvent',
      contentType: 'text/plain',
      message: 'hi there',
    })
    await agent.request('.ams.cm.UpdateConversationField', {
      conversationId: id,
      conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
    })
    const closed = await agent.next(
      ({ type, body }) =>
        type === '.ams.aam.ExConversationChangeNotification' &&
        body.changes.some(
          (change: { type: string; result: { convId: string } }) =>
            change.type === 'DELETE' && change.result.convId === id,
        ),
    )
    expect(closed.body.changes[0].result.conversationDetails.state).toBe('CLOSE')
    expect(shell.frames).toEqual([])
  })

  it('G6 [EV1] the text may be published before anybody accepts', async () => {
    const { shell, id } = await opened()
    await using _ = shell
    shell.type(withId(PUBLISH, id))
    expect(await shell.shows(answering('2'))).toMatchObject({ code: 200, body: { sequence: 0 } })
  })

  it('G8 [IDP2] the env file carries account and token to the next shell', async () => {
    const file = path.join(tutorial.folder, 'lp.env')
    const comment = '* Put here the JWT you have created in this tutorial'
    writeFileSync(file, `LP_ACCOUNT=${tutorial.ready.account}\n\n${comment}\nLP_JWT=${token}\n`)
    const printed = await tutorial.run('echo $LP_ACCOUNT $LP_JWT', ['--env-file', file])
    expect(printed.trim()).toBe(`${tutorial.ready.account} ${token}`)
    const { exp, iat } = decoded(token.split('.')[1]) as { exp: number; iat: number }
    expect(exp - iat).toBe(THIRTEEN_YEARS)
  })
})

describe('Get Messages', () => {
  it('M1 [IDP2] sed and base64 show the consumer id', async () => {
    const claims = JSON.parse(await tutorial.run(DECODE, ['--env', `LP_JWT=${token}`]))
    expect(claims.sub).toMatch(UUID)
    expect(Object.keys(claims)).toEqual(expect.arrayContaining(['sub', 'aud', 'iss', 'exp', 'iat']))
    expect(claims.exp - claims.iat).toBe(THIRTEEN_YEARS)
  })

  it('M2 [CV1] another conversation is created after an earlier one', async () => {
    const first = await opened()
    await first.shell[Symbol.asyncDispose]()
    const second = await opened()
    await using _ = second.shell
    expect(second.answer.code).toBe(200)
    expect(second.id).not.toBe(first.id)
  })

  it('M3 M4 M5 M6 M7 M8 [SUB1] messages typed before subscribing arrive, then all others', async () => {
    await using agent = await tutorial.agent()
    const { shell, id } = await opened()
    await using _ = shell
    await acceptRing(agent, id)
    const say = (message: string) =>
      agent.request('.ams.ms.PublishEvent', {
        dialogId: id,
        event: { type: 'ContentEvent', contentType: 'text/plain', message },
      })
    await say('message from the agent')
    await shell.shows((frame) => frame.type === 'ms.MessagingEventNotification')

    shell.type(withId(SUBSCRIBE, id))
    expect(await shell.shows(answering('22'))).toEqual({
      kind: 'resp',
      reqId: '22',
      code: 200,
      type: '.ams.GenericSubscribeResponse',
      body: {},
    })
    const replay = await shell.shows((frame) => frame.type === 'ms.MessagingEventNotification')
    expect(replay.body).not.toHaveProperty('subscriptionId')
    const consumerId = decoded(token.split('.')[1])['sub']
    expect(replay.body.changes).toMatchObject([
      {
        sequence: 0,
        serverTimestamp: expect.any(Number),
        event: {
          type: 'ContentEvent',
          message: 'message from the agent',
          contentType: 'text/plain',
        },
        dialogId: id,
      },
    ])
    expect(replay.body.changes[0].originatorId).not.toBe(consumerId)

    shell.type(withId(PUBLISH, id))
    const own = await shell.shows((frame) => frame.type === 'ms.MessagingEventNotification')
    expect(own.body.changes[0]).toMatchObject({
      sequence: 1,
      originatorId: consumerId,
      originatorPId: consumerId,
    })
    await shell.shows(answering('2'))

    await agent.request('.ams.cm.UpdateConversationField', {
      conversationId: id,
      conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
    })
    shell.type('{"kind":"req","id":"last","type":"GetClock"}')
    await shell.shows(answering('last'))
    expect(shell.frames).toEqual([])
  })
})
