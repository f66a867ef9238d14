import { createHash, timingSafeEqual } from 'node:crypto'

const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** The form in which random secrets are kept: SHA-256 in hex. */
export const secretHash = (secret: string): string => digest(secret).toString('hex')

/** Compares two secrets in a time that depends on neither. */
export const isSameSecret = (one: string, other: string): boolean =>
  timingSafeEqual(digest(one), digest(other))
