/**
 * A consumer's profile: what the brand's token vouches for (claims) and what the client said about
 * itself (profile), as the consumer and as agents read it. [CV31]
 */
import type { ConsumerRecord } from '../store/store.ts'
import { bad, type Decoded, fine, listOf, objectOf, textOf, type WireObject } from './decoded.ts'

type Known = Pick<ConsumerRecord, 'id' | 'kind' | 'externalId' | 'issuer' | 'claims' | 'profile'>

const texts = [
  'firstName',
  'lastName',
  'nickname',
  'avatarUrl',
  'role',
  'backgndImgUri',
  'description',
] as const

const MAX_TEXT = 2048
const MAX_PROFILE_BYTES = 32 * 1024

const sdesOf = (value: unknown): readonly WireObject[] =>
  listOf(objectOf(value)?.['lp_sdes'])
    .map(objectOf)
    .filter((one) => one !== undefined)

/** Members with a value, and nothing at all when there are none. */
const present = (members: WireObject): WireObject | undefined => {
  const entries = Object.entries(members).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  )
  return entries.length > 0 ? Object.fromEntries(entries) : undefined
}

const genders = new Map<unknown, string>([
  ['female', 'FEMALE'],
  ['male', 'MALE'],
])

const genderOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? (genders.get(value.toLowerCase()) ?? 'OTHER') : undefined

/** What the token vouches for, as engagement attributes. */
const claimedSdes = ({ claims, externalId }: Known): readonly WireObject[] => {
  const info = present({ customerId: externalId, userName: claims['preferred_username'] })
  const contact = present({ email: claims['email'], phone: claims['phone_number'] })
  const personal = present({
    firstname: claims['given_name'],
    lastname: claims['family_name'],
    gender: genderOf(claims['gender']),
    contacts: contact && [contact],
  })
  return [
    ...(info ? [{ type: 'ctmrinfo', info }] : []),
    ...(personal ? [{ type: 'personal', personal }] : []),
    ...sdesOf(claims),
  ]
}

const acrOf = ({ kind }: Known): string => (kind === 'authenticated' ? 'loa1' : '0')

const claimsOf = (consumer: Known): WireObject => {
  const sdes = claimedSdes(consumer)
  if (consumer.kind !== 'authenticated' && sdes.length === 0) return {}
  return { claims: { ...(consumer.issuer && { iss: consumer.issuer }), lp_sdes: sdes } }
}

const ownTexts = ({ profile }: Known): WireObject =>
  present(Object.fromEntries(texts.map((name) => [name, profile[name]]))) ?? {}

/** The consumer's own profile: `userId` always, whatever else is known. */
export const ownProfile = (consumer: Known): WireObject => ({
  ...ownTexts(consumer),
  userId: consumer.id,
  acr: acrOf(consumer),
  privateData: objectOf(consumer.profile['privateData']) ?? {},
  authenticatedData: { lp_sdes: sdesOf(consumer.profile['authenticatedData']) },
  ...claimsOf(consumer),
})

interface View {
  /** Give every consumer a customer id, its own id if there is no other. [AG51] */
  readonly showsId?: boolean
}

/** The same for older agent clients; never without `privateData`, never with a null attribute. */
export const profileForAgentV2 = (consumer: Known, { showsId }: View = {}): WireObject => {
  const { mobileNum, mail, email } = objectOf(consumer.profile['privateData']) ?? {}
  const address = mail ?? email
  const userId = showsId ? (consumer.externalId ?? consumer.id) : undefined
  return {
    ...ownProfile(consumer),
    role: 'CONSUMER',
    privateData: present({ mobileNum, mail: address, email: address, userId }) ?? {},
  }
}

const profileSdes = (
  { id, externalId, profile }: Known,
  { showsId = false }: View,
): readonly WireObject[] => {
  const { mobileNum, mail, email } = objectOf(profile['privateData']) ?? {}
  // A consumer known to the brand carries its customer id among what the token vouches for.
  const customerId = showsId && externalId === undefined ? id : undefined
  const info = present({ imei: mobileNum, customerId })
  const contact = present({ email: mail ?? email, phone: mobileNum })
  const personal = present({
    firstname: profile['firstName'],
    lastname: profile['lastName'],
    contacts: contact && [contact],
  })
  return [
    ...(info ? [{ type: 'ctmrinfo', info, auth: {} }] : []),
    ...(personal ? [{ type: 'personal', personal, auth: {} }] : []),
  ]
}

/** For version 3 agents: attributes only, the vouched ones first, each saying who vouches for it. */
export const profileForAgentV3 = (consumer: Known, view: View = {}): readonly WireObject[] => {
  const acr = acrOf(consumer)
  const iss = consumer.issuer ?? ''
  return [
    ...claimedSdes(consumer).map((sde) => ({ ...sde, acr, iss, auth: { amr: [], iss } })),
    ...sdesOf(consumer.profile['authenticatedData']).map((sde) => ({ ...sde, auth: {} })),
    ...profileSdes(consumer, view),
  ]
}

const decodeTexts = (body: WireObject): Decoded<Record<string, unknown>> => {
  const patch: Record<string, unknown> = {}
  for (const name of texts) {
    const value = body[name]
    if (value === undefined) continue
    const isText = typeof value === 'string' && value.length <= MAX_TEXT && value.isWellFormed()
    if (!isText && value !== null) return bad(name)
    patch[name] = value
  }
  return fine(patch)
}

/** Telephone numbers also come as numbers. */
const privateOf = (value: unknown): WireObject => {
  const { mobileNum, mail, email, pushNotificationData } = objectOf(value) ?? {}
  return present({ mobileNum: textOf(mobileNum), mail, email, pushNotificationData }) ?? {}
}

/** A SetUserProfile body as a patch: who somebody is and what a token vouches for cannot be set. */
export const decodeProfile = (body: WireObject): Decoded<WireObject> => {
  const patch = decodeTexts(body)
  if (!patch.ok) return patch
  for (const name of ['privateData', 'authenticatedData']) {
    const value = body[name]
    if (value === undefined || value === null) continue
    if (!objectOf(value)) return bad(name)
    patch.value[name] = name === 'authenticatedData' ? { lp_sdes: sdesOf(value) } : privateOf(value)
  }
  if (Buffer.byteLength(JSON.stringify(patch.value)) > MAX_PROFILE_BYTES) {
    return bad('the profile is too large')
  }
  return patch
}
