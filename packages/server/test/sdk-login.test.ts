import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TlsWorld, tlsWorld } from './bots/tls-world.ts'
import { assertionXml, newProvider } from './saml-provider.ts'

let world: TlsWorld

beforeAll(async () => {
  world = await tlsWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const administer = async (accountId: string, method: 'app-keys' | 'agents', body: object) => {
  const { status, text } = await world.post(
    `/api/account/${accountId}/ringdown/v1/${method}`,
    body,
    { authorization: `Bearer ${world.server.running.adminToken}` },
  )
  expect(status, text).toBe(201)
  return JSON.parse(text)
}

/** The SDK has logged in as this agent, and its socket answers. */
const isAtWork = async (conf: object, agent: { accountId: string; loginName: string }) => {
  const before = world.logins()
  await using bot = world.bot('puppet', agent as never, { password: undefined, ...conf })
  await bot.next('connected')
  expect(await bot.call('getClock', {})).toMatchObject({ error: null })
  expect(await bot.call('setAgentState', { availability: 'AWAY' })).toMatchObject({ error: null })
  expect(world.logins()).toBe(before + 1)
  expect(bot.errors).toEqual([])
}

it('[AG32] the SDK logs in with an application key', async () => {
  const { id: accountId } = await world.server.account()
  const loginName = 'order-bot'
  await administer(accountId, 'agents', { loginName, isBot: true })
  const key = await administer(accountId, 'app-keys', {})
  const { appKey, secret, accessToken, accessTokenSecret } = key
  const conf = { appKey, secret, accessToken, accessTokenSecret }
  await isAtWork(conf, { accountId, loginName })
})

it('[AG38] the SDK logs in with an assertion', async () => {
  const provider = await newProvider()
  const { certificate } = provider
  const samlIdentityProviders = [{ entityId: 'https://idp.example', certificate }]
  const { id: accountId } = await world.server.account({ samlIdentityProviders })
  await administer(accountId, 'agents', { loginName: 'ana' })
  const now = world.clock.now()
  const base = `https://${world.authority}/api/account/${accountId}`
  const xml = assertionXml({
    audience: base,
    recipient: `${base}/login`,
    notBefore: new Date(now - 60_000).toISOString(),
    notOnOrAfter: new Date(now + 300_000).toISOString(),
  })
  const assertion = Buffer.from(provider.sign(xml)).toString('base64')
  await isAtWork({ username: undefined, assertion }, { accountId, loginName: 'ana' })
})
