import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { SocketClient } from '../packages/server/src/testing/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** A child process whose lines can be waited for. It is told to stop at the end of the scope. */
const run = (...args: string[]) => {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async line(wanted: string): Promise<string> {
      for (;;) {
        const { value, done } = await lines.next()
        if (done) throw new Error(`${args[0]} ended without "${wanted}"`)
        if (value.includes(wanted)) return value
      }
    },
    async [Symbol.asyncDispose]() {
      const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : []
      child.kill('SIGTERM')
      await gone
    },
  }
}

const folder = async () => {
  const made = await mkdtemp(path.join(tmpdir(), 'ringdown-example-'))
  return { path: made, [Symbol.asyncDispose]: () => rm(made, { recursive: true, force: true }) }
}

/** A consumer with a new identity, on a socket that trusts the development authority. */
const consumerOf = async (dataDir: string): Promise<SocketClient> => {
  const description = await readFile(path.join(dataDir, 'server.json'), 'utf8')
  const { address, account, ca } = JSON.parse(description)
  const minting = ['token', 'consumer', '--account', account, '--data', dataDir]
  await using minted = run('packages/cli/bin/ringdown.mjs', ...minting)
  const jwt = await minted.line('.')
  const url = `wss://localhost:${address.port}/ws_api/account/${account}/messaging/consumer?v=3`
  const headers = { Authorization: `jwt ${jwt}` }
  return SocketClient.open(url, { headers, ca: await readFile(ca, 'utf8') })
}

const event = (message: string) => ({ type: 'ContentEvent', contentType: 'text/plain', message })

const said = async (consumer: SocketClient): Promise<string> => {
  const { body } = await consumer.next('MessagingEventNotification')
  return body.changes[0].event.message
}

it('the example bot answers a consumer of a server started as the README says', async () => {
  await using data = await folder()
  await using server = run(
    'packages/cli/bin/ringdown.mjs',
    ...['serve', '--dev', '--port', '0', '--data', data.path, '--log-level', 'error'],
  )
  await server.line('Ctrl-C')
  await using bot = run('examples/bot/echo-bot.mjs', data.path)
  await bot.line('ana is online')
  await using consumer = await consumerOf(data.path)

  const { body } = await consumer.request('cm.ConsumerRequestConversation')
  const dialogId = body.conversationId
  expect(await said(consumer)).toBe('Hello, I am a bot. I say what you say.')
  await consumer.request('ms.PublishEvent', { dialogId, event: event('hi there') })
  expect(await said(consumer)).toBe('You said: hi there')
  expect(await bot.line('consumer, 1')).toBe('consumer, 1: hi there')

  await consumer.request('cqm.SubscribeExConversations', { convState: ['CLOSE'] })
  await consumer.next('ExConversationChangeNotification')
  await consumer.request('ms.PublishEvent', { dialogId, event: event('#close') })
  const closed = await consumer.next('ExConversationChangeNotification')
  expect(closed.body.changes[0].result.conversationDetails.state).toBe('CLOSE')
}, 60_000)
