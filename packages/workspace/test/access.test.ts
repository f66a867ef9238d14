/** Every page and state of the workspace before an automatic check of accessibility. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describePages } from '../../window/test/browser.ts'
import { Inspection, NARROW, WIDE } from './inspection.ts'
import {
  accept,
  type Consumer,
  type Desk,
  hurry,
  message,
  type Place,
  World,
  write,
} from './world.ts'

const EVERYWHERE = 'on a desk and a phone, in light, dark and forced colours'

/** What is looked at, by the test that does it. */
const states = {
  beginning: [
    'sign-in',
    'wrong password',
    'empty list',
    'ringing',
    'reasons for declining',
    'note mode',
    'thread',
    'details on a phone',
  ],
  writing: [
    'predefined content',
    'no predefined content',
    'open place',
    'ways to send',
    'attachment',
    'actions',
    'transfer to a skill',
    'transfer to an agent',
    'palette',
    'palette, nothing found',
    'keys',
    'settings, Appearance',
    'settings, Composer',
    'settings, Notifications',
    'settings, Keys',
    'status',
  ],
  trouble: ['status changed elsewhere', 'offline', 'stale reply', 'to be undone'],
  others: [
    'all conversations',
    'watching',
    'nothing matches',
    'agents',
    'history',
    'past conversation',
    'nothing in the history',
  ],
} as const

const DIALOG = '[role="dialog"]'
const MENU = '[role="menu"]'
/** Where a message is written, with what lies over it. */
const FIELD = 'div:has(> [data-composer])'

const dialog = (page: Page) => page.getByRole('dialog')

const shut = async (page: Page): Promise<void> => {
  await page.keyboard.press('Escape')
  await dialog(page).waitFor({ state: 'detached' })
}

const shutMenu = async (page: Page): Promise<void> => {
  await page.keyboard.press('Escape')
  await page.getByRole('menu').waitFor({ state: 'detached' })
}

/** A page that was narrow for a while has put them away. */
const openDetails = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Details', exact: true }).click()
  await page.getByRole('complementary', { name: 'Details' }).getByText('Started').waitFor()
}

/** The form, and what it says about a wrong password. */
const signingIn = async (inspection: Inspection, place: Place): Promise<void> => {
  // What moves is judged by where it comes to rest.
  const { page } = await place.page({ reducedMotion: 'reduce' })
  await inspection.look(page, 'sign-in')
  await page.getByLabel('Account').fill(place.account)
  await page.getByLabel('Login name').fill('nobody')
  await page.getByLabel('Password').fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Account, login name or password is wrong.').waitFor()
  await inspection.look(page, 'wrong password')
  await page.context().close()
}

const button = (title: string) => ({
  type: 'button',
  title,
  click: { actions: [{ type: 'publishText', text: title }] },
})

const colleagueIn = async (place: Place, { dialogId }: Consumer) => {
  const { client } = await place.colleague({ roles: ['manager'] })
  await client.request('updateConversationField', {
    conversationId: dialogId,
    conversationField: [{ field: 'ParticipantsChange', type: 'ADD', role: 'MANAGER' }],
  })
  return client
}

/** Everything that can stand in a thread, and above its field. */
const conversing = async (inspection: Inspection, place: Place, page: Page, consumer: Consumer) => {
  const client = await colleagueIn(place, consumer)
  await place.share(consumer, ['order.txt', Buffer.from('two tents')], 'The order')
  await consumer.say('See https://shop.example/orders/1')
  await client.outbox.send({
    dialogId: consumer.dialogId,
    event: {
      type: 'RichContentEvent',
      content: {
        type: 'vertical',
        elements: [
          { type: 'text', text: 'Pick a day' },
          { type: 'image', url: 'https://shop.example/tent.png', caption: 'A tent' },
          button('Monday'),
        ],
      },
      quickReplies: { type: 'quickReplies', itemsPerRow: 2, replies: [button('Any day')] },
    },
  })
  await message(page, 'Pick a day').waitFor()
  await page.getByRole('button', { name: 'Private note' }).click()
  const note = page.getByRole('textbox', { name: 'Private note' })
  await note.fill('For us')
  await note.press('Enter')
  await message(page, 'For us').waitFor()
  await page.getByRole('button', { name: 'Private note' }).click()
  await note.fill('One more for us')
  await inspection.look(page, 'note mode', FIELD)
  await note.fill('')
  await page.getByRole('button', { name: 'Reply' }).click()
  await consumer.publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
  await page.getByText(/is typing/).waitFor()
  await openDetails(page)
  await inspection.look(page, 'thread')
  await page.setViewportSize(NARROW)
  await openDetails(page)
  await inspection.lookNow(page, 'details on a phone')
  await page.getByRole('button', { name: 'Close details' }).click()
  await page.setViewportSize(WIDE)
  client.close()
}

