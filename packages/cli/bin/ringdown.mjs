#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheFolder, onRuntime } from './runtime.mjs'

const at = (relative) => fileURLToPath(new URL(relative, import.meta.url))

await onRuntime(at('./ringdown.mjs'), async () => {
  if (!existsSync(at('../../../node_modules')) && existsSync(at('../../../package-lock.json'))) {
    process.stderr.write(
      'ringdown: dependencies are missing. Run `npm ci` in the repository first.\n',
    )
    process.exitCode = 78
    return
  }
  // Imported here, since older Nodes, which only get as far as the launcher, do not have it.
  const { enableCompileCache } = await import('node:module')
  // Compiled code is kept, which takes a third off the start of every command.
  enableCompileCache(path.join(cacheFolder(process.env, process.platform, homedir()), 'compiled'))
  const { main } = await import('../src/main.ts')
  await main(process.argv)
})
