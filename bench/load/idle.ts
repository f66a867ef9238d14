/** Authenticated consumers with both subscriptions who then say nothing. */
import { pause } from './fleet-run.ts'
import type { IdleJob, IdleResult, OwnersJob, OwnersResult, Target } from './job.ts'
import { rssMb } from './meter.ts'
import { inParallel, openConsumer, signUp } from './people.ts'
import type { Session } from './session.ts'

const WIDTH = 50

const settle = async (session: Session, target: Target): Promise<string> => {
  const opened = await session.request('cm.ConsumerRequestConversation', {
    brandId: target.account,
  })
  const dialogId = opened.conversationId as string
  await session.request('ms.SubscribeMessagingEvents', { dialogId, fromSeq: 0 })
  await session.request('cqm.SubscribeExConversations', { convState: ['OPEN'] })
  return dialogId
}

const connectMany = (target: Target, count: number, onLost: () => void): Promise<Session[]> =>
  inParallel(Array.from({ length: count }), WIDTH, async () => {
    const { token } = await signUp(target)
    const session = await openConsumer(target, token)
    await settle(session, target)
    session.connection.onClosed = onLost
    return session
  })

export const runIdle = async (job: IdleJob): Promise<IdleResult> => {
  const { target, connections, before } = job
  let lost = 0
  const onLost = () => {
    lost += 1
  }
  const early = await connectMany(target, before, onLost)
  await pause(job.settleSeconds * 1000)
  const rssBeforeMb = rssMb(target.pid)
  const startedAt = performance.now()
  const late = await connectMany(target, connections, onLost)
  const seconds = (performance.now() - startedAt) / 1000
  await pause(job.settleSeconds * 1000)
  const rssAfterMb = rssMb(target.pid)
  for (const { connection } of [...early, ...late]) connection.close()
  return {
    connections,
    lost,
    rssBeforeMb,
    rssAfterMb,
    perConnectionKb: ((rssAfterMb - rssBeforeMb) * 1024) / connections,
    connectsPerSecond: connections / seconds,
  }
}

/** Consumers with one conversation each, for a later run to come back to. */
export const makeOwners = async ({ target, count }: OwnersJob): Promise<OwnersResult> => {
  const owners = await inParallel(Array.from({ length: count }), WIDTH, async () => {
    const { token } = await signUp(target)
    const session = await openConsumer(target, token)
    const body = { brandId: target.account }
    const opened = await session.request('cm.ConsumerRequestConversation', body)
    session.connection.close()
    return { token, dialogId: opened.conversationId as string }
  })
  return { owners }
}
