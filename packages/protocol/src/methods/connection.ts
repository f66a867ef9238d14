/** The connection itself: identity, clock, liveness. */
import { Type } from 'typebox'
import { defineMethod, names, plain, plainNames } from './method.ts'

/** The body carries nothing; whatever is in it is ignored. */
const Ignored = Type.Unknown()
const Clock = Type.Object({ currentTime: Type.Integer({ minimum: 0 }) })
const clockNames = names({
  request: 'GetClock',
  request2: '.GetClock',
  response: 'GetClockResponse',
  response2: '.GetClock$Response',
})

export const initConnection = defineMethod({
  title: 'Open the connection',
  description: 'Gives the token and the client properties that the upgrade request did not carry.',
  names: { consumer: plainNames('consumer', { request: 'InitConnection' }) },
  body: Ignored,
  answers: plain,
  isBuilt: true,
  errors: ['already_initialized', 'invalid_token'],
})

export const getClock = defineMethod({
  title: 'Read the clock',
  description: "Tells the server's time, which also keeps the connection alive.",
  names: { consumer: clockNames, agent: clockNames },
  body: Ignored,
  answers: { 2: Clock, 3: Clock },
  isBuilt: true,
  errors: [],
})

export const keepAlive = defineMethod({
  title: 'Keep the connection alive',
  description: 'Does nothing but count as a sign of life.',
  names: {
    consumer: plainNames('consumer', { request: 'KeepAlive', request2: '.KeepAlive' }),
    agent: plainNames('agent', { request: 'KeepAlive', request2: '.KeepAlive' }),
  },
  body: Ignored,
  answers: plain,
  isBuilt: true,
  errors: [],
})
