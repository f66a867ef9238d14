/** Which server an option means. */
import { expect, it } from 'vitest'
import { findServer } from '../src/reach-server.ts'

it.each([
  ['https://localhost:443', 443, true],
  ['localhost:443', 443, true],
  ['HTTPS://chat.example.com:443/', 443, true],
  ['[::1]:443', 443, true],
  ['localhost:9443', 9443, true],
  ['localhost', 8443, true],
  ['http://localhost:80', 80, false],
  ['http://localhost:443', 443, false],
  ['http://localhost', 80, false],
])('[OPS31] --server %s is port %i', async (server, port, isSecure) => {
  expect(await findServer({ server })).toMatchObject({ port, isSecure })
})
