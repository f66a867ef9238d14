/** A brand's page on an origin of its own, with a strict policy, that embeds the window. */
import { createServer, type Server } from 'node:http'

export interface ShopOptions {
  /** `http://127.0.0.1:port` of the server, or of a network in front of it. */
  readonly origin: string
  readonly account: string
  /** Members of the `init` call, as JavaScript. */
  readonly init?: string
  readonly lang?: string
  /** What the page does right after `init`, as JavaScript. */
  readonly after?: string
}

/** What a page has to allow, and nothing unsafe. */
const policy = (origin: string) =>
  [
    "default-src 'none'",
    `script-src 'self' ${origin}`,
    `frame-src ${origin}`,
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "require-trusted-types-for 'script'",
  ].join('; ')

const page = ({ origin, lang = 'en' }: ShopOptions) => `<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8"><title>A shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/shop.css"><script src="/before.js"></script>
<script src="${origin}/window/loader.js"></script><script src="/shop.js"></script></head>
<body><main><h1>A shop</h1><button id="other">Something else</button></main></body></html>`

/** What careless pages do to everything they hold. */
const CSS = `* { color: rgb(255, 0, 0) !important; font-size: 40px !important; }
div { display: none !important; position: static !important; width: 0 !important; }
main { display: block !important; }
iframe, button { border: 8px solid lime !important; }`

const BEFORE = `window.reports = []
document.addEventListener('securitypolicyviolation', (event) => {
  window.reports.push(event.violatedDirective + ' ' + event.blockedURI)
})`

const script = ({ account, init = '', after = '' }: ShopOptions) => `window.told = []
for (const name of ['ready', 'open', 'close', 'unread', 'message'])
  Ringdown('on', name, (detail) => window.told.push([name, detail]))
Ringdown('init', { account: ${JSON.stringify(account)}, ${init} })
${after}`

export class Shop implements AsyncDisposable {
  readonly #server: Server
  options: ShopOptions

  private constructor(options: ShopOptions) {
    this.options = options
    this.#server = createServer(({ url = '/' }, response) => {
      const path = url.split('?', 1)[0]
      const [type, text] =
        path === '/shop.js'
          ? ['text/javascript', script(this.options)]
          : path === '/before.js'
            ? ['text/javascript', BEFORE]
            : path === '/shop.css'
              ? ['text/css', CSS]
              : ['text/html; charset=utf-8', page(this.options)]
      response.writeHead(200, {
        'content-type': type,
        'content-security-policy': policy(this.options.origin),
        'cache-control': 'no-store',
      })
      response.end(text)
    })
  }

  static async open(options: ShopOptions): Promise<Shop> {
    const shop = new Shop(options)
    await new Promise<void>((resolve) => shop.#server.listen(0, '127.0.0.1', resolve))
    return shop
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as { port: number }).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
