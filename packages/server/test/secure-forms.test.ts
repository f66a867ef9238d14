import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testServer } from '../src/testing/index.ts'
import type { TestServer } from '../src/testing/test-server.ts'
import {
  change,
  consumerOf,
  eventsIn,
  follow,
  isEvents,
  joining,
  managerOf,
  open,
  receipt,
} from './given.ts'

let server: TestServer
let account: string

beforeAll(async () => {
  server = await testServer()
  account = (await server.account()).id
})
afterAll(() => server[Symbol.asyncDispose]())

const invitation = {
  type: 'ContentEvent',
  contentType: 'forms/secure-invitation',
  message: { formId: '17', invitationId: 'c-17-1700000000000-1', title: 'Your card' },
}
const submission = {
  type: 'ContentEvent',
  contentType: 'forms/secure-submission',
  message: { submissionId: 's-1', invitationId: 'c-17-1700000000000-1' },
}

const talk = async (stack: AsyncDisposableStack) => {
  const ann = stack.use(await consumerOf(server, account))
  const max = stack.use(await managerOf(server, account))
  const id = await open(ann)
  await change(max, id, joining('ASSIGNED_AGENT'))
  await follow(ann, id)
  await follow(max, id)
  await ann.socket.settled()
  await max.socket.settled()
  return { ann, max, id }
}

describe('secure forms', () => {
  it('[CNT15] an invitation and what is submitted pass untouched', async () => {
    await using stack = new AsyncDisposableStack()
    const { ann, max, id } = await talk(stack)
    const nextEvent = async ({ socket }: typeof ann | typeof max) =>
      eventsIn(await socket.next(isEvents))[0]
    await max.socket.request('ms.PublishEvent', { dialogId: id, event: invitation })
    expect(await nextEvent(ann)).toMatchObject({ sequence: 0, event: invitation })
    await ann.socket.request('ms.PublishEvent', { dialogId: id, event: submission })
    expect(await nextEvent(max)).toMatchObject({ sequence: 0 })
    expect(await nextEvent(max)).toMatchObject({ sequence: 1, event: submission })
  })

  it.each([
    'ACCEPT',
    'READ',
    'ACCESS',
    'NACK',
    'ACTION',
    'ENRICH',
    'SUBMITTED',
    'VIEWED',
    'ABORTED',
    'ERROR',
  ])('[CNT14] the status %s is a receipt from either side', async (status) => {
    await using stack = new AsyncDisposableStack()
    const { ann, max, id } = await talk(stack)
    await max.socket.request('ms.PublishEvent', { dialogId: id, event: invitation })
    for (const [index, { socket }] of [ann, max].entries()) {
      const answer = await socket.request('ms.PublishEvent', receipt(id, [0], status))
      expect(answer).toMatchObject({ code: 200, body: { sequence: index + 1 } })
    }
    const seen = (await ann.socket.settled()).flatMap(eventsIn)
    expect(seen.map(({ sequence }) => sequence)).toEqual([0, 1, 2])
    expect(seen[2].event).toEqual({ type: 'AcceptStatusEvent', status, sequenceList: [0] })
  })

  it('[CNT15] one-time keys are refused as not built', async () => {
    await using ann = await consumerOf(server, account)
    const uploadable = { type: 'SecureForm', formId: '17', invitationId: 'i', dialogId: 'd' }
    const answer = await ann.socket.request('ms.GenerateUploadToken', { uploadable })
    expect(answer).toMatchObject({ code: 501, type: 'StringResponse', body: 'Not implemented' })
  })
})
