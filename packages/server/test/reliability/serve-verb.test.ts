/** The same failure met by the real command. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './server-process.ts'
import { tracer, tracingProblem } from './system-calls.ts'

const RINGDOWN = fileURLToPath(new URL('../../../cli/bin/ringdown.mjs', import.meta.url))
const FATAL_EXIT = 70
/** More than a start on an empty folder needs, and reached soon after. */
const FIRST_FAILURE = 120
/** In the middle of making the tables. */
const FAILURE_AT_START = 20

interface Description {
  readonly adminToken: string
  readonly address: { readonly port: number }
}

const problem = tracingProblem()

describe.skipIf(problem !== undefined)(
  `ringdown serve${problem ? `: skipped, ${problem}` : ''}`,
  () => {
    it('[OPS2] [OPS52] exits with 70 and says why when a sync fails', async () => {
      await using folder = temporaryFolder()
      const inject = ['-e', `inject=fsync,fdatasync:error=EIO:when=${FIRST_FAILURE}+`]
      const [strace, ...before] = tracer('/dev/null', inject)
      const verb = ['serve', '--data', folder.path, '--port', '0', '--plain-http']
      const command = spawn(strace!, [...before, process.execPath, RINGDOWN, ...verb], {
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      await using stack = new AsyncDisposableStack()
      const ended = once(command, 'close')
      let complaint = ''
      command.stderr.setEncoding('utf8').on('data', (text: string) => {
        complaint += text
      })
      await Promise.race([once(command.stdout, 'data'), ended])
      const file = readFileSync(join(folder.path, 'server.json'), 'utf8')
      const { adminToken, address, pid } = JSON.parse(file) as Description & { pid: number }
      // Killing the tracer would leave the server behind.
      stack.defer(() => {
        if (command.exitCode === null) process.kill(pid, 'SIGKILL')
      })
      const write = (number: number) =>
        fetch(`http://127.0.0.1:${address.port}/ringdown/v1/accounts`, {
          method: 'POST',
          headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
          body: JSON.stringify({ id: String(7_000_000 + number) }),
        }).then(
          ({ status }) => status,
          () => 'gone' as const,
        )
      let number = 0
      while ((await write(number)) === 201) number += 1
      const [code] = (await ended) as [number | null]
      expect(code).toBe(FATAL_EXIT)
      expect(number).toBeGreaterThan(0)
      expect(complaint).toContain('The disk failed')
    })

    it('[OPS2] [OPS52] ends with a message when a sync fails at its first start', async () => {
      await using folder = temporaryFolder()
      const inject = ['-e', `inject=fsync,fdatasync:error=EIO:when=${FAILURE_AT_START}+`]
      const [strace, ...before] = tracer('/dev/null', inject)
      const verb = ['serve', '--data', folder.path, '--port', '0', '--plain-http']
      const command = spawn(strace!, [...before, process.execPath, RINGDOWN, ...verb])
      let complaint = ''
      command.stderr.setEncoding('utf8').on('data', (text: string) => {
        complaint += text
      })
      const [code] = (await once(command, 'close')) as [number | null]
      expect(code).toBeGreaterThan(0)
      expect(complaint).toContain('could not be migrated')
    })
  },
)
