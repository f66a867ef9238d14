import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { WebSocketServer } from '../websocket.ts'
import { Connection } from './connection.ts'
import { clientFrame, eventIdOf, FrameReader, messageOf, opcodes, PublishFrame } from './frames.ts'
import { type Heard, readText } from './read-text.ts'

const serverFrame = (text: string): Buffer => {
  const body = Buffer.from(text)
  if (body.length < 126) return Buffer.concat([Buffer.from([0x81, body.length]), body])
  const head = Buffer.from([0x81, 126, body.length >> 8, body.length & 0xff])
  if (body.length < 65_536) return Buffer.concat([head, body])
  const long = Buffer.alloc(10)
  long[0] = 0x81
  long[1] = 127
  long.writeBigUInt64BE(BigInt(body.length), 2)
  return Buffer.concat([long, body])
}

const collect = () => {
  const texts: string[] = []
  const reader = new FrameReader((_opcode, bytes, start, end) =>
    texts.push(bytes.toString('utf8', start, end)),
  )
  return { texts, reader }
}

describe('the frame reader', () => {
  const texts = ['', 'short', 'm'.repeat(126), 'l'.repeat(70_000), '{"ü":1}']
  const stream = Buffer.concat(texts.map(serverFrame))
  /** Where the longest text lies: what comes of it in single bytes says nothing more. */
  const [inside, after] = [200, stream.length - 100]

  it.each([1, 2, 3, 7, 1000, stream.length])('finds the frames in chunks of %i bytes', (size) => {
    const { texts: found, reader } = collect()
    for (let at = 0; at < stream.length; ) {
      const end = at > inside && at < after ? Math.max(after, at + size) : at + size
      reader.push(stream.subarray(at, end))
      at = end
    }
    expect(found).toEqual(texts)
  })

  it('refuses a fragment', () => {
    expect(() => collect().reader.push(Buffer.from([0x01, 0x00]))).toThrow('fragment')
  })
})

describe('client frames', () => {
  it('are what a WebSocket server reads', async () => {
    const http = createServer()
    const server = new WebSocketServer({ server: http })
    const heard = new EventEmitter()
    server.on('connection', (socket, request) => {
      heard.emit('path', request.url)
      socket.on('message', (message) => heard.emit('text', message.toString()))
      socket.on('pong', (data) => heard.emit('pong', data.toString()))
      socket.ping('are you there')
    })
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const { port } = http.address() as AddressInfo
    const path = once(heard, 'path')
    const pong = once(heard, 'pong')
    const connection = await Connection.open({ host: '127.0.0.1', port }, '/some/path')

    expect(await path).toEqual(['/some/path'])
    expect(await pong).toEqual(['are you there'])

    const plain = once(heard, 'text')
    connection.send(clientFrame('grüß dich'))
    expect(await plain).toEqual(['grüß dich'])

    const publish = once(heard, 'text')
    connection.send(new PublishFrame('dialog-1').make(9_876_543))
    const [text] = await publish
    expect(JSON.parse(text)).toEqual({
      kind: 'req',
      id: '0009876543',
      type: 'ms.PublishEvent',
      body: {
        dialogId: 'dialog-1',
        eventId: '0009876543',
        event: { type: 'ContentEvent', contentType: 'text/plain', message: messageOf(9_876_543) },
      },
    })
    expect(messageOf(9_876_543)).toHaveLength(100)

    connection.close()
    server.close()
    http.close()
    await once(http, 'close')
  })

  it('reject a payload beyond two bytes of length', () => {
    expect(() => clientFrame('x'.repeat(65_536))).toThrow('beyond')
    expect(clientFrame('', opcodes.pong)).toHaveLength(6)
  })
})

describe('reading what the server says', () => {
  const listen = (text: string) => {
    const said: unknown[] = []
    const heard: Heard = {
      answer: (...values) => said.push(['answer', ...values]),
      event: (...values) => said.push(['event', ...values]),
    }
    readText(text, heard)
    return said
  }
  const change = (operation: number, sequence: number, message = messageOf(operation)) => ({
    sequence,
    originatorId: 'a',
    event: { type: 'ContentEvent', contentType: 'text/plain', message },
    dialogId: 'd',
    eventId: eventIdOf(operation),
    previousSequence: sequence - 1,
  })
  const notification = (changes: unknown[], type = 'ms.MessagingEventNotification') =>
    JSON.stringify({ kind: 'notification', type, body: { dialogId: 'd', changes } })

  it('finds an answer', () => {
    const frame = { kind: 'resp', reqId: '0000000042', code: 200, type: 't', body: { sequence: 7 } }
    expect(listen(JSON.stringify(frame))).toEqual([['answer', 42, 200, 7]])
  })

  it('finds a refusal', () => {
    const frame = { kind: 'resp', reqId: '0000000042', code: 429, type: 't', body: 'Slow down.' }
    expect(listen(JSON.stringify(frame))).toEqual([['answer', 42, 429, -2]])
  })

  it('finds every event of a notification', () => {
    expect(listen(notification([change(5, 0), change(11, 1)]))).toEqual([
      ['event', 5, 0, -1, true],
      ['event', 11, 1, 0, true],
    ])
  })

  it('notices a changed text', () => {
    const other = `${messageOf(5).slice(0, -1)}!`
    expect(listen(notification([change(5, 0, other)]))).toEqual([['event', 5, 0, -1, false]])
  })

  it('leaves other notifications alone', () => {
    expect(listen(notification([change(5, 0)], 'cqm.ExConversationChangeNotification'))).toEqual([])
  })
})
