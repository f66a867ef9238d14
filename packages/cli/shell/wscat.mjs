/**
 * The packaged wscat with two additions, both by way of the WebSocket class that it uses:
 * `-k SECONDS` pings while the socket is open; and when input is piped, no line is lost before the
 * socket opens, and the end of the input waits until the answers have come.
 */
import { createRequire } from 'node:module'
import process from 'node:process'
import { PassThrough } from 'node:stream'
import { splitArguments, UsageError } from './wscat-arguments.mjs'

/** Silence after the last line of piped input that counts as "all answers have come". */
const QUIET_MS = 1_000

const require = createRequire(import.meta.url)
const manifest = require.resolve('wscat/package.json')
const fromWscat = createRequire(manifest)

const onSocket = (event, react) => {
  const { prototype } = fromWscat('ws')
  const { emit } = prototype
  prototype.emit = function emitAndReact(name, ...values) {
    const result = emit.call(this, name, ...values)
    if (name === event) react(this)
    return result
  }
}

const keepAlive = (periodSeconds) => {
  onSocket('open', (socket) => {
    const timer = setInterval(() => socket.readyState === 1 && socket.ping(), periodSeconds * 1000)
    socket.once('close', () => clearInterval(timer))
  })
}

/** wscat reads lines from its start and listens to them from the opening on, and leaves at their end. */
const holdInput = () => {
  const real = process.stdin
  const held = new PassThrough()
  Object.defineProperty(process, 'stdin', { value: held, configurable: true })
  let quiet
  let isOver = false
  const waitForQuiet = () => {
    clearTimeout(quiet)
    quiet = setTimeout(() => held.end(), QUIET_MS)
  }
  onSocket('open', () => {
    real.pipe(held, { end: false })
    real.once('end', () => {
      isOver = true
      waitForQuiet()
    })
  })
  onSocket('message', () => isOver && waitForQuiet())
}

try {
  const { keepAliveSeconds, rest } = splitArguments(process.argv.slice(2))
  if (keepAliveSeconds !== undefined) keepAlive(keepAliveSeconds)
  const isConnecting = rest.some((arg) => /^(-c|--connect)/.test(arg))
  const isExecuting = rest.some((arg) => /^(-x|--execute)/.test(arg))
  if (isConnecting && !isExecuting && !process.stdin.isTTY) holdInput()
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write('Also: -k, --keepalive <seconds>  ping every so many seconds\n\n')
  }
  process.argv = [process.execPath, 'wscat', ...rest]
  fromWscat('./bin/wscat')
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`error: ${error.message}\n`)
  process.exitCode = 1
}
