/**
 * Short-lived addresses of files. The signature is over method, path, expiry, declared size and type,
 * with a secret of the file's own: it is worth nothing for another file, or once the file is gone.
 * [FIL2] [FIL3]
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { HostedFile, IssuedFile } from '../domain/hosted-file.ts'

export type FileMethod = 'PUT' | 'GET'

export interface FileAddress {
  readonly relativePath: string
  readonly queryParams: {
    readonly temp_url_sig: string
    /** Seconds since the epoch. */
    readonly temp_url_expires: string
  }
}

type Signed = Pick<IssuedFile, 'path' | 'secret' | 'maxBytes' | 'fileType'>

/** As long as those that clients of this protocol know. */
const SIGNATURE_LENGTH = 40
const ROOT = '/v1/AUTH_async-images'

const signatureOf = (file: Signed, method: FileMethod, expires: string): string =>
  createHmac('sha256', file.secret)
    .update([method, file.path, expires, file.maxBytes, file.fileType].join('\n'))
    .digest('hex')
    .slice(0, SIGNATURE_LENGTH)

export const signedAddress = (file: Signed, method: FileMethod, expiresAt: number): FileAddress => {
  const expires = String(Math.ceil(expiresAt / 1000))
  return {
    relativePath: file.path,
    queryParams: {
      temp_url_sig: signatureOf(file, method, expires),
      temp_url_expires: expires,
    },
  }
}

export interface ShownAddress {
  readonly signature: unknown
  readonly expires: unknown
  readonly method: FileMethod
}

/** Whether somebody was given this address for this method and it has not expired. */
export const isGenuine = (
  file: HostedFile,
  { signature, expires, method }: ShownAddress,
  now: number,
): boolean => {
  if (typeof signature !== 'string' || typeof expires !== 'string') return false
  if (!/^\d{1,12}$/.test(expires)) return false
  const expected = Buffer.from(signatureOf(file, method, expires))
  const given = Buffer.from(signature.toLowerCase())
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false
  return now < Number(expires) * 1000
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')

/** `21-11-2026_14-05-09-123`, in UTC. */
const stamp = (now: number): string => {
  const at = new Date(now)
  const day = [at.getUTCDate(), at.getUTCMonth() + 1].map(twoDigits)
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(twoDigits)
  const thousandths = String(at.getUTCMilliseconds()).padStart(3, '0')
  return `${day.join('-')}-${at.getUTCFullYear()}_${time.join('-')}-${thousandths}`
}

/** A name that nobody can guess; nothing in it comes from a client's file name. [FIL1] */
export const newPath = ({
  accountId,
  uploader,
  fileType,
  uuid,
  now,
}: Pick<IssuedFile, 'accountId' | 'uploader' | 'fileType'> & {
  readonly uuid: string
  readonly now: number
}): string => {
  const name = uploader.kind === 'consumer' ? `${uploader.id}_uuid_${uuid}_${stamp(now)}` : uuid
  return `${ROOT}/${accountId}/${name}.${fileType}`
}

/** The path that an address of ours asks for. */
export const pathOf = (account: string, name: string): string => `${ROOT}/${account}/${name}`

/** Whether a request is about the bytes of a file, genuine or not. */
export const isFileRequest = ({ url = '' }: { readonly url?: string | undefined }): boolean =>
  url.replace(/^\/+/, '/').startsWith(`${ROOT}/`)

const FORM = new RegExp(`^/*${ROOT.slice(1)}/+([^/?#]+)/+([^/?#]+)$`)

/** The path that a client means: with one slash in front; undefined for any other address. [FIL11] */
export const cleanPath = (given: string, accountId: string): string | undefined => {
  const [, account, name] = FORM.exec(given) ?? []
  return account === accountId && name !== undefined ? pathOf(account, name) : undefined
}
