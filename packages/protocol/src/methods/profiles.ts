/** Who somebody is. */
import { Type } from 'typebox'
import { Profile, ProfileAttributes, ProfileInput } from '../objects/consumer.ts'
import { IdLike, Maybe } from '../objects/lenient.ts'
import { defineMethod, names, plain, plainNames } from './method.ts'

/** Agents' SDKs send the consumer's id as a bare string; nothing in it means one's own profile. */
const Whose = Type.Unsafe<string | number | { userId?: string | number | null }>({
  if: { type: ['string', 'number'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: IdLike,
  else: Type.Object({ userId: Maybe(IdLike) }),
})

export const getUserProfile = defineMethod({
  title: 'Read a profile',
  description: "Answers with one's own profile, or with that of a consumer whom an agent may see.",
  names: {
    consumer: names({
      request: 'userprofile.GetUserProfile',
      response: 'userprofile.GetUserProfileResponse',
      response2: '.ams.userprofile.GetUserProfile$Response',
    }),
    agent: names({
      request: 'userprofile.GetUserProfile',
      response: 'up.GetUserProfile$Response',
      response2: '.ams.userprofile.GetUserProfile$Response',
    }),
  },
  body: Whose,
  answers: { 2: Profile, 3: Type.Union([Profile, ProfileAttributes]) },
  isBuilt: true,
  errors: ['consumer_not_found', 'agent_not_found'],
})

const SET = { request: 'userprofile.SetUserProfile' }

export const setUserProfile = defineMethod({
  title: 'Set the own profile',
  description: "Stores the given fields of the caller's own profile.",
  names: { consumer: plainNames('consumer', SET), agent: plainNames('agent', SET) },
  body: ProfileInput,
  answers: plain,
  isBuilt: true,
  errors: ['consumer_not_found', 'agent_not_found', 'not_permitted'],
})

const Anything = Type.Unknown()
const brandNames = names({
  request: 'brandprofile.GetBrandProfile',
  response: 'brandprofile.GetBrandProfileResponse',
  response2: '.ams.brandprofile.GetBrandProfile$Response',
})

export const brandProfile = defineMethod({
  title: 'Brand profiles',
  description: 'Reads or sets what an older workspace shows of the brand.',
  names: { agent: brandNames },
  aliases: ['brandprofile.GetBrands', 'brandprofile.SetBrandProfile'],
  body: Anything,
  answers: { 2: Anything, 3: Anything },
  isBuilt: false,
  errors: ['not_implemented'],
})
