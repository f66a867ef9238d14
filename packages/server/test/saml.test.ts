import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AssertionVerdict, checkAssertion } from '../src/auth/saml.ts'
import { openWorld, type World } from './identity-world.ts'
import {
  type AssertionParts,
  assertionXml,
  ENVELOPED,
  EXCLUSIVE,
  newProvider,
  type Provider,
  responseXml,
  type SignOptions,
} from './saml-provider.ts'

let provider: Provider
let stranger: Provider

beforeAll(async () => {
  ;[provider, stranger] = await Promise.all([newProvider(), newProvider()])
})

const NOON = Date.parse('2030-01-01T00:00:00Z')
const entry = () => ({ entityId: 'https://idp.example', certificate: provider.certificate })

const check = (
  assertion: string,
  { now = NOON, more = {}, accountId = 'acme' } = {},
): AssertionVerdict =>
  checkAssertion({
    accountId,
    assertion,
    providers: [{ ...entry(), ...more }],
    origin: 'https://chat.example:8443',
    now,
  })

const reasonOf = (assertion: string, options = {}): string => {
  const verdict = check(assertion, options)
  return verdict.ok ? 'accepted' : verdict.reason
}

const signed = (parts: AssertionParts = {}, options: SignOptions = {}): string =>
  provider.sign(assertionXml(parts), options)

describe('an assertion', () => {
  it('[AG38] names an agent, alone or in a response, as XML or in base64', () => {
    const alone = signed()
    const inResponse = provider.sign(responseXml(assertionXml()))
    const bySignedResponse = provider.sign(responseXml(assertionXml()), { element: 'Response' })
    const bothSigned = provider.sign(inResponse, { element: 'Response' })
    for (const xml of [alone, inResponse, bySignedResponse, bothSigned, ` ${alone}\n`])
      for (const form of [xml, Buffer.from(xml).toString('base64')])
        expect(check(form)).toMatchObject({ ok: true, loginName: 'ana' })
    const declared = `<?xml version="1.0" encoding="UTF-8"?>\n${alone}`
    expect(check(declared)).toMatchObject({ ok: true, loginName: 'ana' })
  })

  it('[AG38] names the agent by its attribute first, and the account where it names one', () => {
    const parts = { attributes: { loginName: 'bea', siteId: 'acme', other: 'x' } }
    expect(check(signed(parts))).toMatchObject({ ok: true, loginName: 'bea' })
    expect(reasonOf(signed({ attributes: { siteId: 'other' } }))).toBe('it is for another account')
    expect(reasonOf(signed({ name: ' ' }))).toBe('it names nobody')
  })

  it.each([
    ['not yet valid', { notBefore: '2030-01-01T00:01:01Z' }, 'it does not hold yet'],
    ['expired', { notOnOrAfter: '2029-12-31T23:59:00Z' }, 'it has expired'],
    ['no longer confirmed', { confirmedUntil: '2029-12-31T23:59:00Z' }, 'it has expired'],
    ['in another time', { notOnOrAfter: '2030-01-01T02:00:00+01:00' }, 'not a time in UTC'],
    ['for another audience', { audience: 'https://other.example' }, 'it is for another audience'],
    ['for another recipient', { recipient: 'https://x.example' }, 'it is for another recipient'],
    ['of an unknown issuer', { issuer: 'https://who.example' }, 'its issuer is not known'],
  ])('[AG39] J08 that is %s is refused', (_, parts, reason) => {
    expect(reasonOf(signed(parts))).toContain(reason)
  })

  it('[AG39] may be a minute early or late, and may be told another audience', () => {
    for (const parts of [
      { notBefore: '2030-01-01T00:01:00Z' },
      { notOnOrAfter: '2029-12-31T23:59:01Z' },
    ])
      expect(check(signed(parts))).toMatchObject({ ok: true })
    const elsewhere = signed({ audience: 'brand', recipient: 'https://brand.example/acs' })
    const more = { audience: 'brand', recipient: 'https://brand.example/acs' }
    expect(check(elsewhere, { more })).toMatchObject({ ok: true })
    expect(reasonOf(elsewhere)).toBe('it is for another audience')
    expect(reasonOf(signed(), { accountId: 'other' })).toBe('it is for another audience')
  })

  it.each([
    ['NotOnOrAfter of Conditions', / NotOnOrAfter="[^"]*"(?=><saml:Aud)/],
    ['NotOnOrAfter of the confirmation', / NotOnOrAfter="[^"]*"(?= Recipient)/],
    ['Recipient', / Recipient="[^"]*"/],
    ['AudienceRestriction', /<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/],
    ['Conditions', /<saml:Conditions.*<\/saml:Conditions>/],
    ['Subject', /<saml:Subject>.*<\/saml:Subject>/],
    ['Version', / Version="2.0"/],
  ])('[AG39] without %s is refused', (_, what) => {
    const xml = assertionXml()
    expect(xml).toMatch(what)
    expect(check(provider.sign(xml.replace(what, '')))).toMatchObject({ ok: false })
  })

  it('[AG39] is checked with each certificate of its provider', () => {
    const both = [stranger, provider].map(({ certificate }) => ({ ...entry(), certificate }))
    const base = { accountId: 'acme', origin: 'https://chat.example:8443', now: NOON }
    const verdict = checkAssertion({ ...base, assertion: signed(), providers: both })
    expect(verdict).toMatchObject({ ok: true })
    const [other] = both
    const wrong = checkAssertion({ ...base, assertion: signed(), providers: [other!] })
    expect(wrong).toMatchObject({ ok: false, reason: 'its signature is wrong' })
  })
})

