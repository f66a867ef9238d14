/** What a hostile peer can do to the HTTP side with bytes of its own. */
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { openWorld, type World } from './identity-world.ts'

/** Sends the bytes and reads until the server closes; says which requests reached the routes. */
const exchange = async (world: World, bytes: string) => {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    world.rest.handle(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const answer = await new Promise<string>((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes))
    socket.on('data', (data) => {
      text += data.toString()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(text))
  })
  await new Promise((resolve) => server.close(resolve))
  return { answer, seen }
}

const SMUGGLED = 'POST /api/account/acme/signup HTTP/1.1\r\nHost: localhost\r\n\r\n'

const first = (...headers: string[]): string =>
  ['POST /api/account/acme/refresh HTTP/1.1', 'Host: localhost', ...headers, '', ''].join('\r\n')

describe('a request within a request', () => {
  it('[NAM9] W19 two honest requests are both answered', async () => {
    await using world = await openWorld()
    const { seen } = await exchange(world, first('Content-Length: 0') + SMUGGLED)
    expect(seen).toHaveLength(2)
  })

  it.each([
    [
      'length and chunks',
      `${first(`Content-Length: ${SMUGGLED.length + 5}`, 'Transfer-Encoding: chunked')}0\r\n\r\n`,
    ],
    ['two lengths', first('Content-Length: 0', `Content-Length: ${SMUGGLED.length}`)],
    ['a list of lengths', first('Content-Length: 0, 0')],
    ['an unknown coding', `${first('Transfer-Encoding: xchunked')}0\r\n\r\n`],
    ['chunks that are not last', `${first('Transfer-Encoding: chunked, identity')}0\r\n\r\n`],
    ['a folded header', first('X-Folded: a', ' b')],
    ['bare line feeds', 'POST /api/account/acme/refresh HTTP/1.1\nHost: localhost\n\n'],
    ['a space before the colon', first('Content-Length : 0')],
    ['a bad chunk size', `${first('Transfer-Encoding: chunked')}0x0\r\n\r\n`],
  ])('[NAM9] W19 by %s is not executed', async (_, bytes) => {
    await using world = await openWorld()
    const { answer, seen } = await exchange(world, bytes + SMUGGLED)
    expect(seen.filter((one) => one.includes('signup'))).toEqual([])
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1)
  })
})

describe('an address', () => {
  it.each([
    '/api/account/a%00b/service/baseURI.json',
    '/api/account/acme/configuration/le-users/users/%00',
    '/api/account/acme/app/%0a/authenticate',
  ])('[NAM9] %s never reaches the store', async (url) => {
    await using world = await openWorld()
    const method = url.endsWith('authenticate') ? 'POST' : 'GET'
    const response = await world.app.inject({ method, url, payload: method === 'POST' ? '{}' : '' })
    expect(response.statusCode).toBe(400)
  })
})

describe('the log', () => {
  it('[NAM12] has one line for a refusal, and no secret in it', async () => {
    const lines: string[] = []
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(chunk.toString())
        done()
      },
    })
    await using world = await openWorld({ log: pino({ level: 'debug' }, sink) })
    const { token } = await world.tokens.signup({ accountId: 'acme', issuer: 'https://a' })
    const post = (url: string, payload: object, headers = {}) =>
      world.app.inject({ method: 'POST', url, payload, headers: { 'user-agent': 'x', ...headers } })
    const base = '/api/account/acme'
    await post(`${base}/authenticate?secret-query`, { authCode: token })
    await post(`${base}/login`, { username: 'secret-name', password: { text: 'secret-word' } })
    await post(`${base}/refresh`, { csrf: 'secret-csrf' }, { cookie: 'Session_id=secret-cookie' })
    await world.app.inject({
      url: '/ringdown/v1/stats',
      headers: { authorization: 'Bearer secret-token' },
    })
    expect(lines).toHaveLength(4)
    for (const line of lines) {
      expect(line).not.toContain('secret')
      expect(line).not.toContain(token.slice(0, 20))
      expect(JSON.parse(line)).toMatchObject({
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        status: expect.any(Number),
        code: expect.any(String),
      })
    }
  })
})
