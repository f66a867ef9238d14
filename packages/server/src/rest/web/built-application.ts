/**
 * A web application as it was built, read into memory as a whole. What is not in the folder has no
 * address: nothing that a client sends becomes a path. [WEB5]
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

export interface BuiltFile {
  readonly contentType: string
  readonly etag: string
  /** Its name changes with its content. */
  readonly isHashed: boolean
  readonly plain: Buffer
  readonly gz?: Buffer
  readonly br?: Buffer
}

type Files = ReadonlyMap<string, BuiltFile>

const STAMP = '.built-from'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.wav': 'audio/wav',
  '.txt': 'text/plain; charset=utf-8',
}

const namesUnder = (folder: string, under = ''): readonly string[] =>
  readdirSync(path.join(folder, under), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(under, entry.name)
    return entry.isDirectory() ? namesUnder(folder, name) : [name]
  })

const readIfThere = (file: string): Buffer | undefined =>
  existsSync(file) ? readFileSync(file) : undefined

const readFile = (folder: string, name: string): BuiltFile => {
  const file = path.join(folder, name)
  const plain = readFileSync(file)
  const gz = readIfThere(`${file}.gz`)
  const br = readIfThere(`${file}.br`)
  return {
    contentType: contentTypes[path.extname(name)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 27)}"`,
    isHashed: name.startsWith('assets/'),
    plain,
    ...(gz && { gz }),
    ...(br && { br }),
  }
}

const isServed = (name: string) => !/\.(gz|br|map)$/.test(name) && !name.startsWith('.')

export class BuiltApplication {
  readonly #folder: string
  #builtAtMs = 0
  #files: Files = new Map()

  constructor(folder: string) {
    this.#folder = folder
  }

  get isBuilt(): boolean {
    return existsSync(path.join(this.#folder, STAMP))
  }

  /** Undefined where nothing was built. */
  get page(): BuiltFile | undefined {
    this.#refresh()
    return this.#files.get('index.html')
  }

  file(name: string): BuiltFile | undefined {
    if (this.#files.size === 0 || !name.startsWith('assets/')) this.#refresh()
    return this.#files.get(name)
  }

  /** Reads again after a new build. Parts of the one before stay, for pages that are still open. */
  #refresh(): void {
    const stamp = statSync(path.join(this.#folder, STAMP), { throwIfNoEntry: false })
    if (!stamp || stamp.mtimeMs === this.#builtAtMs) return
    const kept = [...this.#files].filter(([, { isHashed }]) => isHashed)
    const read = namesUnder(this.#folder)
      .filter(isServed)
      .map((name) => [name, readFile(this.#folder, name)] as const)
    this.#files = new Map([...kept, ...read])
    this.#builtAtMs = stamp.mtimeMs
  }
}
