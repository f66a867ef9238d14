/** SAML 2.0 assertions with which an account's identity providers vouch for its agents. [AG38] */
import type { AccountId } from '@ringdown/protocol'
import type { SamlIdentityProvider } from '../domain/account.ts'
import { certificateKey } from './saml-certificates.ts'
import { readSignedMessage } from './saml-signature.ts'
import { attributeOf, children, type Name, onlyChild, textOf, type XmlElement } from './saml-xml.ts'
import { secretHash } from './secrets.ts'

const LEEWAY_MS = 60_000
const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'

const saml = (name: string): Name => ({
  namespace: 'urn:oasis:names:tc:SAML:2.0:assertion',
  name,
})

export interface AssertionCheck {
  readonly accountId: AccountId
  /** As it came: XML, or base64 of it. */
  readonly assertion: string
  readonly providers: readonly SamlIdentityProvider[]
  /** `https://host:port` under which the client knows this server. */
  readonly origin: string
  readonly now: number
}

export type AssertionVerdict =
  | {
      readonly ok: true
      readonly loginName: string
      /** Names this assertion for good, so that it counts once. */
      readonly useId: string
      readonly expiresAt: number
    }
  /** Why, for the operator's log; the client is told nothing. */
  | { readonly ok: false; readonly reason: string }

const refuse = (reason: string): never => {
  throw new Error(reason)
}

const xmlOf = (assertion: string): string => {
  const text = assertion.trim()
  return text.startsWith('<') ? text : Buffer.from(text, 'base64').toString('utf8').trim()
}

/** Milliseconds of an `xs:dateTime` in UTC. */
const timeIn = (element: XmlElement, name: string): number | undefined => {
  const text = attributeOf(element, name)
  if (text === undefined) return undefined
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(text)
  const time = isTime ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? refuse(`${name} is not a time in UTC`) : time
}

/** When the element stops to hold; throws when it does not hold now. [AG39] */
const heldUntil = (element: XmlElement, now: number): number => {
  const notBefore = timeIn(element, 'NotBefore')
  const notOnOrAfter = timeIn(element, 'NotOnOrAfter') ?? refuse('it has no NotOnOrAfter')
  if (notBefore !== undefined && notBefore > now + LEEWAY_MS) refuse('it does not hold yet')
  if (notOnOrAfter <= now - LEEWAY_MS) refuse('it has expired')
  return notOnOrAfter
}

const checkAudience = (conditions: XmlElement, expected: string): void => {
  const restrictions = children(conditions, saml('AudienceRestriction'))
  if (restrictions.length === 0) refuse('it names no audience')
  for (const restriction of restrictions) {
    const audiences = children(restriction, saml('Audience')).map((one) => textOf(one).trim())
    if (!audiences.includes(expected)) refuse('it is for another audience')
  }
}

/** Until when one of the subject's confirmations lets its bearer in. */
const confirmedUntil = (
  subject: XmlElement,
  { recipient, now }: { recipient: string; now: number },
): number => {
  const bearers = children(subject, saml('SubjectConfirmation')).filter(
    (one) => attributeOf(one, 'Method') === BEARER,
  )
  for (const bearer of bearers) {
    const data = onlyChild(bearer, saml('SubjectConfirmationData'))
    if (attributeOf(data, 'Recipient') !== recipient) continue
    return heldUntil(data, now)
  }
  return refuse('it is for another recipient')
}

/** The values of an attribute of the subject. */
const attributeValues = (assertion: XmlElement, name: string): readonly string[] =>
  children(assertion, saml('AttributeStatement'))
    .flatMap((statement) => children(statement, saml('Attribute')))
    .filter((one) => attributeOf(one, 'Name') === name)
    .flatMap((one) => children(one, saml('AttributeValue')))
    .map((one) => textOf(one).trim())

/** The attribute `loginName` where there is one, else the subject's name. */
const loginNameOf = (assertion: XmlElement, subject: XmlElement): string => {
  const [given, ...others] = attributeValues(assertion, 'loginName')
  if (others.length > 0) return refuse('it has several login names')
  const name = given ?? textOf(onlyChild(subject, saml('NameID'))).trim()
  return name === '' ? refuse('it names nobody') : name
}

const checked = (check: AssertionCheck): AssertionVerdict => {
  const { accountId, origin, now } = check
  const message = readSignedMessage(xmlOf(check.assertion))
  const providers = check.providers.filter(({ entityId }) => entityId === message.claimedIssuer)
  const [provider] = providers
  if (!provider) return refuse('its issuer is not known')
  const keys = providers.map(({ certificate }) => certificateKey(certificate))
  const assertion =
    message.verified(keys.filter((key) => key !== undefined)) ?? refuse('its signature is wrong')
  if (attributeOf(assertion, 'Version') !== '2.0') refuse('it is of another version')
  if (textOf(onlyChild(assertion, saml('Issuer'))).trim() !== provider.entityId)
    refuse('its issuer is another one')
  const conditions = onlyChild(assertion, saml('Conditions'))
  const address = `${origin}/api/account/${accountId}`
  checkAudience(conditions, provider.audience ?? address)
  const subject = onlyChild(assertion, saml('Subject'))
  const recipient = provider.recipient ?? `${address}/login`
  const until = Math.min(heldUntil(conditions, now), confirmedUntil(subject, { recipient, now }))
  if (attributeValues(assertion, 'siteId').some((site) => site !== accountId))
    refuse('it is for another account')
  return {
    ok: true,
    loginName: loginNameOf(assertion, subject),
    useId: `saml/${secretHash(`${provider.entityId}\n${attributeOf(assertion, 'ID') ?? ''}`)}`,
    expiresAt: until + LEEWAY_MS,
  }
}

/** Whom the assertion names, when everything about it is in order. */
export const checkAssertion = (check: AssertionCheck): AssertionVerdict => {
  try {
    return checked(check)
  } catch (error) {
    // Whatever a sender wrote must not be thrown on; deep nesting ends as a RangeError.
    return {
      ok: false,
      reason: error instanceof Error ? error.message.slice(0, 200) : 'unreadable',
    }
  }
}
