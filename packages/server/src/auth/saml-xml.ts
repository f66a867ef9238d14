/**
 * A strict reader of small XML documents. What signed messages have no use for and attackers do
 * (document types, entities, comments, CDATA, instructions) is refused before anything is parsed.
 */
import { createRequire } from 'node:module'

/** As much of a node as is read here. The parser's own types would bring in a browser's globals. */
interface XmlNode {
  readonly nodeType: number
  readonly localName: string | null
  readonly namespaceURI: string | null
  readonly nodeValue: string | null
  readonly childNodes: ArrayLike<XmlNode>
}

export interface XmlElement extends XmlNode {
  readonly localName: string
  readonly attributes: ArrayLike<{ readonly localName: string | null; readonly value: string }>
  getAttribute(name: string): string | null
  hasAttribute(name: string): boolean
}

interface ParserOptions {
  readonly errorHandler: () => never
}

type Parser = new (
  options: ParserOptions,
) => {
  parseFromString(text: string, type: string): { readonly documentElement: XmlElement | null }
}

const { DOMParser } = createRequire(import.meta.url)('@xmldom/xmldom') as { DOMParser: Parser }

const ELEMENT = 1
const TEXT = 3

const refuse = (message: string): never => {
  throw new Error(message)
}

/** The root of a document. Throws when it is not well-formed, or holds what it must not. */
export const parseXml = (text: string): XmlElement => {
  const body = text.replace(/^\uFEFF?\s*<\?xml [^<>?]*\?>/, '')
  if (body.includes('<!') || body.includes('<?')) return refuse('markup that is not allowed')
  const parser = new DOMParser({ errorHandler: () => refuse('not well-formed') })
  return parser.parseFromString(body, 'text/xml').documentElement ?? refuse('no element')
}

const isElement = (node: XmlNode): node is XmlElement => node.nodeType === ELEMENT

export const childElements = (parent: XmlElement): readonly XmlElement[] =>
  Array.from(parent.childNodes).filter(isElement)

export interface Name {
  readonly namespace: string
  readonly name: string
}

export const isNamed = (element: XmlElement, { namespace, name }: Name): boolean =>
  element.namespaceURI === namespace && element.localName === name

export const children = (parent: XmlElement, name: Name): readonly XmlElement[] =>
  childElements(parent).filter((child) => isNamed(child, name))

/** The only child of that name; throws when there is none, or more than one. */
export const onlyChild = (parent: XmlElement, name: Name): XmlElement => {
  const [first, ...others] = children(parent, name)
  return first && others.length === 0 ? first : refuse(`not exactly one ${name.name}`)
}

/** Every element of the tree. A loop, since depth is the sender's choice. */
export const allElements = (root: XmlElement): readonly XmlElement[] => {
  const found: XmlElement[] = [root]
  for (let index = 0; index < found.length; index += 1)
    found.push(...childElements(found[index] as XmlElement))
  return found
}

/** The text of an element that holds nothing else. */
export const textOf = (element: XmlElement): string => {
  const nodes = Array.from(element.childNodes)
  if (nodes.some(({ nodeType }) => nodeType !== TEXT)) return refuse('text expected')
  return nodes.map(({ nodeValue }) => nodeValue ?? '').join('')
}

export const attributeOf = (element: XmlElement, name: string): string | undefined =>
  element.hasAttribute(name) ? (element.getAttribute(name) ?? undefined) : undefined
