/** A bucket per client address that fills steadily. [IDP16] */
import { isIPv6 } from 'node:net'
import type { Clock } from '../clock.ts'

const MINUTE_MS = 60_000
/** Above this many addresses those that are back to full are forgotten. */
const MANY_ADDRESSES = 10_000

const groupsOf = (half: string): readonly string[] => (half === '' ? [] : half.split(':'))

/** The first 64 bits of an IPv6 address: what one subscriber has to itself. */
const networkOf = (address: string): string => {
  const [start = '', end] = address.split('%', 1).join('').split('::')
  const head = groupsOf(start)
  const tail = end === undefined ? [] : groupsOf(end)
  const gap = end === undefined ? 0 : 8 - head.length - tail.length
  const groups = [...head, ...Array.from({ length: Math.max(gap, 0) }, () => '0'), ...tail]
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

/** Addresses that count as one client. */
export const limitKey = (address: string): string => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  return isIPv6(address) ? `${networkOf(address)}::/64` : address
}

export interface AddressLimiter {
  /** Takes one; says after how many seconds to come back when there is none. */
  take(address: string): number | undefined
}

interface Bucket {
  readonly level: number
  readonly at: number
}

export const addressLimiter = (
  clock: Pick<Clock, 'monotonic'>,
  { perMinute }: { perMinute: number },
): AddressLimiter => {
  const buckets = new Map<string, Bucket>()
  const levelOf = ({ level, at }: Bucket, now: number): number =>
    Math.min(perMinute, level + ((now - at) * perMinute) / MINUTE_MS)
  const forgetFull = (now: number): void => {
    for (const [key, bucket] of buckets) if (levelOf(bucket, now) >= perMinute) buckets.delete(key)
  }
  return {
    take(address) {
      const now = clock.monotonic()
      const key = limitKey(address)
      if (buckets.size >= MANY_ADDRESSES && !buckets.has(key)) forgetFull(now)
      const level = levelOf(buckets.get(key) ?? { level: perMinute, at: now }, now)
      if (level < 1) return Math.ceil(((1 - level) * MINUTE_MS) / perMinute / 1000)
      buckets.set(key, { level: level - 1, at: now })
      return undefined
    },
  }
}
