/** An identity provider of a test: its key, its certificate, and messages that it signs. */
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { X509CertificateGenerator } from '@peculiar/x509'
import { SignedXml } from 'xml-crypto'

const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
}

export const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
export const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'

export interface SignOptions {
  /** Which element: the assertion, unless said otherwise. */
  readonly element?: 'Assertion' | 'Response'
  readonly signatureAlgorithm?: string
  readonly digestAlgorithm?: string
  readonly canonicalizationAlgorithm?: string
  readonly transforms?: readonly string[]
}

export interface Provider {
  /** As an account keeps it. */
  readonly certificate: string
  readonly pem: string
  sign(xml: string, options?: SignOptions): string
}

export const newProvider = async (modulusLength = 2048): Promise<Provider> => {
  const keys = await webcrypto.subtle.generateKey({ ...ALGORITHM, modulusLength }, true, [
    'sign',
    'verify',
  ])
  const issued = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=Identity provider',
    notBefore: new Date('2020-01-01'),
    // Long over: the certificate is pinned, its dates do not count.
    notAfter: new Date('2021-01-01'),
    signingAlgorithm: ALGORITHM,
    keys,
  })
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  const privateKey = `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString('base64')}\n-----END PRIVATE KEY-----\n`
  const pem = issued.toString('pem')
  return {
    pem,
    certificate: Buffer.from(issued.rawData).toString('base64'),
    sign(xml, { element = 'Assertion', ...options } = {}) {
      const xpath = `//*[local-name(.)='${element}']`
      const signer = new SignedXml({
        privateKey,
        publicCert: pem,
        signatureAlgorithm: options.signatureAlgorithm ?? RSA_SHA256,
        canonicalizationAlgorithm: options.canonicalizationAlgorithm ?? EXCLUSIVE,
      })
      signer.addReference({
        xpath,
        transforms: [...(options.transforms ?? [ENVELOPED, EXCLUSIVE])],
        digestAlgorithm: options.digestAlgorithm ?? SHA256,
      })
      signer.computeSignature(xml, {
        location: { reference: `${xpath}/*[local-name(.)='Issuer']`, action: 'after' },
      })
      return signer.getSignedXml()
    },
  }
}

export interface AssertionParts {
  readonly id?: string
  readonly issuer?: string
  readonly name?: string
  readonly audience?: string
  readonly recipient?: string
  readonly notBefore?: string
  readonly notOnOrAfter?: string
  readonly confirmedUntil?: string
  readonly attributes?: Readonly<Record<string, string>>
}

const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion'
const BASE = 'https://chat.example:8443/api/account/acme'
let made = 0

export const newId = (): string => {
  made += 1
  return `_assertion-${made}`
}

const attribute = ([name, value]: [string, string]): string =>
  `<saml:Attribute Name="${name}"><saml:AttributeValue>${value}</saml:AttributeValue></saml:Attribute>`

/** An assertion about an agent, good from noon for five minutes on the first day of 2030. */
export const assertionXml = ({
  id = newId(),
  issuer = 'https://idp.example',
  name = 'ana',
  audience = BASE,
  recipient = `${BASE}/login`,
  notBefore = '2029-12-31T23:59:00Z',
  notOnOrAfter = '2030-01-01T00:05:00Z',
  confirmedUntil = notOnOrAfter,
  attributes = {},
}: AssertionParts = {}): string =>
  `<saml:Assertion xmlns:saml="${SAML}" ID="${id}" IssueInstant="2030-01-01T00:00:00Z" Version="2.0">` +
  `<saml:Issuer>${issuer}</saml:Issuer>` +
  `<saml:Subject><saml:NameID>${name}</saml:NameID>` +
  '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">' +
  `<saml:SubjectConfirmationData NotOnOrAfter="${confirmedUntil}" Recipient="${recipient}"/>` +
  '</saml:SubjectConfirmation></saml:Subject>' +
  `<saml:Conditions NotBefore="${notBefore}" NotOnOrAfter="${notOnOrAfter}">` +
  `<saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction>` +
  '</saml:Conditions>' +
  `<saml:AttributeStatement>${Object.entries(attributes).map(attribute).join('')}</saml:AttributeStatement>` +
  '</saml:Assertion>'

export const responseXml = (inside: string): string =>
  '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_response" Version="2.0">' +
  `<saml:Issuer xmlns:saml="${SAML}">https://idp.example</saml:Issuer>` +
  '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>' +
  `${inside}</samlp:Response>`
