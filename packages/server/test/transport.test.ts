import { closes } from '@ringdown/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testServer } from '../src/testing/index.ts'
import { ManualClock } from '../src/testing/manual-clock.ts'
import { SocketClient } from '../src/testing/socket-client.ts'
import type { TestServer } from '../src/testing/test-server.ts'
import { consumerOf, unhurried } from './given.ts'
import { clientFrame, RawSocket, upgradeRequest } from './raw-socket.ts'

let server: TestServer
let account: string
const clock = new ManualClock()

beforeAll(async () => {
  server = await testServer({ clock, limits: unhurried })
  account = (await server.account()).id
})
afterAll(() => server[Symbol.asyncDispose]())

const path = () => `/ws_api/account/${account}/messaging/consumer?v=3`
const upgraded = (headers: readonly string[] = []) =>
  RawSocket.upgraded(server.running.port, path(), headers)
const raw = () => RawSocket.open(server.running.port)

const request = (body: Record<string, unknown>) => clientFrame(1, JSON.stringify(body))
const answerOf = async (socket: RawSocket) =>
  JSON.parse((await socket.frame())?.payload.toString() ?? 'null')

/** The process lives, and a stranger is served. */
const expectServing = async () => {
  await using ann = await consumerOf(server, account)
  expect((await ann.socket.request('GetClock')).code).toBe(200)
}

describe('frames that break the protocol', () => {
  it.each([
    ['an unmasked frame', clientFrame(1, '{}', { isMasked: false })],
    ['a reserved bit', clientFrame(1, '{}', { rsv: 1 })],
    ['the bit of compression that was not agreed on', clientFrame(1, '{}', { rsv: 4 })],
    ['a reserved opcode', clientFrame(3, '{}')],
    ['a reserved control opcode', clientFrame(11, '')],
    ['a fragmented control frame', clientFrame(9, '', { isFinal: false })],
    ['a control frame of 126 bytes', clientFrame(9, 'x'.repeat(126))],
    ['a continuation of nothing', clientFrame(0, '{}')],
    [
      'a message inside a message',
      Buffer.concat([clientFrame(1, '{', { isFinal: false }), clientFrame(1, '}')]),
    ],
  ])('[CON13] W12 %s closes with 1002', async (_, frame) => {
    await using socket = await upgraded()
    socket.write(frame)
    expect(await socket.closeFrame()).toMatchObject({ code: 1002, reason: closes.framing.reason })
    await expectServing()
  })

  it.each([
    ['invalid UTF-8', clientFrame(1, Buffer.from([0x7b, 0xc3, 0x28, 0x7d]))],
    ['an encoded surrogate', clientFrame(1, Buffer.from([0xed, 0xa0, 0x80]))],
    [
      'a code point that never ends',
      Buffer.concat([
        clientFrame(1, Buffer.from([0xf0, 0x9f]), { isFinal: false }),
        clientFrame(0, Buffer.from([0x61])),
      ]),
    ],
  ])('[CON13] W13 %s closes with 1007', async (_, frame) => {
    await using socket = await upgraded()
    socket.write(frame)
    expect(await socket.closeFrame()).toMatchObject({ code: 1007, reason: closes.not_text.reason })
  })

  it('[CON13] W13 a code point may be split between two fragments', async () => {
    await using socket = await upgraded()
    const bytes = Buffer.from(JSON.stringify({ kind: 'req', id: '😀', type: 'GetClock' }))
    const half = bytes.indexOf('😀') + 2
    socket.write(clientFrame(1, bytes.subarray(0, half), { isFinal: false }))
    socket.write(clientFrame(0, bytes.subarray(half)))
    expect(await answerOf(socket)).toMatchObject({ reqId: '😀', code: 200 })
  })
})

