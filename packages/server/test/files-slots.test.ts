/** Uploads that take their time: who waits, who is refused, and what becomes free again. */
import { existsSync, readdirSync } from 'node:fs'
import { type ClientRequest, request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../src/clock.ts'
import type { Limits } from '../src/config.ts'
import { ManualClock } from '../src/testing/manual-clock.ts'
import { type TestServer, testServer } from '../src/testing/test-server.ts'
import { type Address, png, put, uploadAddress, urlOf } from './file-world.ts'
import { consumerOf, type Person, unhurried } from './given.ts'

const picture = png()

const world = async (limits: Partial<Limits> = {}) => {
  // Not another year: the sweep takes what lies in the folder by the files' own times.
  const clock = new ManualClock(systemClock.now())
  const server = await testServer({ clock, limits: { ...unhurried, ...limits } })
  return { clock, server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

const spooling = ({ services }: TestServer): number => {
  const folder = join(services.config.files as string, 'incoming')
  return existsSync(folder) ? readdirSync(folder).length : 0
}

interface Slow extends Disposable {
  readonly address: Address
  readonly request: ClientRequest
  readonly answer: Promise<{ status: number | undefined; body: string }>
}

const answerTo = (request: ClientRequest): Slow['answer'] =>
  new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode, body }))
    })
  })

/** Begins an upload that stops after its first bytes. */
const begin = async (server: TestServer, person: Person): Promise<Slow> => {
  const address = await uploadAddress(person, picture.length)
  const before = spooling(server)
  const request = httpRequest(urlOf(server, address), { method: 'PUT' })
  const answer = answerTo(request)
  answer.catch(() => {})
  request.write(picture.subarray(0, 20))
  await expect.poll(() => spooling(server)).toBe(before + 1)
  return { address, request, answer, [Symbol.dispose]: () => request.destroy() }
}

const end = ({ request, answer }: Slow) => {
  request.end(picture.subarray(20))
  return answer
}

const outcome = async (server: TestServer, address: Address) => {
  const answer = await put(server, address, picture)
  const text = await answer.text()
  return text === '' ? answer.status : [answer.status, JSON.parse(text).error.code]
}

const upload = async (server: TestServer, person: Person) =>
  outcome(server, await uploadAddress(person, picture.length))

describe('one address', () => {
  it('[FIL21] takes one upload at a time, and the others leave nothing behind', async () => {
    await using open = await world()
    const { server } = open
    await using ann = await consumerOf(server, (await server.account()).id)
    using slow = await begin(server, ann)
    const others = await Promise.all(Array.from({ length: 5 }, () => outcome(server, slow.address)))
    expect(others).toEqual(Array(5).fill([409, 'upload_under_way']))
    expect(spooling(server)).toBe(1)
    expect((await end(slow)).status).toBe(201)
    expect(await outcome(server, slow.address)).toEqual([403, 'file_address_used'])
  })

  it('[FIL21] is free again when its upload breaks off', async () => {
    await using open = await world()
    const { server } = open
    await using ann = await consumerOf(server, (await server.account()).id)
    const slow = await begin(server, ann)
    slow.request.destroy()
    await expect.poll(() => outcome(server, slow.address)).toBe(201)
  })
})

describe('shares', () => {
  it('[FIL15] nobody has all places: not one person, not one account', async () => {
    await using open = await world({
      uploadsOfPersonAtOnce: 2,
      uploadsOfAccountAtOnce: 3,
      uploadsAtOnce: 4,
    })
    const { server } = open
    const [one, other] = [(await server.account()).id, (await server.account()).id]
    await using ann = await consumerOf(server, one)
    await using ben = await consumerOf(server, one)
    await using cleo = await consumerOf(server, one)
    await using dora = await consumerOf(server, other)
    using first = await begin(server, ann)
    using _second = await begin(server, ann)
    expect(await upload(server, ann)).toEqual([429, 'too_many_requests'])
    using _third = await begin(server, ben)
    expect(await upload(server, cleo)).toEqual([503, 'unavailable'])
    using _fourth = await begin(server, dora)
    expect(await upload(server, dora)).toEqual([503, 'unavailable'])
    expect((await end(first)).status).toBe(201)
    for (const person of [ann, cleo, dora]) expect(await upload(server, person)).toBe(201)
  })
})

describe('time', () => {
  it('[FIL22] an upload that is too slow is told so and makes room', async () => {
    await using open = await world({ fileTransferMs: 30_000, uploadsAtOnce: 1 })
    const { server, clock } = open
    await using ann = await consumerOf(server, (await server.account()).id)
    using slow = await begin(server, ann)
    await clock.advance(29_999)
    slow.request.write(picture.subarray(20, 21))
    expect(await upload(server, ann)).toEqual([503, 'unavailable'])
    await clock.advance(1)
    const { status, body } = await slow.answer
    expect([status, JSON.parse(body).error.code]).toEqual([408, 'upload_too_slow'])
    expect(spooling(server)).toBe(0)
    expect(await outcome(server, slow.address)).toBe(201)
  })

  it('[FIL22] until then it may take its time', async () => {
    await using open = await world()
    const { server, clock } = open
    await using ann = await consumerOf(server, (await server.account()).id)
    using slow = await begin(server, ann)
    await clock.advance(119_999)
    expect((await end(slow)).status).toBe(201)
  })
})
