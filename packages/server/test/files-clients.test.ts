/** Files by way of clients that we did not write: curl as the guide has it, and the agents' SDK. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TlsWorld, tlsWorld } from './bots/tls-world.ts'
import { type Address, png } from './file-world.ts'

let world: TlsWorld
let folder: string

beforeAll(async () => {
  world = await tlsWorld()
  folder = mkdtempSync(path.join(tmpdir(), 'ringdown-clients-'))
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const guide = readFileSync(new URL('../../../docs/operate/files.md', import.meta.url), 'utf8')
const commands = [...guide.matchAll(/^```sh\n(curl [^\n]*LP_REL_PATH[^\n]*)\n```$/gm)].map(
  ([, command]) => command as string,
)

const run = promisify(execFile)

const shell = (command: string, { relativePath, queryParams }: Address) =>
  run('sh', ['-c', command], {
    cwd: folder,
    env: {
      ...process.env,
      CURL_CA_BUNDLE: world.caFile,
      LP_SWIFT: world.authority,
      LP_REL_PATH: relativePath,
      LP_TUS: queryParams.temp_url_sig,
      LP_TUE: queryParams.temp_url_expires,
    },
  })

const hasCurl = spawnSync('curl', ['--version']).status === 0

it.skipIf(!hasCurl)('[FIL4] the commands of the guide move a file with curl', async () => {
  const [up, down] = commands
  expect(commands).toHaveLength(2)
  const { id } = await world.server.account()
  await using consumer = await world.consumer(id)
  // Large enough for curl to ask before it sends.
  const bytes = Buffer.concat([png(600, 600)])
  writeFileSync(path.join(folder, 'receipt.png'), bytes)
  const asked = { fileSize: String(bytes.length), fileType: 'PNG' }
  const upload = await consumer.request('ms.GenerateURLForUploadFile', asked)
  await shell(up as string, upload.body)
  const { relativePath } = upload.body
  const download = await consumer.request('ms.GenerateURLForDownloadFile', { relativePath })
  await shell(down as string, download.body)
  expect(readFileSync(path.join(folder, 'downloaded.png')).equals(bytes)).toBe(true)
  await expect(shell(up as string, upload.body)).rejects.toThrow('403')
})

/** As bots do it: a stream, with a type of its own and no length. */
const stream = ({ relativePath, queryParams }: Address, bytes: Buffer): Promise<number> =>
  new Promise((resolve, reject) => {
    const query = new URLSearchParams({ ...queryParams }).toString()
    const url = `https://${world.authority}${relativePath}?${query}`
    const headers = { 'content-type': 'image/jpeg', 'transfer-encoding': 'chunked' }
    const ca = readFileSync(world.caFile)
    const put = request(url, { method: 'PUT', headers, ca }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    put.on('error', reject)
    put.write(bytes.subarray(0, 20))
    put.end(bytes.subarray(20))
  })

it('[FIL1] [FIL3] a bot on the SDK joins, uploads, shares and downloads', async () => {
  const { id: accountId } = await world.server.account()
  const agent = await world.agent(accountId, ['manager'])
  await using bot = world.bot('puppet', agent)
  await bot.next('connected')
  await using consumer = await world.consumer(accountId)
  const { body: opened } = await consumer.request('cm.ConsumerRequestConversation')
  const { conversationId } = opened
  const done = async (method: string, body: object) => {
    const { error, body: answer } = await bot.call(method, body)
    expect(error, method).toBeNull()
    return answer as Address
  }
  const join = { field: 'ParticipantsChange', type: 'ADD', role: 'MANAGER' }
  await done('updateConversationField', { conversationId, conversationField: [join] })
  const missing = await bot.call('generateURLForDownloadFile', { relativePath: '/v1/nowhere.PNG' })
  expect(missing.error).toMatchObject({ code: 500, body: 'File not available' })
  const address = await done('generateURLForUploadFile', { fileSize: 5020, fileType: 'JPEG' })
  const { relativePath } = address
  expect(await stream(address, png())).toBe(201)
  const message = { caption: 'a file', relativePath, fileType: 'JPEG' }
  const event = { type: 'ContentEvent', contentType: 'hosted/file', message }
  expect(await done('publishEvent', { dialogId: conversationId, event })).toEqual({ sequence: 0 })
  expect(await done('generateURLForDownloadFile', { relativePath })).toMatchObject({ relativePath })
  const read = await consumer.request('ms.GenerateURLForDownloadFile', { relativePath })
  const query = new URLSearchParams(read.body.queryParams).toString()
  const { status, text } = await world.get(`${relativePath}?${query}`)
  expect(status).toBe(200)
  expect(text).toContain('PNG')
  expect(bot.errors).toEqual([])
})