describe('frames that are too large', () => {
  const tooLarge = { code: 1009, reason: 'Frame too large' }

  it.each([2n ** 63n - 1n, 2n ** 53n, 2n ** 32n, 262_145n])(
    '[CON13] [FRM17] W04 an announced length of %d closes with 1009 before any byte of it',
    async (length) => {
      await using socket = await upgraded()
      const before = process.memoryUsage().arrayBuffers
      socket.write(clientFrame(1, '', { length }))
      expect(await socket.closeFrame()).toEqual(tooLarge)
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024)
    },
  )

  it('[CON13] W04 a length of 2^63 closes with 1009 or 1002', async () => {
    await using socket = await upgraded()
    socket.write(clientFrame(1, '', { length: 2n ** 63n }))
    expect([1002, 1009]).toContain((await socket.closeFrame())?.code)
  })

  it('[CON13] [LIM2] 256 KiB are read, also in fragments, and one byte more is not', async () => {
    const frame = (size: number) => {
      const bare = JSON.stringify({ kind: 'req', id: '1', type: 'GetClock', pad: '' })
      return bare.replace('"pad":""', `"pad":"${'x'.repeat(size - bare.length)}"`)
    }
    await using socket = await upgraded()
    socket.write(clientFrame(1, frame(262_144)))
    expect(await answerOf(socket)).toMatchObject({ code: 200 })
    const exact = frame(262_144)
    socket.write(clientFrame(1, exact.slice(0, 200_000), { isFinal: false }))
    socket.write(clientFrame(0, exact.slice(200_000)))
    expect(await answerOf(socket)).toMatchObject({ code: 200 })
    socket.write(clientFrame(1, frame(262_145)))
    expect(await socket.closeFrame()).toEqual(tooLarge)
  })

  it('[CON13] [FRM17] W05 endless fragments close with 1009, never 1008', async () => {
    const flood = Buffer.concat([
      clientFrame(1, 'x', { isFinal: false }),
      ...Array.from({ length: 2_000 }, () => clientFrame(0, 'x', { isFinal: false })),
    ])
    const sockets = await Promise.all(Array.from({ length: 10 }, () => upgraded()))
    for (const socket of sockets) socket.write(flood)
    for (const socket of sockets) {
      expect(await socket.closeFrame()).toEqual(tooLarge)
      await socket[Symbol.asyncDispose]()
    }
    await expectServing()
  })

  it('[CON13] W06 a message in chunks of one byte is read', async () => {
    await using socket = await upgraded()
    for (const byte of request({ kind: 'req', id: 'slow', type: 'GetClock' })) {
      socket.write(Buffer.from([byte]))
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    expect(await answerOf(socket)).toMatchObject({ reqId: 'slow', code: 200 })
  })

  it('[CON13] W07 compression is not negotiated', async () => {
    await using socket = await raw()
    socket.write(upgradeRequest(path(), ['Sec-WebSocket-Extensions: permessage-deflate']))
    const head = await socket.head()
    expect(head).toMatch(/^HTTP\/1\.1 101/)
    expect(head).not.toMatch(/sec-websocket-extensions/i)
  })

  it('[CON13] W09 a flood of pings from a peer that takes no pongs ends its connection', async () => {
    await using socket = await upgraded()
    socket.socket.pause()
    const pings = Buffer.concat(
      Array.from({ length: 2_000 }, () => clientFrame(9, 'x'.repeat(125))),
    )
    let isCut = false
    socket.closed.then(() => {
      isCut = true
    })
    for (let round = 0; round < 400 && !isCut; round += 1) {
      if (!socket.socket.write(pings))
        await Promise.race([
          new Promise<void>((resolve) => socket.socket.once('drain', resolve)),
          socket.closed,
        ])
    }
    socket.socket.resume()
    await socket.closed
    await expectServing()
  })
})

describe('upgrade requests', () => {
  it('[CON13] an offered subprotocol is not chosen and no reason to refuse', async () => {
    await using socket = await raw()
    socket.write(upgradeRequest(path(), ['Sec-WebSocket-Protocol: chat, superchat']))
    const head = await socket.head()
    expect(head).toMatch(/^HTTP\/1\.1 101/)
    expect(head).not.toMatch(/sec-websocket-protocol/i)
  })

  it.each([
    ['a subprotocol header of spaces', [`Sec-WebSocket-Protocol: b${' '.repeat(12_000)}x`]],
    ['a header of 32 KiB', [`Sec-WebSocket-Protocol: b${' '.repeat(32_000)}x`]],
    ['3,000 headers', Array.from({ length: 3_000 }, (_, index) => `X-${index}: 1`)],
    ['a key of the wrong form', ['Sec-WebSocket-Key: x']],
  ])('[CON13] W08 %s is answered with 4xx', async (_, headers) => {
    await using socket = await raw()
    socket.write(upgradeRequest(path(), headers))
    expect(await socket.head()).toMatch(/^HTTP\/1\.1 4(00|31)/)
    await expectServing()
  })

  it.each([
    [
      'Content-Length beside Transfer-Encoding',
      ['Content-Length: 5', 'Transfer-Encoding: chunked'],
      '0\r\n\r\n',
    ],
    ['an unknown transfer coding', ['Transfer-Encoding: xchunked'], '0\r\n\r\n'],
    ['two lengths', ['Content-Length: 4', 'Content-Length: 5'], 'abcde'],
    ['a folded header', ['X-Folded: a', ' b'], ''],
    ['a header name with a space', ['Content-Length : 0'], ''],
  ])('[CON11] W19 %s is 400, and what follows is not a request', async (_, headers, body) => {
    await using socket = await raw()
    const head = [`POST /api/account/${account}/signup HTTP/1.1`, 'Host: x', ...headers, '', '']
    socket.write(`${head.join('\r\n')}${body}GET /livez HTTP/1.1\r\nHost: x\r\n\r\n`)
    await socket.closed
    const answers = socket.received.toString().split('HTTP/1.1 ').slice(1)
    expect(answers.map((answer) => answer.slice(0, 3))).toEqual(['400'])
  })

  it('[CON11] W19 lines that end with a bare LF are no request', async () => {
    await using socket = await raw()
    socket.write('GET /livez HTTP/1.1\nHost: x\nX: y\n\nGET /livez HTTP/1.1\nHost: x\n\n')
    await socket.closed
    expect(socket.received.toString()).toMatch(/^HTTP\/1\.1 400/)
    expect(socket.received.toString().match(/HTTP\/1\.1/g)).toHaveLength(1)
  })

  it('[CON13] W19 a request behind an upgrade is a broken frame', async () => {
    await using socket = await upgraded()
    socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n')
    expect(await socket.closeFrame()).toMatchObject({ code: 1002 })
  })
})

