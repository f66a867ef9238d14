import { Refusal } from '@ringdown/protocol'
import type { FastifyReply } from 'fastify'

const CALLBACK = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*$/

/** Sends a script that calls a function of the page; only names may stand there. [NAM5] */
export const sendJsonp = (reply: FastifyReply, callback: unknown, body: unknown): FastifyReply => {
  if (typeof callback !== 'string' || callback.length > 128 || !CALLBACK.test(callback))
    throw new Refusal('bad_request', 'The callback is not a function name')
  // These two are line ends in scripts of older engines and plain characters in JSON.
  const json = JSON.stringify(body).replace(
    /[<\u2028\u2029]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return reply.type('application/javascript; charset=utf-8').send(`${callback}(${json})`)
}
