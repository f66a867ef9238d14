/**
 * Makes development certificates: a certificate authority, and a leaf that it signs.
 *
 * Loaded only when something has to be issued, since the X.509 library takes longer to load than all
 * the rest of a start.
 */
import 'reflect-metadata'
import { createPrivateKey, KeyObject, webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import type { Ids } from '../ids.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1'
/** Other machines' clocks may be a little behind. */
const SKEW_MS = 60 * 60 * 1000

export interface Issued {
  readonly cert: string
  readonly key: string
}

export interface Validity {
  readonly now: number
  readonly until: number
}

const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])

const toPem = (key: webcrypto.CryptoKey) =>
  KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString()

const fromPem = (pem: string) =>
  webcrypto.subtle.importKey(
    'pkcs8',
    createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' }),
    ALGORITHM,
    false,
    ['sign'],
  )

const dates = ({ now, until }: Validity) => ({
  notBefore: new Date(now - SKEW_MS),
  notAfter: new Date(until),
})

// A serial number is a positive integer: the first bit stays 0.
const serialNumber = (ids: Ids) => `01${ids.secret(15)}`

/** A new authority with the given common name. */
export const issueAuthority = async (
  commonName: string,
  validity: Validity,
  ids: Ids,
): Promise<Issued> => {
  const keys = await newKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(ids),
    name: `CN=${commonName}`,
    ...dates(validity),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { cert: certificate.toString('pem'), key: toPem(keys.privateKey) }
}

/** A server certificate for the given names, signed by the authority. */
export const issueLeaf = async (
  authority: Issued,
  names: readonly x509.JsonGeneralName[],
  validity: Validity,
  ids: Ids,
): Promise<Issued> => {
  const issuer = new x509.X509Certificate(authority.cert)
  const keys = await newKeys()
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(ids),
    subject: 'CN=localhost',
    issuer: issuer.subject,
    ...dates(validity),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: await fromPem(authority.key),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([SERVER_AUTHENTICATION]),
      new x509.SubjectAlternativeNameExtension([...names]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { cert: certificate.toString('pem'), key: toPem(keys.privateKey) }
}
