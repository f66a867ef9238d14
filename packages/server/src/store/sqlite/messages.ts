/**
 * What travels between the main thread and the threads of the store: one message per batch and one
 * per reply. Appends, which are most of it, go as flat values, since copying objects costs more
 * than the insert.
 */
import type { ErrorCode } from '@ringdown/protocol/errors'
import { Refusal } from '@ringdown/protocol/errors'
import type { ParticipantRole } from '../../domain/conversation.ts'
import type { NewEvent } from '../../domain/event.ts'
import type { Command, Verdict } from '../batch.ts'
import { StoreFailure } from '../batch.ts'
import type { Appended, QueryName } from '../store.ts'

/** A flat list; who reads it knows by the first value of an item how many follow. */
export type Flat = unknown[]

/** First values of the items that are most of the traffic; names stand for all others. */
const APPEND = 1
const APPENDED = 2

const roles: readonly ParticipantRole[] = [
  'consumer',
  'assigned_agent',
  'agent',
  'manager',
  'reader',
  'controller',
]

/** Texts are what copying costs: one that another one repeats is left out, words go as numbers. */
const pushAppend = (into: Flat, event: NewEvent): void => {
  const { publisher, receipt, dialogId, clientEventId } = event
  into.push(
    APPEND,
    event.accountId,
    dialogId,
    event.conversationId === dialogId ? undefined : event.conversationId,
    publisher.id,
    roles.indexOf(publisher.role),
    publisher.userId,
    event.kind === 'content',
    event.audience === 'all',
    clientEventId,
    event.eventId === clientEventId ? undefined : event.eventId,
    event.payload,
    event.metadata,
    event.encodedMetadata,
    event.lastSeen,
    receipt?.status,
    receipt?.sequences,
    event.isAutomatic,
    event.at,
  )
}

type Next = () => unknown

const optional = <K extends string>(name: K, value: unknown) =>
  (value === undefined ? {} : { [name]: value }) as unknown as { readonly [N in K]?: never }

const takePublisher = (next: Next): NewEvent['publisher'] => {
  const id = next() as string
  const role = roles[next() as number] as ParticipantRole
  const userId = next()
  return { id, role, ...optional('userId', userId) }
}

const takeAppend = (next: Next): NewEvent => {
  const accountId = next() as string
  const dialogId = next() as string
  const conversationId = (next() as string | undefined) ?? dialogId
  const publisher = takePublisher(next)
  const kind = next() ? 'content' : 'receipt'
  const audience = next() ? 'all' : 'agents'
  const clientEventId = next() as string | undefined
  const eventId = (next() as string | undefined) ?? (clientEventId as string)
  const payload = next() as string
  const metadata = next()
  const encodedMetadata = next()
  const lastSeen = next()
  const status = next() as string | undefined
  const sequences = next() as readonly number[]
  const isAutomatic = next()
  return {
    accountId,
    conversationId,
    dialogId,
    publisher,
    kind,
    audience,
    ...optional('clientEventId', clientEventId),
    eventId,
    payload,
    ...optional('metadata', metadata),
    ...optional('encodedMetadata', encodedMetadata),
    ...optional('lastSeen', lastSeen),
    ...(status !== undefined && { receipt: { status, sequences } }),
    ...optional('isAutomatic', isAutomatic),
    at: next() as number,
  }
}

const reader = (flat: Flat): { next: Next; hasMore: () => boolean } => {
  let position = 0
  return { next: () => flat[position++], hasMore: () => position < flat.length }
}

export const encodeBatch = (batch: readonly Command[]): Flat => {
  const flat: Flat = []
  for (const { name, data } of batch) {
    if (name === 'append') pushAppend(flat, data)
    else flat.push(name, data)
  }
  return flat
}

export const decodeBatch = (flat: Flat): Command[] => {
  const { next, hasMore } = reader(flat)
  const batch: Command[] = []
  while (hasMore()) {
    const name = next() as Command['name'] | typeof APPEND
    if (name === APPEND) batch.push({ name: 'append', data: takeAppend(next) })
    else batch.push({ name, data: next() } as Command)
  }
  return batch
}

const pushError = (into: Flat, error: Error): void => {
  if (error instanceof Refusal) into.push('refusal', error.code, error.message)
  else if (error instanceof StoreFailure) into.push('failure', error.message, error.isFatal)
  else into.push('error', error.message, error.stack)
}

const takeError = (kind: unknown, next: Next): Error => {
  if (kind === 'refusal') return new Refusal(next() as ErrorCode, next() as string)
  if (kind === 'failure') return new StoreFailure(next() as string, next() as boolean)
  const error = new Error(next() as string)
  error.stack = next() as string
  return error
}

/** Verdicts in the order of the batch. */
export const encodeVerdicts = (batch: readonly Command[], verdicts: readonly Verdict[]): Flat => {
  const flat: Flat = []
  for (const [index, verdict] of verdicts.entries()) {
    if (!verdict.ok) pushError(flat, verdict.error)
    else if (batch[index]?.name === 'append') {
      const { sequence, previousPublic, at, audience, isDuplicate } = verdict.result as Appended
      flat.push(APPENDED, sequence, previousPublic, at, audience === 'all', isDuplicate)
    } else flat.push('result', verdict.result)
  }
  return flat
}

const takeVerdict = (next: Next): Verdict => {
  const kind = next()
  if (kind === 'result') return { ok: true, result: next() as never }
  if (kind !== APPENDED) return { ok: false, error: takeError(kind, next) }
  const result: Appended = {
    sequence: next() as number,
    previousPublic: next() as number,
    at: next() as number,
    audience: next() ? 'all' : 'agents',
    isDuplicate: next() as boolean,
  }
  return { ok: true, result }
}

export const decodeVerdicts = (flat: Flat): Verdict[] => {
  const { next, hasMore } = reader(flat)
  const verdicts: Verdict[] = []
  while (hasMore()) verdicts.push(takeVerdict(next))
  return verdicts
}

export const encodeError = (error: Error): Flat => {
  const flat: Flat = []
  pushError(flat, error)
  return flat
}

export const decodeError = (flat: Flat): Error => {
  const { next } = reader(flat)
  return takeError(next(), next)
}

export interface ThreadStart {
  readonly role: 'writer' | 'reader' | 'checkpointer'
  readonly file: string
  readonly epoch: string
}

export interface Query {
  readonly name: QueryName
  readonly data: unknown
}

/** To a thread. Every request is answered once, in order. */
export type Request =
  | { readonly kind: 'batch'; readonly flat: Flat }
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'close' }

/** From a thread. The first one says that it is ready, or why not. */
export type Reply =
  | { readonly kind: 'ready'; readonly epoch: string }
  | {
      readonly kind: 'verdicts'
      readonly flat: Flat
      /** 1 for the first of the batches that shared a commit. */
      readonly commits: number
      readonly unmovedLogBytes: number
    }
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly flat: Flat }
  | { readonly kind: 'done' }
