import { type MessagingClient, untilTaken } from '@ringdown/client'

/** The server's time, asked for until it is told; rejects when the client is closed. */
export const serverTime = async ({
  clock,
  backoff,
}: Pick<MessagingClient, 'clock' | 'backoff'>): Promise<number> => {
  await untilTaken(() => clock.measure(), { backoff })
  return clock.now()
}
