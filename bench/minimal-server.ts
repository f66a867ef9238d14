/**
 * The yardstick: the least a durable messaging server can do on Node and `ws`. It parses JSON,
 * gives each event the next number of its dialog, appends it to one file, and once that is synced
 * answers and notifies the dialog's two sockets. Nothing is verified, validated, authorised,
 * routed, limited or corked; events leave in the product's shape, so that one generator loads both.
 *
 * Usage: minimal-server.ts --data DIR --ready-file FILE
 */
import { randomUUID } from 'node:crypto'
import { fdatasync, openSync, renameSync, write, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { WebSocket } from 'ws'
import { WebSocketServer } from './websocket.ts'

interface Request {
  readonly id: string
  readonly type: string
  readonly body: {
    readonly dialogId: string
    readonly eventId: string
    readonly event: unknown
  }
}

interface Dialog {
  next: number
  readonly sockets: WebSocket[]
}

interface Pending {
  readonly line: string
  readonly settle: () => void
}

const { values: options } = parseArgs({
  options: { data: { type: 'string' }, 'ready-file': { type: 'string' } },
})
const dataDir = options.data ?? '.'
const logFile = join(dataDir, 'minimal.log')
const file = openSync(logFile, 'a')
const dialogs = new Map<string, Dialog>()
const stats = { commits: 0, eventsAppended: 0 }
let pending: Pending[] = []
let isWriting = false

/** What arrived during one sync shares the next. */
const flush = (): void => {
  if (isWriting || pending.length === 0) return
  isWriting = true
  const batch = pending
  pending = []
  const failed = (error: Error | null): void => {
    if (error) throw error
  }
  write(file, batch.map(({ line }) => line).join(''), (writeError) => {
    failed(writeError)
    fdatasync(file, (syncError) => {
      failed(syncError)
      stats.commits += 1
      stats.eventsAppended += batch.length
      for (const { settle } of batch) settle()
      isWriting = false
      flush()
    })
  })
}

const answer = (socket: WebSocket, request: Request, type: string, body: unknown): void =>
  socket.send(JSON.stringify({ kind: 'resp', reqId: String(request.id), code: 200, type, body }))

const publish = (socket: WebSocket, actorId: string, request: Request): void => {
  const { dialogId, eventId, event } = request.body
  const dialog = dialogs.get(dialogId) as Dialog
  const sequence = dialog.next++
  const serverTimestamp = Date.now()
  const change = {
    sequence,
    originatorId: actorId,
    originatorPId: actorId,
    originatorMetadata: { id: actorId, role: 'CONSUMER' },
    serverTimestamp,
    event,
    conversationId: dialogId,
    dialogId,
    eventId,
    messageAudience: 'ALL',
    previousSequence: sequence - 1,
  }
  pending.push({
    line: `${JSON.stringify(change)}\n`,
    settle: () => {
      answer(socket, request, 'ms.PublishEventResponse', { sequence })
      const frame = JSON.stringify({
        kind: 'notification',
        type: 'ms.MessagingEventNotification',
        body: { dialogId, changes: [change] },
      })
      for (const reader of dialog.sockets) reader.send(frame)
    },
  })
  flush()
}

const handle = (socket: WebSocket, actorId: string, request: Request): void => {
  if (request.type === 'ms.PublishEvent') publish(socket, actorId, request)
  else if (request.type === 'cm.ConsumerRequestConversation') {
    const conversationId = randomUUID()
    dialogs.set(conversationId, { next: 0, sockets: [] })
    answer(socket, request, 'cm.RequestConversationResponse', { conversationId })
  } else if (request.type === 'ms.SubscribeMessagingEvents') {
    dialogs.get(request.body.dialogId)?.sockets.push(socket)
    answer(socket, request, '.ams.GenericSubscribeResponse', {})
  } else answer(socket, request, 'StringResponse', 'OK')
}

/** The token is the name. */
const actorOf = ({ url = '', headers }: IncomingMessage): string =>
  headers.authorization?.replace('jwt ', '') ?? (url.split('?')[0] ?? '').split('/').at(-1) ?? ''

const http = createServer((_request, response) => response.end(JSON.stringify(stats)))
const server = new WebSocketServer({ server: http, perMessageDeflate: false })
server.on('connection', (socket, request) => {
  const actorId = actorOf(request)
  socket.on('message', (message) => handle(socket, actorId, JSON.parse(String(message)) as Request))
  socket.on('close', () => {
    for (const { sockets } of dialogs.values()) {
      const at = sockets.indexOf(socket)
      if (at >= 0) sockets.splice(at, 1)
    }
  })
})
http.listen(0, '127.0.0.1', () => {
  const { port } = http.address() as AddressInfo
  const readyFile = options['ready-file'] ?? join(dataDir, 'ready.json')
  writeFileSync(
    `${readyFile}.part`,
    JSON.stringify({ pid: process.pid, authority: `127.0.0.1:${port}`, logFile }),
  )
  renameSync(`${readyFile}.part`, readyFile)
})
process.on('SIGTERM', () => process.exit(0))
