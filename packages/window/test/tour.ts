/** Every state of the window, one after the other, for whoever looks at them. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Setting } from './setting.ts'
import type { Visit, VisitOptions } from './visit.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds in the window, by all rules or some, in a line each. */
export const findings = async (
  visit: Visit,
  rules: readonly string[] = [],
): Promise<readonly string[]> => {
  const { inside: frame } = visit
  if (!(await frame.evaluate(`'axe' in window`))) await frame.evaluate(AXE)
  const only = JSON.stringify(rules.length > 0 ? { runOnly: rules } : {})
  const found = await frame.evaluate(
    `axe.run(document, ${only}).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => id + ' ' + target + ' ' + failureSummary)))`,
  )
  return found as string[]
}

const card = {
  type: 'vertical',
  elements: [
    { type: 'text', text: 'Ridge tent', style: { bold: true } },
    { type: 'text', text: 'coloured', style: { color: '#ffff00', 'background-color': '#fafafa' } },
    {
      type: 'button',
      title: 'Choose',
      click: { actions: [{ type: 'publishText', text: 'This' }] },
    },
    {
      type: 'button',
      title: 'Look',
      click: { actions: [{ type: 'link', uri: 'https://shop.example/' }] },
    },
    { type: 'keyValuePairList', elements: [{ key: 'Weight', value: '1.4 kg' }] },
  ],
}

/** Goes through every state and calls `look` in each. */
export const tour = async (
  { place }: Setting,
  options: VisitOptions,
  look: (visit: Visit, state: string) => Promise<void>,
) => {
  const fields = '[{ "name": "topic", "label": "Topic", "required": true }]'
  const init = `preChat: ${fields}, ${options.init ?? ''}`
  await using visit = await place.visit({ ...options, init })
  using agent = await place.answerer()
  await visit.open()
  const { frame } = visit
  await look(visit, 'home')
  await frame.locator('.welcome .main').click()
  await look(visit, 'form')
  await frame.locator('.pre-chat .main').click()
  await frame.locator('.problem').waitFor()
  await look(visit, 'form with a problem')
  await frame.locator('.field input').fill('Tents')
  await frame.locator('.pre-chat .main').click()
  await frame.locator('[data-state="sent"]').waitFor()
  await look(visit, 'waiting')
  await agent.take()
  await agent.say('See https://shop.example/guarantee for more.')
  await agent.publish({ type: 'RichContentEvent', content: card })
  await agent.publish({
    type: 'RichContentEvent',
    content: { type: 'carousel', elements: [card, card, card] },
  })
  await agent.publish({
    type: 'ContentEvent',
    contentType: 'text/plain',
    message: 'Anything else?',
    quickReplies: {
      type: 'quickReplies',
      itemsPerRow: 2,
      replies: ['Yes', 'No, thank you'].map((title) => ({ type: 'button', title })),
    },
  })
  await agent.publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
  await frame.locator('.typing').waitFor()
  await look(visit, 'thread')
  const file = { name: 'x.exe', mimeType: 'application/x-dosexec', buffer: Buffer.from('MZ') }
  await frame.locator('input[type="file"]').setInputFiles(file)
  await frame.locator('.upload.wrong').waitFor()
  await look(visit, 'file failed')
  await frame.locator('.icon-more').click()
  await frame.locator('.question').waitFor()
  await look(visit, 'question')
  const { network } = place.world
  network.goDown()
  await frame.locator('.banner').waitFor()
  await look(visit, 'offline')
  network.comeBack()
  await frame.locator('.banner').waitFor({ state: 'detached' })
  await agent.close()
  await frame.locator('.csat').waitFor()
  await look(visit, 'rating')
  await frame.locator('.icon-back').click()
  await frame.locator('.conversation').waitFor()
  await look(visit, 'list')
}

const DAY_MS = 86_400_000

/** Hours of a brand that is away now and for days to come. */
export const closedHours = (nowMs = Date.now()): string => {
  const day = new Date(nowMs + 3 * DAY_MS)
  const name = day.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' }).toLowerCase()
  return `hours: { timeZone: 'UTC', week: { ${name}: '9:00-17:00' } }`
}

/** The states of a brand that is away, and the thread that nothing was said in yet. */
export const tourAway = async (
  { place }: Setting,
  options: VisitOptions,
  look: (visit: Visit, state: string) => Promise<void>,
) => {
  const nowMs = options.now === undefined ? Date.now() : Date.parse(options.now)
  const init = `${closedHours(nowMs)}, ${options.init ?? ''}`
  await using visit = await place.visit({ ...options, init })
  const { frame } = visit
  await visit.open()
  await frame.locator('.hours.away').waitFor()
  await look(visit, 'home, away')
  await frame.locator('.welcome .main').click()
  await frame.locator('.notice.away').waitFor()
  await look(visit, 'empty thread, away')
  await frame.locator('textarea').fill('Anybody?')
  await frame.locator('textarea').press('Enter')
  await frame.locator('[data-state="sent"]').waitFor()
  await look(visit, 'waiting, away')
}
