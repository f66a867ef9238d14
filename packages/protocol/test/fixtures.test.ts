import { readdirSync, readFileSync } from 'node:fs'
import type { TSchema } from 'typebox'
import { describe, expect, it } from 'vitest'
import {
  findFault,
  findMethod,
  type MethodName,
  methods,
  NotificationFrame,
  type NotificationKind,
  notificationNames,
  notifications,
  ResponseFrame,
  type Role,
  responseName,
  type Version,
  validateBody,
  validateFrame,
  validateInitHeaders,
} from '../src/index.ts'

interface Frame {
  readonly type: string
  readonly body?: unknown
  readonly headers?: unknown
}

interface RequestRow {
  readonly note: string
  readonly frame: Frame
}

interface ResponseRow extends RequestRow {
  readonly role: Role
  readonly version: Version
  readonly method: MethodName
}

interface NotificationRow extends RequestRow {
  readonly role: Role
  readonly version: Version
  readonly kind: NotificationKind
}

interface InvalidRow extends RequestRow {
  readonly fault: string
}

const load = <Row>(path: string): Row[] =>
  JSON.parse(readFileSync(new URL(`fixtures/${path}.json`, import.meta.url), 'utf8'))

/** What the server says of a frame, in the order in which it looks. */
const findFrameFault = (frame: Frame): string | undefined => {
  const fault = validateFrame(frame)
  if (fault) return fault
  const method = findMethod(frame.type)
  if (!method) return 'Unknown request type'
  if (method === 'initConnection') return validateInitHeaders(frame.headers)
  return validateBody(method, frame.body)
}

describe.each(['consumer', 'agent'] as const)('requests of a %s', (role) => {
  it.each(load<RequestRow>(`valid/${role}-requests`))('[FRM1] accepts: $note', ({ frame }) => {
    expect(findFrameFault(frame)).toBeUndefined()
    const method = findMethod(frame.type, role)
    expect(method && methods[method].roles).toContain(role)
  })
})

describe('responses', () => {
  it.each(load<ResponseRow>('valid/responses'))(
    '[FRM4] [FRM12] $role v$version $method: $note',
    ({ role, version, method, frame }) => {
      expect(findFault(ResponseFrame, frame, 'frame')).toBeUndefined()
      expect(frame.type).toBe(responseName(role, version, method))
      expect(findFault(methods[method].answers[version], frame.body, 'body')).toBeUndefined()
    },
  )
})

describe('notifications', () => {
  it.each(load<NotificationRow>('valid/notifications'))(
    '[FRM12] $role v$version $kind: $note',
    ({ role, version, kind, frame }) => {
      const names: Partial<Record<NotificationKind, string>> = notificationNames[role][version]
      const schema: TSchema = notifications[kind][version]
      expect(findFault(NotificationFrame, frame, 'frame')).toBeUndefined()
      expect(frame.type).toBe(names[kind])
      expect(findFault(schema, frame.body, 'body')).toBeUndefined()
    },
  )
})

const invalid = readdirSync(new URL('fixtures/invalid/', import.meta.url)).map((file) =>
  file.replace('.json', ''),
)

describe.each(invalid)('invalid %s', (file) => {
  it.each(load<InvalidRow>(`invalid/${file}`))('[FRM10] $note: $fault', ({ frame, fault }) => {
    expect(findFrameFault(frame)).toBe(fault)
    expect(fault.length).toBeLessThanOrEqual(110)
  })
})
