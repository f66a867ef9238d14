import type { Limits } from '../config.ts'
import { bad, type Decoded, fine, listOf, objectOf, type WireObject } from './decoded.ts'

/** A request's metadata: opaque objects, kept as one list. [EV28] */
export const metadataItems = (value: unknown): Decoded<readonly WireObject[]> => {
  const items: WireObject[] = []
  for (const item of listOf(value)) {
    const object = objectOf(item)
    if (!object) return bad('metadata')
    items.push(object)
  }
  return fine(items)
}

/** Encoded metadata is a text that only its receiver reads; it is kept as JSON of that text. [CNT13] */
export const encodedMetadataJson = (
  value: unknown,
  limits: Pick<Limits, 'metadataBytes'>,
): Decoded<string | undefined> => {
  if (value === undefined || value === null) return fine(undefined)
  if (typeof value !== 'string') return bad('encodedMetadata')
  const json = JSON.stringify(value)
  return Buffer.byteLength(json) > limits.metadataBytes
    ? bad('encodedMetadata is too large')
    : fine(json)
}

/** The same as the JSON that is stored and sent to readers; absent when there is none. */
export const metadataJson = (
  value: unknown,
  limits: Pick<Limits, 'metadataBytes'>,
): Decoded<{ json?: string; isAutomatic: boolean }> => {
  const items = metadataItems(value)
  if (!items.ok) return items
  if (items.value.length === 0) return fine({ isAutomatic: false })
  const json = JSON.stringify(items.value)
  if (Buffer.byteLength(json) > limits.metadataBytes) return bad('metadata is too large')
  return fine({ json, isAutomatic: items.value.some((item) => item['type'] === 'AutoMessage') })
}
