/**
 * `npm run build`: the web applications, each into its `dist`. Node runs everything else as it is.
 *
 * An application is a package with an `index.html`. What it was built from is hashed and kept beside the
 * output, so that a second run does nothing. The output is replaced as a whole once it is complete. [WEB1]
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { withLock } from './setup.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const STAMP = '.built-from'
const applications = ['window', 'workspace', 'portal']
/** What every application is made from besides its own folder. */
const common = [
  'packages/client/src',
  'packages/protocol/src',
  'package-lock.json',
  'scripts/build.mjs',
]
const notSource = new Set(['dist', 'node_modules', 'test'])
const isText = /\.(js|css|html|svg|json|webmanifest|txt)$/
/** Smaller ones gain nothing by it. */
const COMPRESSED_FROM_BYTES = 1024

const filesUnder = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && !notSource.has(name))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name)
      return entry.isDirectory() ? filesUnder(file) : [file]
    })

const fingerprint = (root, application) => {
  const hash = createHash('sha256')
  for (const part of [`packages/${application}`, ...common]) {
    const place = path.join(root, part)
    const files = /\.\w+$/.test(part) ? [place] : filesUnder(place)
    for (const file of files.sort()) hash.update(file).update(readFileSync(file))
  }
  return hash.digest('hex')
}

const stampOf = (dist) => {
  try {
    return readFileSync(path.join(dist, STAMP), 'utf8')
  } catch {
    // Never built.
    return undefined
  }
}

/** A script that other sites embed: one file under one name. */
const buildLoader = async (folder, output) => {
  const input = path.join(folder, 'src/loader/loader.ts')
  if (!existsSync(input)) return
  const { rolldown } = await import('rolldown')
  await using bundle = await rolldown({ input, platform: 'browser' })
  await bundle.write({ file: path.join(output, 'loader.js'), format: 'iife', minify: true })
}

const compress = (output) => {
  for (const file of filesUnder(output).filter((name) => isText.test(name))) {
    const content = readFileSync(file)
    if (content.length < COMPRESSED_FROM_BYTES) continue
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
    writeFileSync(`${file}.br`, brotliCompressSync(content))
  }
}

const build = async (root, application, stamp) => {
  const folder = path.join(root, 'packages', application)
  const dist = path.join(folder, 'dist')
  const output = path.join(root, '.cache', 'build', application)
  const { build: bundle } = await import('vite')
  rmSync(output, { recursive: true, force: true })
  await bundle({
    root: folder,
    base: `/${application}/`,
    configFile: path.join(folder, 'vite.config.ts'),
    logLevel: 'warn',
    // Tests hold the sizes; whoever starts the server for the first time need not hear of them.
    build: { outDir: output, emptyOutDir: true, chunkSizeWarningLimit: 2048 },
  })
  await buildLoader(folder, output)
  compress(output)
  writeFileSync(path.join(output, STAMP), stamp)
  rmSync(dist, { recursive: true, force: true })
  renameSync(output, dist)
}

/** Builds what is missing or older than its sources. One that cannot be built does not stop the others. */
export const buildStale = async ({ root = ROOT, say = () => {} } = {}) => {
  const built = []
  const failed = []
  for (const application of applications) {
    const folder = path.join(root, 'packages', application)
    if (!existsSync(path.join(folder, 'index.html'))) continue
    const isFresh = () => stampOf(path.join(folder, 'dist')) === fingerprint(root, application)
    if (isFresh()) continue
    const lock = path.join(root, '.cache', `build-${application}.lock`)
    try {
      await withLock(lock, async () => {
        if (isFresh()) return
        const started = performance.now()
        await build(root, application, fingerprint(root, application))
        built.push(application)
        const seconds = ((performance.now() - started) / 1000).toFixed(1)
        say(`build: ${application} in ${seconds} s
`)
      })
    } catch (error) {
      failed.push(application)
      say(`build: ${application} failed: ${error.message}
`)
    }
  }
  return { built, failed }
}

if (path.resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) {
  const { built, failed } = await buildStale({ say: (line) => process.stdout.write(line) })
  if (failed.length > 0) process.exitCode = 1
  else if (built.length === 0) process.stdout.write('build: everything is up to date\n')
}