describe('slow peers', () => {
  it.each([
    ['says nothing', ''],
    ['sends half a request line', 'GET /li'],
    ['never ends its headers', `GET /livez HTTP/1.1\r\nHost: x\r\nX: y\r\n`],
  ])('[CON11] W10 one that %s is cut after 10 seconds', async (_, words) => {
    await using socket = await raw()
    socket.write(words)
    await clock.advance(9_000)
    expect(socket.socket.closed).toBe(false)
    await clock.advance(1_500)
    await socket.closed
    await expectServing()
  })

  it('[CON11] W10 a second request on the connection has no more time than the first', async () => {
    await using socket = await raw()
    socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n')
    expect(await socket.head()).toMatch(/^HTTP\/1\.1 200/)
    socket.write('GET /livez HTTP/1.1\r\nHo')
    await clock.advance(10_500)
    await socket.closed
    // Node itself would wait for five real seconds, from the last byte on.
  }, 3_000)

  it('[CON11] W11 a body that does not come ends the connection within 30 seconds', async () => {
    await using socket = await raw()
    socket.write(
      `POST /api/account/${account}/signup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{`,
    )
    await clock.advance(29_000)
    await clock.advance(1_500)
    await socket.closed
    await expectServing()
  })

  it('[CON11] an open socket and a quick client are left alone', async () => {
    await using ann = await consumerOf(server, account)
    await clock.advance(60_000)
    expect((await ann.socket.request('GetClock')).code).toBe(200)
  })
})

describe('TLS', () => {
  it('[CON11] [NAM7] W20 plain upgrades and requests on the TLS port are told to upgrade', async () => {
    const { mkdtemp, rm } = await import('node:fs/promises')
    const { tmpdir } = await import('node:os')
    const dataDir = await mkdtemp(`${tmpdir()}/ringdown-tls-`)
    await using stack = new AsyncDisposableStack()
    stack.defer(() => rm(dataDir, { recursive: true, force: true }))
    const secure = stack.use(await testServer({ config: { plainHttp: false, dev: true, dataDir } }))
    const { id } = await secure.account()
    const { port } = secure.running
    await expect(
      SocketClient.open(`ws://127.0.0.1:${port}/ws_api/account/${id}/messaging/consumer`),
    ).rejects.toThrow('426')
    const plain = await fetch(`http://127.0.0.1:${port}/api/account/${id}/signup`, {
      method: 'POST',
    })
    expect(plain.status).toBe(426)
    const { readFile } = await import('node:fs/promises')
    const ca = await readFile(secure.running.caFile as string, 'utf8')
    await using socket = await SocketClient.open(
      `wss://localhost:${port}/ws_api/account/${id}/messaging/consumer`,
      { ca },
    )
    expect((await socket.request('GetClock')).code).toBe(200)
  })
})

describe('the client address', () => {
  const addressSeen = async (trustedProxies: readonly string[], forwarded: string) => {
    await using behind = await testServer({ config: { trustedProxies } })
    const { id } = await behind.account()
    const token = await behind.signup(id)
    await using _ = await behind.consumer(id, {
      token,
      headers: { 'X-Forwarded-For': forwarded },
    })
    return [...behind.services.sessions.all].map(({ address }) => address)
  }

  it('[CON12] W20 is the peer whatever an untrusted one says', async () => {
    expect(await addressSeen([], '203.0.113.9')).toEqual(['127.0.0.1'])
    expect(await addressSeen(['10.0.0.0/8'], '203.0.113.9')).toEqual(['127.0.0.1'])
  })

  it('[CON12] is the nearest one that is not a trusted proxy', async () => {
    const seen = await addressSeen(
      ['127.0.0.1', '10.0.0.0/8'],
      '198.51.100.1, 203.0.113.9, 10.1.2.3',
    )
    expect(seen).toEqual(['203.0.113.9'])
  })
})
