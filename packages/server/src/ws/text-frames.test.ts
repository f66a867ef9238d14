import type { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import * as ws from 'ws'
import { textFrames } from './text-frames.ts'

// Exported, but not by the types.
const { Receiver } = ws as unknown as {
  Receiver: new (options: { isServer: boolean }) => Writable
}

/** Reads frames as a client does. */
const read = async (bytes: Buffer): Promise<string[]> => {
  const receiver = new Receiver({ isServer: false })
  const texts: string[] = []
  receiver.on('message', (data: Buffer) => texts.push(data.toString('utf8')))
  await new Promise<void>((resolve, reject) => {
    receiver.on('error', reject)
    receiver.end(bytes, () => resolve())
  })
  return texts
}

it('[CON7] makes a frame of every text, at every length of header', async () => {
  const texts = [0, 1, 125, 126, 65_535, 65_536, 70_000].map((length) => 'x'.repeat(length))
  expect(await read(textFrames(texts))).toEqual(texts)
})

it('[CON7] counts bytes, not characters', async () => {
  const texts = ['ä'.repeat(63), 'é'.repeat(62), '漢字 and 🙂', '"\\u0000"', '🙂'.repeat(16_384)]
  expect(await read(textFrames(texts))).toEqual(texts)
})

it('makes nothing of nothing', () => {
  expect(textFrames([])).toHaveLength(0)
})