const writing = async (inspection: Inspection, page: Page): Promise<void> => {
  const field = page.getByRole('textbox', { name: 'Message' })
  await field.fill('/')
  await page.getByRole('listbox', { name: 'Predefined content' }).waitFor()
  await inspection.look(page, 'predefined content', FIELD)
  await field.fill('/nothing like this')
  await page.getByText('Nothing matches').waitFor()
  await inspection.look(page, 'no predefined content', FIELD)
  await field.fill('Your order $!{number}')
  await field.press('Enter')
  await page.getByText('Fill in number before sending.').waitFor()
  await inspection.look(page, 'open place', FIELD)
  await field.fill('Draft')
  await page.getByRole('button', { name: 'More ways to send' }).click()
  await page.getByRole('menu').waitFor()
  await inspection.look(page, 'ways to send', MENU)
  await shutMenu(page)
  await page.evaluate(`(() => {
    const data = new DataTransfer()
    data.items.add(new File(['some words'], 'words.txt', { type: 'text/plain' }))
    const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data })
    document.querySelector('[data-composer]').dispatchEvent(event)
  })()`)
  await page.getByRole('button', { name: 'Remove words.txt' }).waitFor()
  await inspection.look(page, 'attachment', FIELD)
  await page.getByRole('button', { name: 'Remove words.txt' }).click()
  await field.fill('')
}

const overlaying = async (inspection: Inspection, page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menu').waitFor()
  await inspection.look(page, 'actions', MENU)
  await shutMenu(page)
  await page.getByRole('button', { name: 'Transfer' }).click()
  await dialog(page).getByRole('option').first().waitFor()
  await inspection.look(page, 'transfer to a skill', DIALOG)
  await page.getByRole('button', { name: 'To an agent' }).click()
  await dialog(page).getByRole('option').first().waitFor()
  await inspection.look(page, 'transfer to an agent', DIALOG)
  await shut(page)
  await page.keyboard.press('Control+k')
  await dialog(page).waitFor()
  await inspection.look(page, 'palette', DIALOG)
  await page.keyboard.type('what nobody said')
  await dialog(page)
    .getByRole('option', { name: /Search the history/ })
    .waitFor()
  await inspection.look(page, 'palette, nothing found', DIALOG)
  await shut(page)
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click()
  await dialog(page).waitFor()
  await inspection.look(page, 'keys', DIALOG)
  await shut(page)
  for (const section of ['Appearance', 'Composer', 'Notifications', 'Keys']) {
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByRole('tab', { name: section }).click()
    await inspection.look(page, `settings, ${section}`, DIALOG)
    await shut(page)
  }
  await page.getByRole('button', { name: /^Status:/ }).click()
  await page.getByRole('menu').waitFor()
  await inspection.look(page, 'status', MENU)
  await shutMenu(page)
}

const beingElsewhere = async (
  inspection: Inspection,
  { page, login }: Desk,
  { world, account }: Place,
): Promise<void> => {
  const elsewhere = await world.server.agentSocket(account, login.bearer)
  await elsewhere.request('.ams.routing.SetAgentState', { availability: 'AWAY' })
  await page.locator('[data-state-notice]').waitFor()
  await inspection.look(page, 'status changed elsewhere', '[data-state-notice]')
  await page.getByRole('button', { name: /^Back to / }).click()
  await page.locator('[data-state-notice]').waitFor({ state: 'detached' })
}

const beingOffline = async (
  inspection: Inspection,
  { network }: World,
  page: Page,
  behind: () => Promise<unknown>,
): Promise<void> => {
  network.goDown()
  await page
    .getByText(/^No connection\.|^Connecting/)
    .first()
    .waitFor()
  await write(page, 'Written without a connection')
  await page.getByText('1 message waits to be sent.').waitFor()
  await inspection.look(page, 'offline')
  await behind()
  network.comeBack()
  await hurry(page)
  await page.locator('[data-stale]').waitFor()
  await inspection.look(page, 'stale reply', '[data-stale]')
  await page.getByRole('button', { name: 'Take back into the composer' }).click()
  await page.locator('[data-stale]').waitFor({ state: 'detached' })
  await page.getByRole('textbox', { name: 'Message' }).fill('')
}

