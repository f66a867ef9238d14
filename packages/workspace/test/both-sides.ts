/** Agents in the workspace and a consumer in the window of a shop, with one server between them. */
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createServer } from 'node:tls'
import type { BrowserContextOptions } from 'playwright-core'
import type { ParticipantRole } from '../../server/src/domain/conversation.ts'
import { systemIds } from '../../server/src/ids.ts'
import { developmentCertificates } from '../../server/src/tls/dev-certificates.ts'
import { type Visit, type VisitOptions, visitShop } from '../../window/test/visit.ts'
import { type Place, until } from './world.ts'

/** A shop of this account's brand in a browser of its own, with the window open for a first message. */
export const shopper = async (place: Place, options: VisitOptions = {}): Promise<Visit> => {
  const origin = `http://localhost:${place.network.port}`
  const visit = await visitShop(place.world.browser, { origin, account: place.account }, options)
  await visit.begin()
  return visit
}

/** What the window's page is sent from now on, as text. */
export const framesTo = ({ page }: Visit): readonly string[] => {
  const frames: string[] = []
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => frames.push(String(payload))),
  )
  return frames
}

/** As if the agent had set it up so before. */
export const preferring = (place: Place, preferences: object): BrowserContextOptions => {
  const localStorage = [{ name: 'ringdown.preferences', value: JSON.stringify(preferences) }]
  return { storageState: { cookies: [], origins: [{ origin: place.origin, localStorage }] } }
}

/** The account's one conversation, once it is there. */
export const conversationOf = async ({ world, account }: Place) => {
  const find = () =>
    world.server.services.store.read('conversations', { accountId: account, limit: 2 })
  await until(async () => (await find()).length).toBe(1)
  const [found] = await find()
  if (!found) throw new Error('The conversation went away')
  return found
}

/** Everything in a dialog, as the server keeps it. */
export const logOf = ({ world, account }: Place, dialogId: string) =>
  world.server.services.store.read('events', {
    accountId: account,
    dialogId,
    from: 0,
    audience: 'agents',
    limit: 1_000,
  })

/** What those in this role said, in the order of the log. */
export const textsOf = (
  log: Awaited<ReturnType<typeof logOf>>,
  role: ParticipantRole,
): readonly unknown[] =>
  log
    .filter(({ publisher }) => publisher.role === role)
    .map(({ payload }) => JSON.parse(payload) as { type: string; message: unknown })
    .filter(({ type }) => type === 'ContentEvent')
    .map(({ message }) => message)

export interface Terminator extends AsyncDisposable {
  /** Where it is: `localhost:port`. */
  readonly authority: string
  /** The authority that its certificate is of. */
  readonly caFile: string
}

/** TLS before the server, as bots on the SDK want it. */
export const terminator = async (port: number): Promise<Terminator> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ringdown-tls-'))
  const clock = { now: () => Date.now() }
  const { cert, key, caFile } = await developmentCertificates(folder, { clock, ids: systemIds })
  const server = createServer({ cert, key }, (secure) => {
    const plain = connect(port, '127.0.0.1')
    for (const [one, other] of [
      [secure, plain],
      [plain, secure],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
      one.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    authority: `localhost:${(server.address() as { port: number }).port}`,
    caFile,
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
