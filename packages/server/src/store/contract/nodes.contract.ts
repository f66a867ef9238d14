/** Laws between stores of several nodes on one database. */
import { describe, expect, it } from 'vitest'
import { defaultSettings } from '../../domain/account.ts'
import type { Store } from '../store.ts'
import { codeOf, newWorld, START, unique, type World } from './given.ts'
import { claimRace, removalRace } from './races.contract.ts'
import { raceInRounds } from './stale-reply.contract.ts'

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/** The same account, through another node. */
const elsewhere = (world: World, store: Store): World => ({
  ...world,
  store,
  append: (conversation, overrides) => store.write('append', world.event(conversation, overrides)),
})

export const nodesContract = (open: () => Promise<readonly [Store, Store]>): void => {
  describe('several nodes', () => {
    const worlds = async (): Promise<readonly [World, World]> => {
      const [one, other] = await open()
      const world = await newWorld(one)
      return [world, elsewhere(world, other)]
    }

    it('[ST5] appends to one dialog through two nodes leave neither gap nor double', async () => {
      const [here, there] = await worlds()
      const { conversation } = await here.open()
      const answers = await Promise.all(
        numbers(300).map((index) => (index % 2 ? here : there).append(conversation)),
      )
      const sequences = answers.map(({ sequence }) => sequence)
      expect(sequences.toSorted((a, b) => a - b)).toEqual(numbers(300))
      const own = (start: number) => sequences.filter((_, index) => index % 2 === start)
      for (const start of [0, 1]) expect(own(start)).toEqual(own(start).toSorted((a, b) => a - b))
      expect(
        await there.store.read('conversation', { accountId: here.accountId, id: conversation.id }),
      ).toMatchObject({ revision: 300 })
    })

    it('[ST5] nodes that take turns each see what the other wrote', async () => {
      const [here, there] = await worlds()
      const { conversation } = await here.open()
      for (const index of numbers(20)) {
        const answer = await (index % 3 ? here : there).append(conversation)
        expect(answer).toMatchObject({ sequence: index, previousPublic: index - 1 })
      }
    })

    it('[CNT21] of two replies through two nodes at once exactly one is kept', async () => {
      const [here, there] = await worlds()
      await raceInRounds(here, [here.store, there.store], 300)
    })

    it('[PRM25] nothing is appended after another node removed its publisher', async () => {
      const [one, other] = await open()
      for (const at of numbers(4))
        await removalRace(await newWorld(one), [one, other], { publishes: 125, at })
    })

    it('[RG6] [CV9] of an accept and a joining on two nodes at once one wins', async () => {
      const [one, other] = await open()
      await claimRace(await newWorld(one), [one, other], 150)
    })

    it('[EV4] a repeat through another node is known, also at the same instant', async () => {
      const [here, there] = await worlds()
      const { conversation } = await here.open()
      for (const round of numbers(20)) {
        const event = here.event(conversation, { clientEventId: `${round}` })
        const other = { ...event, payload: '{"other":1}' }
        const answers = await Promise.all([
          here.store.write('append', event),
          there.store.write('append', event),
        ])
        expect(answers.map(({ sequence }) => sequence)).toEqual([round, round])
        expect(answers.filter(({ isDuplicate }) => isDuplicate)).toHaveLength(1)
        expect(await codeOf(there.store.write('append', other))).toBe('event_id_reused')
      }
    })

    it('[ST4] nothing is appended after another node closed the dialog', async () => {
      const [here, there] = await worlds()
      const agent = await here.agent()
      for (const _ of numbers(5)) {
        const { conversation } = await here.open()
        await there.append(conversation)
        const appends = numbers(30).map(() => codeOf(there.append(conversation)))
        const { after } = await here.change(conversation.id, agent, { kind: 'close_conversation' })
        const codes = await Promise.all(appends)
        for (const code of codes) expect(['answered', 'dialog_closed']).toContain(code)
        const late = codes.indexOf('dialog_closed')
        if (late >= 0) expect(codes.slice(late)).not.toContain('answered')
        const read = { accountId: here.accountId, id: conversation.id }
        const now = await there.store.read('conversation', read)
        expect(now?.dialogs[0]?.activity).toEqual(after.dialogs[0]?.activity)
      }
    })

    it("[RT2] two nodes do not both take an agent's last free place", async () => {
      const [here, there] = await worlds()
      for (const _ of numbers(40)) {
        const { id, userId } = await here.agent()
        const opened = [await here.open(), await here.open()] as const
        const offer = ({ store, accountId }: World, taskId: string) =>
          store.write('offerRing', {
            accountId,
            taskId,
            ringId: unique('r'),
            agent: { id, userId },
            capacity: 1,
            at: START,
            expiresAt: START + 1000,
          })
        const offers = await Promise.all([
          offer(here, opened[0].taskId),
          offer(there, opened[1].taskId),
        ])
        expect(offers.filter(Boolean)).toHaveLength(1)
      }
    })

    it('[CV1] two nodes do not both open the last conversation a consumer may have', async () => {
      const [here, there] = await worlds()
      for (const _ of numbers(40)) {
        const opening = {
          accountId: here.accountId,
          consumerId: unique('u'),
          skillId: '-1',
          ttrSeconds: defaultSettings.ttr,
          maxOpen: 1,
          at: START,
        }
        const codes = await Promise.all(
          [here, there].map(({ store }) =>
            codeOf(
              store.write('openConversation', {
                ...opening,
                conversationId: unique('c'),
                taskId: unique('t'),
              }),
            ),
          ),
        )
        expect(codes.toSorted()).toEqual(['answered', 'too_many_conversations'])
      }
    })

    it('[RG6] an accept and an expiry at the same instant have one winner', async () => {
      const [here, there] = await worlds()
      const agent = await here.agent()
      for (const _ of numbers(10)) {
        const { conversation, taskId } = await here.open()
        const ring = await here.offer(taskId, agent, { capacity: 99, expiresAt: 1 })
        const { accountId } = here
        const [code, ended] = await Promise.all([
          codeOf(
            here.store.write('answerRing', {
              accountId,
              ringId: ring!.id,
              agent,
              answer: 'accept',
              at: START,
            }),
          ),
          there.store.write('endRings', { input: 'expire', at: START, of: { dueAt: 1 } }),
        ])
        expect(code === 'answered').toBe(ended.length === 0)
        expect(['answered', 'ring_not_waiting']).toContain(code)
        const tasks = await here.store.read('queuedTasks', { accountId, limit: 99 })
        expect(tasks.some(({ id }) => id === taskId)).toBe(code !== 'answered')
        await here.change(conversation.id, agent, { kind: 'close_conversation' })
      }
    })
  })
}