const supervising = async (inspection: Inspection, page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'All conversations' }).click()
  await page.locator('a[data-row]').first().waitFor()
  await inspection.look(page, 'all conversations')
  await page.locator('a[data-row]').filter({ hasText: 'Anybody?' }).click()
  await page.getByText('You are only watching. Join to write.').waitFor()
  await openDetails(page)
  await page.getByRole('button', { name: 'Show every step' }).click()
  await inspection.look(page, 'watching')
  await page.getByRole('searchbox').fill('what nobody is called')
  await page.getByText('Nothing matches these filters.').waitFor()
  await inspection.look(page, 'nothing matches', 'main')
  await page.getByRole('link', { name: 'Agents' }).click()
  await page.getByRole('table').waitFor()
  await inspection.look(page, 'agents')
  await page.getByRole('link', { name: 'History' }).click()
  const search = page.getByRole('searchbox', { name: 'Search what was said' })
  await search.fill('hello')
  await page.locator('mark').first().waitFor()
  await inspection.look(page, 'history')
  await page.locator('a[data-row]').first().click()
  await page.getByRole('log', { name: 'Past conversation' }).waitFor()
  await inspection.look(page, 'past conversation')
  await search.fill('what nobody said')
  await page.getByText(/^No message with/).waitFor()
  await inspection.look(page, 'nothing in the history', 'main')
}

const parting = async (inspection: Inspection, page: Page): Promise<void> => {
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
  await page.getByRole('button', { name: 'Close conversation' }).click()
  await page.getByRole('button', { name: 'Undo' }).waitFor()
  await inspection.look(page, 'to be undone', '[data-toast]')
}

describePages('access', () => {
  const world = World.shared()

  /** A manager who also answers, in an account that has everything that can be chosen from. */
  const furnished = async () => {
    const place = await world.account()
    const skillId = await place.skill('Billing')
    await place.configure('le-agents/decline-reasons', { text: 'Not my language' })
    await place.configure('le-agents/status-reasons', { text: 'Lunch', state: 'Away' })
    await place.configure('engagement-window/canned-responses?v=2.0', {
      enabled: true,
      type: 0,
      data: [{ title: 'Welcome', msg: 'Hello, I am here.', lang: 'en-US', isDefault: true }],
    })
    const context = { reducedMotion: 'reduce' } as const
    const desk = await place.desk({ roles: ['agent', 'manager'], context })
    return { place, skillId, desk, page: desk.page, inspection: new Inspection() }
  }

  const ringing = async (place: Place, page: Page) => {
    const profile = { firstName: 'Dana', lastName: 'Ng', email: 'dana@example.com' }
    const consumer = await place.consumer({ text: 'Hello?', skillId: '-1', profile })
    await page.getByRole('button', { name: /^Accept/ }).waitFor()
    return consumer
  }

  /** Nothing was found in any of its states, and nothing went wrong on the way. */
  const conclude = async (inspection: Inspection, part: keyof typeof states, { watch }: Desk) => {
    expect(inspection.found).toEqual([])
    expect(inspection.states).toEqual(states[part])
    expect(watch).toEqual({ errors: [], violations: [] })
  }

  it(`[WSP32] a check finds nothing ${EVERYWHERE}: from the form to the thread`, async () => {
    const { place, desk, page, inspection } = await furnished()
    await signingIn(inspection, place)
    await inspection.look(page, 'empty list')
    using consumer = await ringing(place, page)
    await inspection.look(page, 'ringing')
    await page.getByRole('button', { name: /^Decline with a reason/ }).click()
    await page.getByRole('menu').waitFor()
    await inspection.look(page, 'reasons for declining', MENU)
    await shutMenu(page)
    await accept(page)
    await message(page, 'Hello?').waitFor()
    await conversing(inspection, place, page, consumer)
    await conclude(inspection, 'beginning', desk)
  })

  it(`[WSP32] a check finds nothing ${EVERYWHERE}: writing, and what lies over the page`, async () => {
    const { place, desk, page, inspection } = await furnished()
    using _consumer = await ringing(place, page)
    const { client } = await place.colleague()
    await accept(page)
    await writing(inspection, page)
    await overlaying(inspection, page)
    await conclude(inspection, 'writing', desk)
    client.close()
  })

  it(`[WSP32] a check finds nothing ${EVERYWHERE}: what goes wrong, and what is undone`, async () => {
    const { place, desk, page, inspection } = await furnished()
    using consumer = await ringing(place, page)
    await accept(page)
    const client = await colleagueIn(place, consumer)
    await beingElsewhere(inspection, desk, place)
    await beingOffline(inspection, world, page, () => client.say(consumer.dialogId, 'I was faster'))
    await parting(inspection, page)
    await conclude(inspection, 'trouble', desk)
    client.close()
  })

  it(`[WSP32] a check finds nothing ${EVERYWHERE}: what others do and did`, async () => {
    const { place, skillId, desk, page, inspection } = await furnished()
    using _consumer = await ringing(place, page)
    await accept(page)
    using _other = await place.consumer({ skillId, text: 'Anybody?' })
    await supervising(inspection, page)
    await conclude(inspection, 'others', desk)
  })
})
