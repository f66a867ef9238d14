/** What becomes of files over time, and when parts of the server fail. */
import { chmodSync, existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { StrictS3, testCredentials } from '../src/files/test-s3.ts'
import { ManualClock } from '../src/testing/manual-clock.ts'
import { type TestServer, testServer } from '../src/testing/test-server.ts'
import {
  askDownload,
  bytesOf,
  downloaded,
  png,
  put,
  share,
  uploadAddress,
  uploaded,
} from './file-world.ts'
import { consumerOf, managerOf, open } from './given.ts'

const HOUR = 3_600_000

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringdown-keeping-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Every file under a folder but those under way. */
const kept = (root: string): readonly string[] =>
  existsSync(root)
    ? readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.parentPath.endsWith('incoming'))
        .map(({ name }) => name)
    : []

const rootOf = (server: TestServer): string => server.services.config.files as string

describe('the sweep', () => {
  it('[FIL13] takes what no event named within a day, and its bytes; the rest stays', async () => {
    const clock = new ManualClock()
    await using server = await testServer({ clock })
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const dialogId = await open(consumer)
    const shared = await uploaded(server, consumer)
    await share(consumer, dialogId, shared)
    const forgotten = await uploaded(server, consumer)
    const { relativePath: empty } = await uploadAddress(consumer, 10)
    expect(kept(rootOf(server))).toHaveLength(2)
    await clock.leap(21 * HOUR)
    // Sockets do not outlive such a leap; the consumer comes back.
    const { token } = consumer
    await using socket = await server.consumer(id, { token })
    const young = await uploaded(server, { socket })
    await server.services.files.sweep()
    expect(kept(rootOf(server))).toHaveLength(3)
    await clock.leap(2 * HOUR)
    await server.services.files.sweep()
    await using later = await server.consumer(id, { token })
    expect(kept(rootOf(server))).toHaveLength(2)
    const { store } = server.services
    const isKnown = async (path: string) =>
      (await store.read('file', { accountId: id, path })) !== undefined
    expect(await Promise.all([shared, forgotten, empty, young].map(isKnown))).toEqual([
      true,
      false,
      false,
      true,
    ])
    const answer = await downloaded(server, { socket: later }, shared)
    expect((await bytesOf(answer)).equals(png())).toBe(true)
  })

  it('[FIL13] runs by itself, and takes the bytes of an upload that came to nothing', async () => {
    const clock = new ManualClock()
    await using server = await testServer({ clock })
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const path = await uploaded(server, consumer)
    const { store } = server.services
    const incoming = join(rootOf(server), 'incoming')
    const stale = join(incoming, 'of-a-process-that-is-gone')
    writeFileSync(stale, 'half a fi')
    utimesSync(stale, new Date(clock.now()), new Date(clock.now()))
    await store.write('removeFile', { accountId: id, path, at: clock.now() })
    expect(kept(rootOf(server))).toHaveLength(1)
    await clock.advance(HOUR + 60_000)
    await expect.poll(() => kept(rootOf(server))).toEqual([])
    await clock.advance(HOUR)
    await expect.poll(() => readdirSync(incoming)).toEqual([])
  })
})

describe('a scanner', () => {
  const script = async (name: string, body: string): Promise<string> => {
    const file = join(folder, name)
    await writeFile(file, `#!/bin/sh\n${body}\n`)
    chmodSync(file, 0o755)
    return file
  }
  const outcome = async (fileScanner: string, bytes: Buffer) => {
    await using server = await testServer({ config: { fileScanner } })
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const address = await uploadAddress(consumer, 1000, 'TXT')
    const { status } = await put(server, address, bytes)
    const download = await askDownload(consumer, address.relativePath)
    const again = await put(server, address, bytes)
    const under = join(rootOf(server), 'incoming')
    expect(existsSync(under) ? readdirSync(under) : []).toEqual([])
    return {
      status,
      download: download.code,
      again: again.status,
      kept: kept(rootOf(server)).length,
    }
  }
  const bad = Buffer.from('X5O!P%@AP[4-EICAR-TEST')

  it('[FIL16] F10 that says bad keeps the file from ever being available', async () => {
    const scanner = await script('scan', 'shift; ! grep -q EICAR "$1"')
    const found = await outcome(`${scanner} --quick`, bad)
    expect(found).toEqual({ status: 403, download: 404, again: 403, kept: 0 })
    const clean = await outcome(`${scanner} --quick`, Buffer.from('hello'))
    expect(clean).toEqual({ status: 201, download: 200, again: 403, kept: 1 })
  })

  it('[FIL16] F10 that is down lets nothing pass, and the address can be tried again', async () => {
    const failing = { status: 503, download: 404, again: 503, kept: 0 }
    expect(await outcome(await script('broken', 'exit 2'), bad)).toEqual(failing)
    expect(await outcome(join(folder, 'no-such-scanner'), bad)).toEqual(failing)
    expect(await outcome(await script('killed', 'kill -9 $$'), bad)).toEqual(failing)
  })
})

describe('an outage of the file store', () => {
  it('[FIL15] is 503, harms nothing else, and is over when its cause is', async () => {
    const files = join(folder, 'blocked')
    // A file where a folder should be: nobody can write there, root included.
    await writeFile(files, '')
    await using server = await testServer({ config: { files } })
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const address = await uploadAddress(consumer, 1000)
    expect((await put(server, address, png())).status).toBe(503)
    const dialogId = await open(consumer)
    expect((await share(consumer, dialogId, address.relativePath)).code).toBe(200)
    await rm(files)
    expect((await put(server, address, png())).status).toBe(201)
  })

  it('[FIL5] bytes that went missing are 404, not an empty or broken file', async () => {
    const files = join(folder, 'missing')
    await using server = await testServer({ config: { files } })
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const path = await uploaded(server, consumer)
    await rm(join(files, id), { recursive: true })
    // The row says that the bytes are there, and they are not: no half answer.
    const { body } = await askDownload(consumer, path)
    const query = new URLSearchParams(body.queryParams).toString()
    expect((await fetch(`${server.url}${path}?${query}`)).status).toBe(404)
    expect(await readdir(join(files, 'incoming'))).toEqual([])
  })
})

describe('an S3-compatible store', () => {
  it('[FIL17] serves like a folder, from the address to the sweep', async () => {
    await using s3 = new StrictS3()
    const endpoint = await s3.listen()
    const clock = new ManualClock()
    vi.stubEnv('AWS_ACCESS_KEY_ID', testCredentials.accessKeyId)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', testCredentials.secretAccessKey)
    const config = {
      files: `s3://shared?endpoint=${endpoint}&region=x`,
      dataDir: join(folder, 'd'),
    }
    await using server = await testServer({ clock, config })
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    await using manager = await managerOf(server, id)
    const dialogId = await open(consumer)
    const path = await uploaded(server, consumer)
    expect(s3.objects.size).toBe(1)
    await share(consumer, dialogId, path)
    const answer = await downloaded(server, manager, path)
    expect((await bytesOf(answer)).equals(png())).toBe(true)
    expect(kept(join(folder, 'd'))).toEqual([])
    s3.failing = 500
    const address = await uploadAddress(consumer, 1000)
    expect((await put(server, address, png())).status).toBe(503)
    s3.failing = undefined
    await server.services.store.write('removeFile', { accountId: id, path, at: clock.now() })
    await server.services.files.sweep()
    expect(s3.objects.size).toBe(0)
    expect(s3.faults).toEqual([])
  })
})
