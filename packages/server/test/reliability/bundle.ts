/**
 * `serve.ts` and all that it imports as a few files. Most of a start is finding and reading well over a
 * thousand modules, and tests start a hundred servers; what runs is the same. Tests of the commands
 * start the server as its users do.
 */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Plugin, rolldown } from 'rolldown'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const FOLDER = path.join(ROOT, 'node_modules', '.cache', 'ringdown-tests')
/** What the first of them compiled, for the others. */
export const COMPILED = path.join(FOLDER, 'compiled')
const SERVE = fileURLToPath(new URL('./serve.ts', import.meta.url))
const THREAD = fileURLToPath(new URL('../../src/store/sqlite/thread.ts', import.meta.url))
const THREAD_ADDRESS = "new URL('./thread.ts', import.meta.url)"

/** Sources go on finding what lies beside them, and the store its bundled thread. */
const addresses = (): Plugin => ({
  name: 'addresses',
  transform(code, id) {
    if (id.includes('node_modules') || !code.includes('import.meta.url')) return null
    let placed = code
    if (code.includes(THREAD_ADDRESS)) {
      const thread = this.emitFile({ type: 'chunk', id: THREAD, name: 'thread' })
      placed = code.replace(THREAD_ADDRESS, `new URL(import.meta.ROLLUP_FILE_URL_${thread})`)
    }
    return placed.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
  },
})

const OLD_MS = 24 * 3_600_000

/** What earlier sources were bundled into; what is younger another run may be starting. */
const forgetOld = (): void => {
  for (const name of readdirSync(FOLDER)) {
    const file = path.join(FOLDER, name)
    const writtenAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (Date.now() - writtenAt > OLD_MS) rmSync(file, { recursive: true, force: true })
  }
}

const build = async (): Promise<string> => {
  await using bundle = await rolldown({
    input: { serve: SERVE },
    platform: 'node',
    // It finds its own threads by where it lies.
    external: ['pino'],
    plugins: [addresses()],
  })
  const names = '[name]-[hash].mjs'
  const { output } = await bundle.generate({ entryFileNames: names, chunkFileNames: names })
  mkdirSync(FOLDER, { recursive: true })
  for (const file of output) {
    const target = path.join(FOLDER, file.fileName)
    const written = `${target}.${process.pid}`
    writeFileSync(written, file.type === 'chunk' ? file.code : file.source)
    // Other workers may be building the same, and have started it.
    renameSync(written, target)
  }
  forgetOld()
  return path.join(FOLDER, output[0].fileName)
}

let built: Promise<string> | undefined

/** The path of a script that does what `serve.ts` does. */
export const bundledServer = (): Promise<string> => {
  built ??= build()
  return built
}
