/**
 * What an identity provider really signed. Signature wrapping works by letting one part of a message
 * be checked and another be read; here only the canonical bytes whose digest was signed are read on,
 * and a message that could be understood in two ways is refused before. [AG40]
 */
import type { KeyObject } from 'node:crypto'
import { ExclusiveCanonicalization, SignedXml } from 'xml-crypto'
import {
  allElements,
  attributeOf,
  childElements,
  children,
  isNamed,
  type Name,
  onlyChild,
  parseXml,
  type XmlElement,
} from './saml-xml.ts'

const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ENVELOPED = `${DSIG}enveloped-signature`
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const SHA_256 = 'http://www.w3.org/2001/04/xmlenc#sha256'

const signed = (name: string): Name => ({ namespace: DSIG, name })
const ASSERTION: Name = { namespace: 'urn:oasis:names:tc:SAML:2.0:assertion', name: 'Assertion' }
const RESPONSE: Name = { namespace: 'urn:oasis:names:tc:SAML:2.0:protocol', name: 'Response' }

const refuse = (message: string): never => {
  throw new Error(message)
}

/** Ids must name one element each, in whatever spelling of the attribute somebody looks for them. */
const refuseAmbiguousIds = (elements: readonly XmlElement[]): void => {
  const ids = elements.flatMap(({ attributes }) =>
    Array.from(attributes)
      .filter(({ localName }) => localName?.toLowerCase() === 'id')
      .map(({ value }) => value),
  )
  if (new Set(ids).size !== ids.length) refuse('an id is used twice')
}

/** The only assertion: the message itself, or the one child of a response. */
const assertionIn = (root: XmlElement, elements: readonly XmlElement[]): XmlElement => {
  const all = elements.filter(({ localName }) => /assertion$/i.test(localName))
  const assertion = isNamed(root, ASSERTION)
    ? root
    : isNamed(root, RESPONSE)
      ? onlyChild(root, ASSERTION)
      : refuse('neither an assertion nor a response')
  // Also encrypted ones, and assertions of other versions or inside of extensions.
  return all.length === 1 && all[0] === assertion ? assertion : refuse('more than one assertion')
}

const algorithmOf = (element: XmlElement): string => attributeOf(element, 'Algorithm') ?? ''

/** One reference, to the parent of the signature, by exclusive canonicalisation and SHA-256. */
const refuseOddSignature = (signature: XmlElement, parent: XmlElement): void => {
  const info = onlyChild(signature, signed('SignedInfo'))
  onlyChild(signature, signed('SignatureValue'))
  const reference = onlyChild(info, signed('Reference'))
  const id = attributeOf(parent, 'ID') ?? ''
  if (id === '' || attributeOf(reference, 'URI') !== `#${id}`) refuse('signs something else')
  if (algorithmOf(onlyChild(info, signed('CanonicalizationMethod'))) !== EXCLUSIVE)
    refuse('canonicalisation')
  if (algorithmOf(onlyChild(info, signed('SignatureMethod'))) !== RSA_SHA256)
    refuse('signature algorithm')
  if (algorithmOf(onlyChild(reference, signed('DigestMethod'))) !== SHA_256) refuse('digest')
  const transforms = childElements(onlyChild(reference, signed('Transforms'))).map(algorithmOf)
  if (transforms.join(' ') !== `${ENVELOPED} ${EXCLUSIVE}`) refuse('transforms')
  // A second SignedInfo hidden deeper down would be found by a search.
  const names = allElements(signature).map(({ localName }) => localName)
  for (const name of ['SignedInfo', 'SignatureValue', 'Reference', 'DigestValue'])
    if (names.filter((one) => one === name).length !== 1) refuse(`not exactly one ${name}`)
}

/** The canonical form of what the signature covers, when the key made it. */
const signedBytes = (xml: string, signature: XmlElement, key: KeyObject): string | undefined => {
  const checker = new SignedXml({ publicCert: key })
  const { [ENVELOPED]: enveloped } = checker.CanonicalizationAlgorithms
  const { [RSA_SHA256]: rsaSha256 } = checker.SignatureAlgorithms
  const { [SHA_256]: sha256 } = checker.HashAlgorithms
  if (!enveloped || !rsaSha256 || !sha256) return refuse('the library lacks an algorithm')
  checker.CanonicalizationAlgorithms = {
    [EXCLUSIVE]: ExclusiveCanonicalization,
    [ENVELOPED]: enveloped,
  }
  checker.SignatureAlgorithms = { [RSA_SHA256]: rsaSha256 }
  checker.HashAlgorithms = { [SHA_256]: sha256 }
  try {
    checker.loadSignature(signature as never)
    if (!checker.checkSignature(xml)) return undefined
  } catch {
    // Thrown for a wrong signature as well: another key may have made it.
    return undefined
  }
  const [only, ...others] = checker.getSignedReferences()
  return others.length === 0 ? only : undefined
}

/** A message of which one signature has to be checked. */
export interface SignedMessage {
  /** The `Issuer` as it is claimed: it says whose keys to try, and nothing else. */
  readonly claimedIssuer: string
  /** The assertion as one of the keys signed it; undefined when none of them did. */
  verified(keys: readonly KeyObject[]): XmlElement | undefined
}

const signatureOf = (element: XmlElement): XmlElement | undefined => {
  const [first, ...others] = children(element, signed('Signature'))
  return others.length === 0 ? first : refuse('more than one signature of one element')
}

/** Reads a message; throws when it is not one, or could be understood in two ways. */
export const readSignedMessage = (xml: string): SignedMessage => {
  const root = parseXml(xml)
  const elements = allElements(root)
  refuseAmbiguousIds(elements)
  const assertion = assertionIn(root, elements)
  const own = signatureOf(assertion)
  const outer = root === assertion ? undefined : signatureOf(root)
  const known = [own, outer].filter((one) => one !== undefined)
  const all = elements.filter(({ localName }) => localName === 'Signature')
  if (all.length !== known.length) refuse('a signature in an unexpected place')
  const signature = own ?? outer ?? refuse('not signed')
  const covered = own ? assertion : root
  refuseOddSignature(signature, covered)
  const issuer = onlyChild(assertion, { ...ASSERTION, name: 'Issuer' })
  return {
    claimedIssuer: issuer.childNodes[0]?.nodeValue?.trim() ?? '',
    verified(keys) {
      for (const key of keys) {
        const bytes = signedBytes(xml, signature, key)
        if (bytes === undefined) continue
        const element = parseXml(bytes)
        if (attributeOf(element, 'ID') !== attributeOf(covered, 'ID')) return undefined
        return isNamed(element, ASSERTION) ? element : onlyChild(element, ASSERTION)
      }
      return undefined
    },
  }
}
