/** What browsers may do with our pages. [WEB3] */

/** Words of a `Content-Security-Policy`, by directive. */
type Policy = Readonly<Record<string, readonly string[]>>

export type Application = 'window' | 'workspace' | 'portal' | 'demo'

export interface PageAsked {
  /** `host:port` of the request. */
  readonly authority: string
  readonly isSecure: boolean
  /** Who may embed it; empty: anybody. Counts for the window alone. */
  readonly allowedOrigins: readonly string[]
  /** Where pictures may come from, `*.` for all hosts below one; empty: from anywhere over TLS. [WEB9] */
  readonly imageHosts?: readonly string[]
}

const AUTHORITY = /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i
/** Nothing in a list of origins can become another directive. */
const ORIGIN = /^https?:\/\/(?:\*\.)?(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i

const HOST = /^(?:\*\.)?[a-z0-9.-]+$/i

const picturesFrom = ({ imageHosts = [] }: PageAsked): readonly string[] =>
  imageHosts.length === 0
    ? ['https:']
    : imageHosts.filter((host) => HOST.test(host)).map((host) => `https://${host}`)

/** `'self'` stands for sockets too, but not in every browser. */
const sockets = ({ authority, isSecure }: PageAsked): readonly string[] =>
  AUTHORITY.test(authority)
    ? [`wss://${authority}`, ...(isSecure ? [] : [`ws://${authority}`])]
    : []

const framedBy = (application: Application, { allowedOrigins }: PageAsked): readonly string[] => {
  if (application !== 'window') return ["'none'"]
  if (allowedOrigins.length === 0) return ['*']
  return ["'self'", ...allowedOrigins.filter((origin) => ORIGIN.test(origin))]
}

const policy = (application: Application, asked: PageAsked): Policy => ({
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'connect-src': ["'self'", ...sockets(asked)],
  'img-src': ["'self'", 'data:', 'blob:', ...picturesFrom(asked)],
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
})

const YEAR_SECONDS = 31_536_000

/** The headers of a page, besides those that all answers have. */
export const pageHeaders = (
  application: Application,
  asked: PageAsked,
  isDevelopment: boolean,
): Readonly<Record<string, string>> => ({
  'content-security-policy': Object.entries(policy(application, asked))
    .map(([directive, words]) => [directive, ...words].join(' '))
    .join('; '),
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'cache-control': 'no-cache',
  // A development certificate must not lock a browser out of everything else on that host.
  ...(asked.isSecure &&
    !isDevelopment && { 'strict-transport-security': `max-age=${YEAR_SECONDS}` }),
})
