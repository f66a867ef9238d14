import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { ringdown, SharedServer } from './command-line.ts'

const shared = new SharedServer('--dev')

const shell = (command: string, ...options: readonly string[]) =>
  ringdown(['shell', '--data', shared.folder, ...options, '-c', command])

const front = (name: string) => fileURLToPath(new URL(`../shell/${name}`, import.meta.url))

describe('shell', () => {
  it('[OPS61] sets the account and a variable per service', async () => {
    const { stdout } = await shell('echo $LP_ACCOUNT $LP_IDP $LP_ASYNCMESSAGINGENT $LP_AGENTVEP')
    const { authority } = shared.server.ready
    expect(stdout).toBe(`70010001 ${authority} ${authority} ${authority}\n`)
  })

  it('[OPS61] the exit code is that of the command', async () => {
    expect((await shell('exit 7')).code).toBe(7)
  })

  it('[OPS61] without a command it reads them from standard input', async () => {
    const { stdout } = await ringdown(['shell', '--data', shared.folder], {
      input: 'echo "<$LP_ACCOUNT>"\n',
    })
    expect(stdout).toBe('<70010001>\n')
  })

  it('[OPS61] --env and --env-file set variables, the former last', async () => {
    const file = path.join(shared.folder, 'lp.env')
    writeFileSync(file, 'LP_ACCOUNT=70010001\tput here\n\n* a remark\nLP_JWT=a.b.c\nX=file\n')
    const given = ['--env-file', file, '--env', 'X=flag']
    expect((await shell('echo $LP_ACCOUNT $LP_JWT $X', ...given)).stdout).toBe(
      '70010001 a.b.c flag\n',
    )
  })

  it('[OPS61] an unknown account, and no server, end with what to do', async () => {
    const unknown = await shell('true', '--account', 'nope')
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('no account nope')])
    const none = await ringdown(['shell', '--data', path.join(shared.folder, 'none'), '-c', 'true'])
    expect([none.code, none.stderr]).toEqual([69, expect.stringContaining('npm start')])
  })

  it('[OPS62] curl, jq and Node trust the server', async () => {
    const { stdout } = await shell(
      'curl -sS https://$LP_IDP/livez | jq -r .status; ' +
        `node -e 'fetch("https://" + process.env.LP_IDP + "/livez").then(r => console.log(r.status))'`,
    )
    expect(stdout).toBe('ok\n200\n')
  })

  it('[OPS62] wscat sends piped lines, shows the answers, and leaves', async () => {
    const { stdout, code } = await shell(
      'LP_JWT=`curl -s -X POST https://$LP_IDP/api/account/$LP_ACCOUNT/signup | jq -r .jwt`; ' +
        `echo '{"kind":"req","id":1,"type":"GetClock"}' | wscat -k 60 -H "Authorization:jwt $LP_JWT" ` +
        '-c "wss://$LP_ASYNCMESSAGINGENT/ws_api/account/$LP_ACCOUNT/messaging/consumer?v=3"',
    )
    expect(stdout).toContain('"reqId":"1","code":200')
    expect(code).toBe(0)
  })
})

interface ServerSocket {
  on(event: 'ping' | 'close', react: () => void): void
  close(): void
}

/** A WebSocket server of the class that wscat uses. */
const socketServer = async () => {
  const wscat = createRequire(import.meta.url).resolve('wscat/package.json')
  const { Server } = createRequire(wscat)('ws') as {
    Server: new (
      options: object,
    ) => { on(event: 'connection', react: (s: ServerSocket) => void): void }
  }
  const http = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => http.once('listening', resolve))
  const { port } = http.address() as { port: number }
  return { port, http, sockets: new Server({ server: http }) }
}

describe('wscat', () => {
  it('[OPS62] -k pings while the socket is open', async () => {
    const { port, http, sockets } = await socketServer()
    const args = [front('wscat.mjs'), '-k', '0.05', '-c', `ws://127.0.0.1:${port}`]
    const child = spawn(process.execPath, args)
    let pings = 0
    await new Promise<void>((resolve) => {
      sockets.on('connection', (socket) => {
        socket.on('ping', () => {
          pings += 1
          if (pings === 3) socket.close()
        })
        socket.on('close', resolve)
      })
    })
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0)
    expect(pings).toBe(3)
    http.close()
  })

  it('[OPS62] everything else goes to the packaged one', () => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [front('wscat.mjs'), ...args], { encoding: 'utf8' })
    expect(run('--version').stdout).toBe('6.1.0\n')
    expect(run('--nonsense').stderr).toContain(`unknown option '--nonsense'`)
    expect(run('-k', 'x')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('seconds'),
    })
  })
})

describe('missing tools', () => {
  /** A folder in which neither curl nor jq is found. */
  let PATH: string
  beforeAll(() => {
    PATH = path.join(shared.folder, 'poor-bin')
    mkdirSync(PATH)
    for (const program of ['sh', 'dirname']) {
      const found = spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' })
      symlinkSync(found.stdout.trim(), path.join(PATH, program))
    }
  })

  it('[OPS63] without curl the shell says how to get it', async () => {
    const options = ['shell', '--data', shared.folder, '-c', 'curl https://x']
    const { code, stderr } = await ringdown(options, { env: { PATH, SHELL: '/bin/sh' } })
    expect([code, stderr]).toEqual([127, expect.stringContaining('apt-get install curl')])
  })

  it('[OPS63] without jq a packaged one stands in', async () => {
    const command = `echo '{"jwt":"a.b.c"}' | jq -r .jwt`
    const options = ['shell', '--data', shared.folder, '-c', command]
    const { stdout } = await ringdown(options, { env: { PATH, SHELL: '/bin/sh' } })
    expect(stdout).toBe('a.b.c\n')
  })
})
