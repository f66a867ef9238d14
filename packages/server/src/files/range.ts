/** The `Range` header of a download: one range, or the whole file. [FIL12] */
import type { ByteRange } from './file-store.ts'

/** `whole` when there is no range to heed, `none` when it lies outside. */
export type Wanted = ByteRange | 'whole' | 'none'

const ONE = /^bytes=(\d{0,15})-(\d{0,15})$/

/** Several ranges would mean work without bound for one request: they get the whole file. */
export const wantedRange = (header: string | undefined, size: number): Wanted => {
  const [, from, to] = ONE.exec(header ?? '') ?? []
  if (from === undefined || to === undefined || (from === '' && to === '')) return 'whole'
  if (from === '') {
    const length = Math.min(Number(to), size)
    return length === 0 ? 'none' : { first: size - length, last: size - 1 }
  }
  const first = Number(from)
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (to !== '' && Number(to) < first) return 'whole'
  return first >= size ? 'none' : { first, last }
}
