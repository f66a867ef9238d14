import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Outcome, ringdown, served, temporaryFolder } from './command-line.ts'

let folder: string

beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Opens a conversation over plain HTTP and tells its id. */
const openConversation = async (authority: string, account: string): Promise<string> => {
  const signup = await fetch(`http://${authority}/api/account/${account}/signup`, {
    method: 'POST',
  })
  const { jwt } = (await signup.json()) as { jwt: string }
  const path = `/ws_api/account/${account}/messaging/consumer?v=3`
  const socket = new WebSocket(`ws://${authority}${path}`)
  await once(socket, 'open')
  const ask = async (id: string, frame: object): Promise<{ conversationId: string }> => {
    const answered = new Promise<{ body: { conversationId: string } }>((resolve) => {
      socket.onmessage = ({ data }) => {
        const answer = JSON.parse(String(data))
        if (answer.reqId === id) resolve(answer)
      }
    })
    socket.send(JSON.stringify({ kind: 'req', id, ...frame }))
    return (await answered).body
  }
  const headers = [{ type: '.ams.headers.ConsumerAuthentication', jwt }]
  await ask('1', { type: 'InitConnection', headers, body: {} })
  const { conversationId } = await ask('2', { type: 'cm.ConsumerRequestConversation', body: {} })
  socket.close()
  return conversationId
}

/** Asks until the pass that the opening began has been stored. */
const untilDecided = async (ask: () => Promise<Outcome>): Promise<Outcome> => {
  for (;;) {
    const outcome = await ask()
    if (outcome.code !== 0 || outcome.stdout.includes('nobody rung')) return outcome
  }
}

it('[RT24] why says in a table, or as data, how a conversation was routed', async () => {
  const data = ['--data', folder]
  const acme = ['--account', 'acme', ...data]
  await using server = await served(folder, '--plain-http')
  await ringdown(['account', 'create', 'acme', '--name', 'Acme', ...data])
  await ringdown(['agent', 'create', 'bea', ...acme])
  const id = await openConversation(server.ready.authority, 'acme')
  const { code, stdout, stderr } = await untilDecided(() => ringdown(['why', id, ...acme]))
  expect([code, stderr]).toEqual([0, ''])
  const [heading, , columns, ...rows] = stdout.trimEnd().split('\n')
  expect(heading).toBe(`Conversation ${id}: open, skill -1, assigned to nobody`)
  expect(columns).toMatch(/^when +what$/)
  expect(rows.map((row) => row.replace(/^\d\S+Z/, '').trim())).toEqual([
    'queued at skill -1 (new)',
    'nobody rung: nobody with the skill takes rings',
    'bea: takes no rings',
  ])
  const asData = await ringdown(['why', id, '--json', ...acme])
  expect(JSON.parse(asData.stdout)).toMatchObject({
    conversationId: id,
    steps: [{ step: 'queued' }, { step: 'decided', reason: 'not_listening', isReproduced: true }],
  })
  const unknown = await ringdown(['why', 'none', ...acme])
  expect([unknown.code, unknown.stdout]).toEqual([1, ''])
  expect(unknown.stderr).toContain('Conversation not found')
})
