/**
 * What is asked of structured content and quick replies whoever composed them: that they do not nest
 * without end, that no link runs a script, and that images come over https. Renderers are not trusted to
 * see to it. [CNT4] [CNT5]
 */
import { pointerText } from '@ringdown/protocol'
import { objectOf } from './decoded.ts'

/** Levels of objects and lists; a layout inside a layout takes two. */
const MAX_DEPTH = 32

/** Browsers pass over these when they look for a scheme. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what hides a scheme
const IGNORED = /^[\u0000-\u0020]+|[\t\n\r]/g
const RUNS_SCRIPT = /^(?:javascript|data|vbscript):/i

/** Also as the end of a longer name, such as `imageUrl`. */
const NAMES_ADDRESS = /(?:uri|url|href|src|link)$/i

const isDangerous = (address: string): boolean => RUNS_SCRIPT.test(address.replaceAll(IGNORED, ''))

/** `*.example.com` stands for every host below it. */
const admits = (pattern: string, host: string): boolean =>
  pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern

const imageFault = (address: unknown, hosts: readonly string[]): string | undefined => {
  if (typeof address !== 'string') return undefined
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol !== 'https:') return 'must be an https address'
  if (hosts.length === 0 || hosts.some((pattern) => admits(pattern, url.hostname))) return undefined
  return 'must be on a host that the account allows'
}

const NESTED = `must not nest deeper than ${MAX_DEPTH} levels`

/** What is wrong with the addresses of one object: the place below it, and a sentence. */
const addressFault = (
  object: Readonly<Record<string, unknown>>,
  hosts: () => readonly string[],
): string | undefined => {
  for (const name of Object.keys(object)) {
    const value = object[name]
    if (typeof value === 'string' && NAMES_ADDRESS.test(name) && isDangerous(value))
      return `/${name} must not be a javascript, data or vbscript link`
  }
  if (object['type'] !== 'image') return undefined
  const fault = imageFault(object['url'], hosts())
  return fault === undefined ? undefined : `/url ${fault}`
}

interface Walk {
  readonly depth: number
  /** What is sent back with a click is nobody's link: only its depth counts. */
  readonly isOpaque: boolean
  readonly hosts: () => readonly string[]
}

/** Recursive, since it goes no deeper than it admits. */
const faultIn = (value: object, { depth, isOpaque, hosts }: Walk): string | undefined => {
  if (depth > MAX_DEPTH) return ` ${NESTED}`
  const object = isOpaque ? undefined : objectOf(value)
  const own = object && addressFault(object, hosts)
  if (own !== undefined) return own
  for (const name of Object.keys(value)) {
    const one = (value as Readonly<Record<string, unknown>>)[name]
    if (typeof one !== 'object' || one === null) continue
    const walk = { depth: depth + 1, isOpaque: isOpaque || name === 'metadata', hosts }
    const fault = faultIn(one, walk)
    if (fault !== undefined) return `/${name}${fault}`
  }
  return undefined
}

const noHosts = (): readonly string[] => []

/** One sentence about the first fault, with its place as a JSON Pointer, or undefined. */
export const composedFault = (
  value: object,
  root: string,
  hosts: () => readonly string[] = noHosts,
): string | undefined => {
  const fault = faultIn(value, { depth: 1, isOpaque: false, hosts })
  if (fault === undefined) return undefined
  const end = fault.indexOf(' must ')
  return pointerText(root + fault.slice(0, end)) + fault.slice(end)
}
