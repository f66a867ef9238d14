/** What the window says while nobody has answered: when somebody will, or is there. */
import { expect, it } from 'vitest'
import { inBrowser } from './setting.ts'
import { eventually } from './visit.ts'

const week = `week: { monday: '9:00-17:00', friday: ['9:00-12:00', '13:00-17:00'] }`
const hours = `hours: { timeZone: 'Europe/Vienna', ${week}, closedOn: ['2026-12-25'] }`
/** Nine hours behind Vienna. */
const timeZone = 'America/Los_Angeles'

inBrowser('waiting', (setting) => {
  it('[WIN35] tells in the time and language of the consumer when somebody is back, and takes messages', async () => {
    const now = '2026-11-21T20:00Z'
    await using visit = await setting.place.visit({ init: hours, timeZone, now })
    using agent = await setting.place.answerer()
    await visit.open()
    // Monday at nine in Vienna is midnight there.
    await visit.frame.getByText('We are back on Monday at 00:00.').waitFor()
    await visit.frame.getByRole('button', { name: 'New conversation' }).click()
    await visit.frame.getByText('We are back on Monday at 00:00.').waitFor()
    await visit.write('when you are back')
    await visit.frame.locator('[data-state="sent"]').waitFor()
    await visit.frame.getByText('You can write now. We will read it when we are back.').waitFor()
    expect(await visit.frame.getByText('Waiting for someone').count()).toBe(0)
    await agent.take()
    expect(agent.texts).toEqual(['when you are back'])
    await visit.frame.locator('.notice.away').waitFor({ state: 'detached' })
    expect(visit.complaints).toEqual([])
  })

  it.each([
    ['open', '2026-11-23T10:00Z', 'de-AT', 'Wir sind heute bis 17:00 Uhr da.'],
    ['over a holiday', '2026-12-24T20:00Z', 'en-GB', 'We are back on Monday at 09:00.'],
  ])(
    '[WIN35] says on the first page what the hours say, %s',
    async (_when, now, language, words) => {
      const init = `${hours}, language: '${language}'`
      await using visit = await setting.place.visit({ init, timeZone: 'Europe/Vienna', now })
      await visit.open()
      await visit.frame.getByText(words).waitFor()
    },
  )

  it('[WIN27, WIN36] names the time that the server tells, and none where it tells none', async () => {
    await using visit = await setting.place.visit({ timeZone })
    using agent = await setting.place.answerer()
    await visit.begin()
    await visit.write('hello')
    const due = visit.frame.getByText(/We aim to answer by/)
    await due.waitFor()
    const { effectiveTTR } = await (async () => {
      const filter = { convState: ['OPEN'] as ['OPEN'] }
      for await (const { conversations } of agent.client.conversations(filter))
        for (const found of conversations.values()) return found
      throw new Error('The client was closed')
    })()
    const format = { hour: '2-digit', minute: '2-digit', timeZone } as const
    const time = new Intl.DateTimeFormat('en-GB', format).format(effectiveTTR)
    await eventually(() => due.textContent()).toContain(time)
    await agent.take()
    await due.waitFor({ state: 'detached' })
  })
})
