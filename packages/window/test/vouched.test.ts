/** Consumers for whom the brand vouches: what comes along when they log in, and what is nobody else's. */
import { generateKeyPairSync, sign } from 'node:crypto'
import type { BrowserContext } from 'playwright-core'
import { expect, it } from 'vitest'
import { inBrowser } from './setting.ts'
import { eventually, type Place, type Visit } from './visit.ts'

const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A brand that signs for its consumers, with a key that the account knows; it gives a token for each. */
const brandOf = async ({ world }: Place): Promise<(subject: string) => string> => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const der = publicKey.export({ type: 'spki', format: 'der' })
  const changed = await fetch(`${world.server.url}/ringdown/v1/accounts/${world.accountId}`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${world.server.running.adminToken}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ settings: { brandKeys: [{ publicKey: der.toString('base64') }] } }),
  })
  expect(changed.status).toBe(200)
  return (sub) => {
    const iat = Math.floor(Date.now() / 1000)
    const claims = { sub, iss: 'https://shop.example', iat, exp: iat + 600 }
    const signed = `${segment({ alg: 'RS256', typ: 'JWT' })}.${segment(claims)}`
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`
  }
}

const saying = (token: string) => `token: async () => ${JSON.stringify(token)}`

const comeAs = async (visit: Visit, init: string): Promise<void> => {
  visit.shop.options = { ...visit.shop.options, init }
  await visit.page.reload()
  await visit.open()
}

inBrowser('a brand that vouches', (setting) => {
  it('[WIN7] a brand vouches for who is logged in, and what was written before comes along', async () => {
    const tokenOf = await brandOf(setting.place)
    await using visit = await setting.place.visit()
    using agent = await setting.place.answerer()
    await visit.begin()
    await visit.write('not logged in yet')
    await agent.take()
    await agent.say('please log in')
    await visit.expectSeen('please log in')
    await visit.field.fill('here I am')
    await comeAs(visit, saying(tokenOf('kim')))
    await visit.expectSeen('please log in')
    expect(await visit.field.inputValue()).toBe('here I am')
    await visit.field.press('Enter')
    await eventually(() => agent.texts).toEqual(['not logged in yet', 'here I am'])
    expect(await visit.inside.evaluate('localStorage.length')).toBe(0)
  })

  it('[WIN41] whoever logs in next in a tab neither sees nor says what somebody left there', async () => {
    const tokenOf = await brandOf(setting.place)
    const refused = `skillId: 'none', ${saying(tokenOf('ann'))}`
    await using visit = await setting.place.visit({ init: refused })
    using agent = await setting.place.answerer()
    await visit.begin()
    await visit.write('words of ann')
    await visit.frame.getByText('This did not work').waitFor()
    await visit.field.fill('a draft of ann')
    await comeAs(visit, saying(tokenOf('ben')))
    await visit.frame.getByText('Nothing here yet.').waitFor()
    await visit.frame.getByRole('button', { name: 'New conversation' }).click()
    expect(await visit.field.inputValue()).toBe('')
    await visit.write('words of ben')
    await visit.frame.locator('[data-state="sent"]').waitFor()
    await agent.take()
    expect(agent.texts).toEqual(['words of ben'])
  })

  it('[WIN41] the window begins anew when it is told of another person', async () => {
    const tokenOf = await brandOf(setting.place)
    const init = `token: async () => window.person ?? '${tokenOf('ann')}'`
    await using visit = await setting.place.visit({ init })
    await visit.begin()
    await visit.write('words of ann')
    await visit.frame.locator('[data-state="sent"]').waitFor()
    await visit.frame.getByRole('button', { name: 'Back to your conversations' }).click()
    await visit.frame.getByRole('button', { name: 'New conversation' }).click()
    await visit.field.fill('a draft of ann')
    await visit.page.evaluate(`window.person = '${tokenOf('ben')}'`)
    for (const session of setting.place.world.server.services.sessions.all) session.close('token')
    await visit.frame.getByText('Nothing here yet.').waitFor()
    await visit.frame.getByRole('button', { name: 'New conversation' }).click()
    expect(await visit.field.inputValue()).toBe('')
    await comeAs(visit, saying(tokenOf('ann')))
    await visit.frame.getByText('You: words of ann').waitFor()
  })

  it('[WIN7] a page that never answers is asked again', async () => {
    const tokenOf = await brandOf(setting.place)
    const init = `token: () => {
      window.asked = (window.asked ?? 0) + 1
      return asked > 1 ? Promise.resolve('${tokenOf('ann')}') : new Promise(() => {})
    }`
    const prepare = (context: BrowserContext) => context.clock.install()
    await using visit = await setting.place.visit({ init, prepare })
    await visit.begin()
    await visit.write('hello')
    await eventually(() => visit.page.evaluate('window.asked')).toBe(1)
    await visit.page.clock.fastForward(30_000)
    await visit.frame.locator('[data-state="sent"]').waitFor()
    expect(await visit.page.evaluate('window.asked')).toBe(2)
  })
})
