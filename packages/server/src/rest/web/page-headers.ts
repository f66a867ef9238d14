/** What browsers may do with our pages. [WEB3] */

/** Words of a `Content-Security-Policy`, by directive. */
type Policy = Readonly<Record<string, readonly string[]>>

export type Application = 'window' | 'workspace' | 'portal' | 'demo'

export interface PageAsked {
  /** `host:port` of the request. */
  readonly authority: string
  readonly isSecure: boolean
  /** What the account lets in; absent: nothing and nobody. Counts for the window alone. */
  readonly admitted?: Admitted
}

export interface Admitted {
  /** Who may embed it; empty: anybody. */
  readonly allowedOrigins: readonly string[]
  /** Where pictures may come from, `*.` for all hosts below one; empty: from anywhere over TLS. [WEB9] */
  readonly imageHosts: readonly string[]
}

const AUTHORITY = /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i
/** Nothing in a list of origins can become another directive. */
const ORIGIN = /^https?:\/\/(?:\*\.)?(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i

const HOST = /^(?:\*\.)?[a-z0-9.-]+$/i

const picturesFrom = (application: Application, { admitted }: PageAsked): readonly string[] => {
  if (application !== 'window' || !admitted) return []
  const { imageHosts } = admitted
  return imageHosts.length === 0
    ? ['https:']
    : imageHosts.filter((host) => HOST.test(host)).map((host) => `https://${host}`)
}

/** `'self'` stands for sockets too, but not in every browser. */
const sockets = ({ authority, isSecure }: PageAsked): readonly string[] =>
  AUTHORITY.test(authority)
    ? [`wss://${authority}`, ...(isSecure ? [] : [`ws://${authority}`])]
    : []

const framedBy = (application: Application, { admitted }: PageAsked): readonly string[] => {
  if (application !== 'window' || !admitted) return ["'none'"]
  const { allowedOrigins } = admitted
  if (allowedOrigins.length === 0) return ['*']
  return ["'self'", ...allowedOrigins.filter((origin) => ORIGIN.test(origin))]
}

const policy = (application: Application, asked: PageAsked): Policy => ({
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'connect-src': ["'self'", ...sockets(asked)],
  'img-src': ["'self'", 'data:', 'blob:', ...picturesFrom(application, asked)],
  'media-src': ["'self'", 'blob:'],
  'font-src': ["'self'"],
  'manifest-src': ["'self'"],
  'worker-src': ["'self'"],
  'frame-src': application === 'demo' ? ["'self'"] : ["'none'"],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': framedBy(application, asked),
  'require-trusted-types-for': ["'script'"],
  // The workspace names the address of its worker; nothing else may make a script of a text.
  'trusted-types': [application === 'workspace' ? 'ringdown' : "'none'"],
})

const YEAR_SECONDS = 31_536_000

const written = (words: Policy): string =>
  Object.entries(words)
    .map(([directive, list]) => [directive, ...list].join(' '))
    .join('; ')

/** Opened by themselves they are documents, too: without scripts, and in nobody's frame. */
const bare: Policy = {
  'default-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
}

/** What a worker gets that runs under the headers of its own file. */
export const PART_POLICY = written({
  ...bare,
  'script-src': ["'self'"],
  'connect-src': ["'self'"],
  'require-trusted-types-for': ["'script'"],
})

/** The headers of every answer; pages, their parts and files have policies of their own. [WEB10] */
export const answerHeaders = (
  isSecure: boolean,
  isDevelopment: boolean,
): Readonly<Record<string, string>> => ({
  'x-content-type-options': 'nosniff',
  'content-security-policy': written(bare),
  'referrer-policy': 'no-referrer',
  // A development certificate must not lock a browser out of everything else on that host.
  ...(isSecure && !isDevelopment && { 'strict-transport-security': `max-age=${YEAR_SECONDS}` }),
})

/** The headers of a page, besides those that all answers have. */
export const pageHeaders = (
  application: Application,
  asked: PageAsked,
): Readonly<Record<string, string>> => ({
  'content-security-policy': written(policy(application, asked)),
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'cache-control': 'no-cache',
})
