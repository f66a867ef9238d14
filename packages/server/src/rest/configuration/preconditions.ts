/** `If-Match` on reads and writes, and the headers that tell the revision. [ADM5] */
import { Refusal } from '@ringdown/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** The revision that a header names; `any` for those that match always; undefined without one. */
const named = (header: string | undefined): number | 'any' | undefined => {
  if (header === undefined || header.trim() === '') return undefined
  const value = header.trim().replace(/^(?:W\/)?"(.*)"$/, '$1')
  if (value === '*' || value === '-1') return 'any'
  const revision = /^\d{1,15}$/.test(value) ? Number(value) : undefined
  if (revision === undefined)
    throw new Refusal('bad_request', 'If-Match must be a revision, -1 or *')
  return revision
}

/** Whether the client has what it asks for. -1 asks for everything. */
export const isUnchanged = ({ headers }: FastifyRequest, revision: number): boolean =>
  [headers['if-match'], headers['if-none-match']].some((header) => named(header) === revision)

/** What a write expects the revision to be. */
export const expectedBy = ({ headers }: FastifyRequest): { expectedRevision?: number } => {
  const revision = named(headers['if-match'])
  return typeof revision === 'number' ? { expectedRevision: revision } : {}
}

export const tellRevision = (reply: FastifyReply, revision: number): FastifyReply =>
  reply.header('ac-revision', String(revision)).header('etag', `"${revision}"`)
