/** What every frame is wrapped in. */
import type { MethodName, Refusal, Role, Version } from '@ringdown/protocol'
import { DetailedRefusal, plainResponse, responseName } from '@ringdown/protocol'
import { jsonOf, quote } from './json-text.ts'

/** Clients were promised short texts. */
const TEXT_LIMIT = 128

export const notification = (type: string, body: string): string =>
  `{"kind":"notification","type":"${type}","body":${body}}`

/** Items whose texts are already JSON, as the members of one array. */
export const list = (items: readonly string[]): string => `[${items.join(',')}]`

const response = (reqId: string, code: number, { type, body }: { type: string; body: string }) =>
  `{"kind":"resp","reqId":${quote(reqId)},"code":${code},"type":${quote(type)},"body":${body}}`

/** Older agent clients were told 202 where the effect follows later. */
const accepted: ReadonlySet<MethodName> = new Set<MethodName>(['setAgentState', 'updateRingState'])

const codeOf = (role: Role, version: Version, method: MethodName): number =>
  role === 'agent' && version === 2 && accepted.has(method) ? 202 : 200

/** The answers of one role and version; a body is never missing and never null. [EV24] */
export const responses = (role: Role, version: Version) => ({
  response(reqId: string, method: MethodName, body: unknown): string {
    const code = codeOf(role, version, method)
    if (typeof body === 'string') {
      const type = plainResponse(role, version)
      return response(reqId, code, { type, body: quote(body.slice(0, TEXT_LIMIT)) })
    }
    const type = responseName(role, version, method)
    return response(reqId, code, { type, body: jsonOf(body ?? {}) })
  },
  refusal(reqId: string, refusal: Refusal): string {
    const isDetailed = refusal instanceof DetailedRefusal
    const body = isDetailed ? jsonOf(refusal.body) : quote(refusal.message.slice(0, TEXT_LIMIT))
    return response(reqId, refusal.status, { type: plainResponse(role, version), body })
  },
})
