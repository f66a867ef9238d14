import { expect } from 'vitest'
import type { Frame, SocketClient } from '../src/testing/socket-client.ts'
import { isConversations } from './given.ts'

type Snapshot = Map<string, unknown>

/** A client's picture of its conversations, kept as a client does: by id, the newest change wins. */
export class Picture {
  readonly conversations: Snapshot = new Map()
  readonly subscriptionId: string
  readonly #socket: SocketClient

  private constructor(socket: SocketClient, subscriptionId: string) {
    this.#socket = socket
    this.subscriptionId = subscriptionId
  }

  static async of(socket: SocketClient, filter: Record<string, unknown>): Promise<Picture> {
    const { body } = await socket.request('cqm.SubscribeExConversations', filter)
    const picture = new Picture(socket, body.subscriptionId)
    picture.#apply(await socket.next((frame) => picture.#isOwn(frame)))
    return picture
  }

  /** Takes in what has come so far. */
  async update(): Promise<this> {
    await this.#socket.request('GetClock')
    for (let at = this.#find(); at >= 0; at = this.#find())
      this.#apply(this.#socket.frames.splice(at, 1)[0] as Frame)
    return this
  }

  #find(): number {
    return this.#socket.frames.findIndex((frame) => this.#isOwn(frame))
  }

  #isOwn(frame: Frame): boolean {
    return isConversations(frame) && frame.body.subscriptionId === this.subscriptionId
  }

  #apply({ body }: Frame): void {
    for (const { type, result } of body.changes)
      if (type === 'UPSERT') this.conversations.set(result.convId, result)
      else expect(this.conversations.delete(result.convId), `DELETE of ${result.convId}`).toBe(true)
  }
}

const inOrder = (snapshot: Snapshot) =>
  Object.fromEntries([...snapshot].toSorted(([one], [other]) => one.localeCompare(other)))

/** What a client made of its notifications is what a new client is told at once. */
export const expectConverges = async (
  picture: Picture,
  socket: SocketClient,
  filter: Record<string, unknown>,
): Promise<void> => {
  const fresh = await Picture.of(socket, filter)
  expect(inOrder((await picture.update()).conversations)).toEqual(inOrder(fresh.conversations))
  await socket.request('cqm.UnsubscribeExConversations', { subscriptionId: fresh.subscriptionId })
}