describe('a signature', () => {
  it('[AG40] J04 J10 must be of a listed certificate, over exactly what is read', () => {
    const good = signed()
    const attempts: readonly [string, string][] = [
      ['unsigned', assertionXml()],
      ['by another key, whose certificate it carries', stranger.sign(assertionXml())],
      ['of changed content', good.replace('>ana<', '>admin<')],
      ['cut off', good.replace(/<SignatureValue>.*<\/SignatureValue>/s, '')],
      ['with one character changed', good.replace(/(<SignatureValue>)(.)/, '$1/')],
      ['empty', good.replace(/<SignatureValue>.*<\/SignatureValue>/s, '<SignatureValue/>')],
    ]
    for (const [what, xml] of attempts) expect([what, check(xml).ok]).toEqual([what, false])
    expect(check(good).ok).toBe(true)
  })

  it.each([
    ['SHA-1', { signatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' }],
    ['a SHA-1 digest', { digestAlgorithm: 'http://www.w3.org/2000/09/xmldsig#sha1' }],
    [
      'inclusive form',
      { transforms: [ENVELOPED, 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'] },
    ],
    ['no enveloping', { transforms: [EXCLUSIVE] }],
    [
      'inclusive information',
      { canonicalizationAlgorithm: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315' },
    ],
  ])('[AG40] J01 J03 with %s is refused', (_, options) => {
    expect(check(signed({}, options))).toMatchObject({ ok: false })
  })

  it('[AG40] J02 by a key made from the certificate text is refused', () => {
    const xml = signed().replaceAll(
      'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
    )
    expect(reasonOf(xml)).toBe('signature algorithm')
  })
})

/** The known ways of having one element checked and another one read. */
const wrappings = (good: string): readonly [string, string][] => {
  const [signature = ''] = /<Signature .*<\/Signature>/s.exec(good) ?? []
  const plain = good.replace(signature, '')
  const evil = assertionXml({ name: 'admin', id: '_evil' })
  const evilWith = (inside: string) => evil.replace('</saml:Issuer>', `</saml:Issuer>${inside}`)
  const object = `<Object>${plain}</Object></Signature>`
  const sameId = evil.replace('_evil', /ID="([^"]*)"/.exec(good)?.[1] ?? '')
  return [
    ['evil before good in a response', responseXml(evil + good)],
    ['evil after good in a response', responseXml(good + evil)],
    ['good inside the signature of evil', evilWith(signature.replace('</Signature>', object))],
    ['good inside evil', evil.replace('</saml:Assertion>', `${good}</saml:Assertion>`)],
    [
      'evil around, signature moved',
      evilWith(signature).replace('</saml:Assertion>', `${plain}</saml:Assertion>`),
    ],
    ['evil with the id of good', responseXml(sameId + good)],
    [
      'evil with the id and signature of good',
      sameId.replace('</saml:Issuer>', `</saml:Issuer>${signature}`),
    ],
    [
      'good in an extension',
      responseXml(evil).replace(
        '<samlp:Status>',
        `<samlp:Extensions>${good}</samlp:Extensions><samlp:Status>`,
      ),
    ],
    [
      'signature of good on the response',
      responseXml(evil).replace('<samlp:Status>', `${signature}<samlp:Status>`),
    ],
    ['two signatures', good.replace(signature, signature + signature)],
    ['a second SignedInfo', good.replace(/(<SignedInfo>.*<\/SignedInfo>)/s, '$1$1')],
    ['a second Reference', good.replace(/(<Reference .*<\/Reference>)/s, '$1$1')],
    ['a reference to the whole document', good.replace(/ URI="#[^"]*"/, ' URI=""')],
    [
      'a second digest in an Object',
      good.replace('</Signature>', '<Object><DigestValue>x</DigestValue></Object></Signature>'),
    ],
    [
      'an encrypted one beside it',
      responseXml(
        `${good}<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"/>`,
      ),
    ],
    ['a comment in the name', good.replace('>ana<', '>an<!-- -->a<')],
    ['a comment in the digest', good.replace('<DigestValue>', '<DigestValue><!-- x -->')],
    ['CDATA', good.replace('>ana<', '><![CDATA[ana]]><')],
    ['a document type', `<!DOCTYPE x [<!ENTITY e "ana">]>${good.replace('>ana<', '>&e;<')}`],
    ['an instruction', good.replace('<saml:Subject>', '<?x y?><saml:Subject>')],
    ['another namespace', good.replaceAll('SAML:2.0:assertion', 'SAML:1.0:assertion')],
  ]
}

describe('a wrapped signature', () => {
  it('[AG40] is refused in every known arrangement', () => {
    const good = signed({ name: 'ana' })
    expect(check(good)).toMatchObject({ ok: true, loginName: 'ana' })
    for (const [what, xml] of wrappings(good)) {
      expect([what, xml === good]).toEqual([what, false])
      expect([what, check(xml).ok]).toEqual([what, false])
    }
  })

  it.each([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['half of it', '<saml:Assertion'],
    ['an unbound prefix', '<saml:Assertion/>'],
    ['two roots', '<a/><a/>'],
    ['depth', '<a>'.repeat(10_000) + '</a>'.repeat(10_000)],
    ['control characters', '<a>\u0000</a>'],
    ['a bare ampersand', '<a>&</a>'],
  ])('[AG40] %s is no assertion', (_, text) => {
    expect(check(text)).toMatchObject({ ok: false })
  })
})

describe('login by assertion', () => {
  let world: World
  const lines: { reason?: string }[] = []

  beforeAll(async () => {
    world = await openWorld()
    const info = world.log.info.bind(world.log)
    world.log.info = ((first: object, ...rest: unknown[]) => {
      lines.push(first)
      return (info as (...all: unknown[]) => void)(first, ...rest)
    }) as typeof world.log.info
    await world.admin.createAgent('acme', { loginName: 'ana' })
    await world.admin.changeSettings('acme', {
      samlIdentityProviders: [{ ...entry(), certificate: provider.pem }],
    })
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const post = (payload: object, account = 'acme') =>
    world.app.inject({ method: 'POST', url: `/api/account/${account}/login?v=1.3`, payload })

  const refused = async (payload: object, account = 'acme') => {
    const waiting = world.clock.nextTimer()
    const answer = post(payload, account)
    await waiting
    await world.clock.advance(world.config.limits.loginDelayMs)
    return answer
  }

  /** Good for as long as the clock of this world may be moved by. */
  const lasting = (parts: AssertionParts = {}) =>
    Buffer.from(signed({ notOnOrAfter: '2030-01-01T01:00:00Z', ...parts })).toString('base64')

  it('[AG38] [AG41] opens a session once, whatever stands in jwt', async () => {
    const payload = { jwt: 'dummy', assertion: lasting() }
    const answers = await Promise.all([post(payload), refused(payload)])
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 401])
    const opened = answers.find(({ statusCode }) => statusCode === 200)
    const { bearer, config } = opened!.json<{ bearer: string; config: { loginName: string } }>()
    expect(config.loginName).toBe('ana')
    expect(await world.auth.bearer('acme', bearer)).toMatchObject({ kind: 'agent' })
    expect((await refused(payload)).statusCode).toBe(401)
    expect((await post({ Assertion: lasting() })).statusCode).toBe(200)
  })

  it('[AG41] refuses like a wrong password and tells the log alone why', async () => {
    for (const [payload, account] of [
      [{ assertion: lasting({ name: 'nobody' }) }, 'acme'],
      [{ assertion: lasting({ issuer: 'https://who.example' }) }, 'acme'],
      [{ assertion: 'nonsense' }, 'acme'],
      [{ assertion: lasting() }, 'other'],
      [{ assertion: lasting() }, 'nobody'],
    ] as const) {
      const answer = await refused(payload, account)
      expect(answer.statusCode).toBe(401)
      expect(answer.json()).toMatchObject({
        error: { message: 'Bad credentials' },
        internalCode: 1,
      })
    }
    expect(lines.map(({ reason }) => reason)).toContain('its issuer is not known')
  })

  it('[AG41] lets no disabled agent in', async () => {
    await world.admin.createAgent('acme', { loginName: 'bea' })
    expect((await post({ assertion: lasting({ name: 'bea' }) })).statusCode).toBe(200)
    await world.admin.changeAgent('acme', 'bea', { isEnabled: false })
    expect((await refused({ assertion: lasting({ name: 'bea' }) })).statusCode).toBe(401)
  })

  it('[AG39] [AG31] takes certificates of RSA keys of 2048 bits and nothing else', async () => {
    const weak = await newProvider(1024)
    for (const certificate of [weak.certificate, 'nonsense', '', provider.certificate.slice(9)]) {
      const change = world.admin.changeSettings('acme', {
        samlIdentityProviders: [{ entityId: 'x', certificate }],
      })
      await expect(change).rejects.toThrow('samlIdentityProviders[0].certificate')
    }
    const { samlIdentityProviders } = await world.admin.showSettings('acme')
    expect(samlIdentityProviders).toEqual([entry()])
  })
})
