/**
 * Passwords, kept as scrypt hashes with their parameters: `scrypt$<log2 N>$<r>$<p>$<salt>$<hash>`.
 * One hash takes 128 MB and a large part of a second, so few run at once, some wait, and the rest
 * are turned away with `unavailable`. [AG22]
 */
import { type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Refusal } from '@ringdown/protocol'
import type { Ids } from '../ids.ts'

export const MAX_PASSWORD_BYTES = 1024
const HASH_BYTES = 32
const RUNNING_AT_ONCE = 2
const WAITING_AT_MOST = 64

export interface PasswordVerdict {
  readonly isRight: boolean
  /** The hash was made with weaker parameters than the present ones. */
  readonly needsRehash: boolean
}

export interface Passwords {
  hash(password: string): Promise<string>
  /** Without a stored hash it takes the same time and says no. [AG21] */
  verify(password: string, stored: string | undefined): Promise<PasswordVerdict>
}

interface Cost {
  readonly logN: number
  readonly r: number
  readonly p: number
}

const presentCost: Cost = { logN: 17, r: 8, p: 1 }

const scryptAsync = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

const derive = (password: string, salt: Buffer, { logN, r, p }: Cost): Promise<Buffer> =>
  scryptAsync(password.normalize('NFKC'), salt, HASH_BYTES, {
    N: 2 ** logN,
    r,
    p,
    maxmem: 2 * 128 * 2 ** logN * r,
  })

interface StoredHash extends Cost {
  readonly salt: Buffer
  readonly hash: Buffer
}

const parse = (stored: string): StoredHash => {
  const [scheme, logN, r, p, salt, hash] = stored.split('$')
  if (scheme !== 'scrypt' || !salt || !hash) throw new Error('A stored password hash is damaged')
  return {
    logN: Number(logN),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, 'base64url'),
    hash: Buffer.from(hash, 'base64url'),
  }
}

/** Lets a few pieces of work run at once; refuses when too many wait. */
const boundedPool = (running: number, waiting: number) => {
  const queue: (() => void)[] = []
  let free = running
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free -= 1
    else if (queue.length >= waiting) throw new Refusal('unavailable', 'Too many logins at once')
    else await new Promise<void>((resolve) => queue.push(resolve))
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else free += 1
    }
  }
}

/** Hashes and checks passwords; `logN` is lowered only where many agents are made for a test. */
export const scryptPasswords = ({ ids, logN }: { ids: Ids; logN?: number }): Passwords => {
  const cost = { ...presentCost, ...(logN && { logN }) }
  const pool = boundedPool(RUNNING_AT_ONCE, WAITING_AT_MOST)
  const nobody: StoredHash = {
    ...cost,
    salt: Buffer.from(ids.secret(16), 'hex'),
    hash: Buffer.alloc(HASH_BYTES),
  }
  return {
    hash: (password) =>
      pool(async () => {
        const salt = Buffer.from(ids.secret(16), 'hex')
        const hash = await derive(password, salt, cost)
        const { logN: log, r, p } = cost
        return ['scrypt', log, r, p, salt.toString('base64url'), hash.toString('base64url')].join(
          '$',
        )
      }),
    verify: (password, stored) =>
      pool(async () => {
        const expected = stored === undefined ? nobody : parse(stored)
        const hash = await derive(password, expected.salt, expected)
        const isEqual = timingSafeEqual(hash, expected.hash)
        const isWeaker = expected.logN < cost.logN || expected.r < cost.r || expected.p < cost.p
        // scrypt pads with zero bytes: "x" and "x\0" have the same hash.
        const isMeant = stored !== undefined && !password.includes('\0')
        return { isRight: isMeant && isEqual, needsRehash: isWeaker }
      }),
  }
}
