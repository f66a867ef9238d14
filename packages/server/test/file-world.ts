/** Files as tests make and move them. */
import { deflateSync } from 'node:zlib'
import type { SocketClient } from '../src/testing/socket-client.ts'
import type { TestServer } from '../src/testing/test-server.ts'

const crcTable = Array.from({ length: 256 }, (_, start) => {
  let value = start
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value >>> 0
})

const crc = (bytes: Buffer): number => {
  let value = 0xffffffff
  for (const byte of bytes) value = (crcTable[(value ^ byte) & 0xff] as number) ^ (value >>> 8)
  return (value ^ 0xffffffff) >>> 0
}

export const pngChunk = (name: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(data.length, 0)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(crc(body), body.length + 4)
  return chunk
}

/** A grey picture; `more` stands between its header and its pixels. */
export const png = (width = 4, height = 4, more: readonly Buffer[] = []): Buffer => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const pixels = width * height < 1_000_000 ? Buffer.alloc((width + 1) * height) : Buffer.alloc(9)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...more,
    pngChunk('IDAT', deflateSync(pixels)),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** A picture of about so many bytes that do not pack. */
export const bigPng = (bytes: number): Buffer =>
  png(1, 1, [pngChunk('prVt', Buffer.alloc(bytes, 'abcdefg'))])

export interface Address {
  readonly relativePath: string
  readonly queryParams: { readonly temp_url_sig: string; readonly temp_url_expires: string }
}

type Change = { method?: string; path?: string; signature?: string; expires?: string }

export const urlOf = (server: TestServer, address: Address, change: Change = {}): string => {
  const { temp_url_sig: signature, temp_url_expires: expires } = address.queryParams
  const query = `temp_url_sig=${change.signature ?? signature}&temp_url_expires=${change.expires ?? expires}`
  return `${server.url}${change.path ?? address.relativePath}?${query}`
}

type WithSocket = { readonly socket: SocketClient }

export const askUpload = ({ socket }: WithSocket, fileSize: unknown, fileType = 'PNG') =>
  socket.request('ms.GenerateURLForUploadFile', { fileSize, fileType })

export const askDownload = ({ socket }: WithSocket, relativePath: string) =>
  socket.request('ms.GenerateURLForDownloadFile', { relativePath })

export const uploadAddress = async (
  person: WithSocket,
  fileSize: number,
  fileType?: string,
): Promise<Address> => (await askUpload(person, fileSize, fileType)).body

export const put = (server: TestServer, address: Address, bytes: Buffer, change: Change = {}) =>
  fetch(urlOf(server, address, change), {
    method: change.method ?? 'PUT',
    body: new Uint8Array(bytes),
  })

/** Puts the bytes where nothing else stands, and says where that is. */
export const uploaded = async (
  server: TestServer,
  person: WithSocket,
  { bytes = png(), fileType = 'PNG' }: { bytes?: Buffer; fileType?: string } = {},
): Promise<string> => {
  const address = await uploadAddress(person, bytes.length, fileType)
  const answer = await put(server, address, bytes)
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`)
  return address.relativePath
}

export const downloaded = async (server: TestServer, person: WithSocket, path: string) => {
  const { code, body } = await askDownload(person, path)
  if (code !== 200) throw new Error(`${code} ${body}`)
  return fetch(urlOf(server, body))
}

export const bytesOf = async (answer: Response): Promise<Buffer> =>
  Buffer.from(await answer.arrayBuffer())

export const share = (
  { socket }: WithSocket,
  dialogId: string,
  file: { readonly path: string; readonly message?: object; readonly body?: object } | string,
) => {
  const { path, message = {}, body = {} } = typeof file === 'string' ? { path: file } : file
  const shared = { caption: 'receipt', relativePath: path, fileType: 'PNG', ...message }
  const event = { type: 'ContentEvent', contentType: 'hosted/file', message: shared }
  return socket.request('ms.PublishEvent', { dialogId, event, ...body })
}
