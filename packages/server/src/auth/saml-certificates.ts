/** The certificates with which identity providers sign: pinned by the account, never looked up. */
import { type KeyObject, X509Certificate } from 'node:crypto'

const MIN_MODULUS_BITS = 2048

const rsaKeyOf = (der: Buffer): KeyObject | undefined => {
  try {
    const { publicKey } = new X509Certificate(der)
    const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0
    return publicKey.asymmetricKeyType === 'rsa' && bits >= MIN_MODULUS_BITS ? publicKey : undefined
  } catch {
    return undefined
  }
}

/** Base64 of the DER certificate, from any printed form of it; undefined when it is none. */
export const bareCertificate = (printed: string): string | undefined => {
  const base64 = printed.replace(/-----(?:BEGIN|END) CERTIFICATE-----/g, '').replace(/\s/g, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined
  return rsaKeyOf(Buffer.from(base64, 'base64')) && base64
}

/** The public key of a certificate in its kept form. Its dates do not count: it is pinned. */
export const certificateKey = (base64: string): KeyObject | undefined =>
  rsaKeyOf(Buffer.from(base64, 'base64'))
