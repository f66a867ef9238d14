/** What a reader of screens says over a whole journey, on both sides: each message once, typing never. */
import type { Frame, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describePages } from '../../window/test/browser.ts'
import { preferring, shopper } from './both-sides.ts'
import { accept, message, until, World, write } from './world.ts'

/** Collects what comes into any live region, as a reader of screens takes it. */
const LISTEN = `(() => {
  const quiet = { status: 'polite', alert: 'assertive', log: 'polite' }
  const regionOf = (node) => {
    const element = node instanceof Element ? node : node.parentElement
    const region = element?.closest('[aria-live], [role="status"], [role="alert"], [role="log"]')
    if (!region || region.closest('[aria-hidden="true"]')) return undefined
    const live = region.getAttribute('aria-live') ?? quiet[region.getAttribute('role')]
    return live === 'off' ? undefined : region
  }
  const isHidden = (node) =>
    (node instanceof Element ? node : node.parentElement)?.closest('[aria-hidden="true"]')
  window.spoken = []
  const speak = (node, isAddition) => {
    const region = regionOf(node)
    if (!region || isHidden(node)) return
    const relevant = region.getAttribute('aria-relevant') ?? 'additions text'
    if (!relevant.includes(isAddition ? 'additions' : 'text')) return
    const isWhole = region.getAttribute('aria-atomic') === 'true'
    const text = (isWhole ? region : node).textContent.trim()
    if (text !== '') spoken.push(text)
  }
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === 'characterData') speak(target, false)
      for (const node of addedNodes) speak(node, true)
    }
  }).observe(document, { subtree: true, childList: true, characterData: true })
})()`

const listen = (page: Page | Frame) => page.evaluate(LISTEN)
const spokenIn = (page: Page | Frame) => page.evaluate<string[]>('window.spoken')

/** How often each of these is among what was spoken. */
const counts = (spoken: readonly string[], texts: readonly string[]) =>
  texts.map((text) => [text, spoken.filter((one) => one.includes(text)).length])
const once = (texts: readonly string[]) => texts.map((text) => [text, 1])

describePages('what is spoken', () => {
  const world = World.shared()

  it('[WSP31] [WIN32] each message of the others once, what is typed never', async () => {
    const place = await world.account()
    const { page } = await place.desk({ context: preferring(place, { undoSeconds: 0 }) })
    await using visit = await shopper(place)
    await visit.write('Hello?')
    await accept(page)
    await message(page, 'Hello?').waitFor()
    await visit.frame.getByRole('heading', { name: /./ }).first().waitFor()
    await listen(page)
    await listen(visit.inside)

    await visit.field.pressSequentially('I look for a tent')
    await page.getByText(/is typing/).waitFor()
    await visit.field.press('Enter')
    await message(page, 'I look for a tent').waitFor()
    const field = page.getByRole('textbox', { name: 'Message' })
    await field.pressSequentially('For how many?')
    await visit.frame.getByText(/is writing/).waitFor()
    await field.press('Enter')
    await visit.expectSeen('For how many?')
    const burst = ['for two', 'or three', 'with a porch']
    for (const text of burst) await visit.write(text)
    await message(page, 'with a porch').waitFor()
    await write(page, 'I see')
    await visit.expectSeen('I see')
    const fromConsumer = ['I look for a tent', ...burst]
    const fromAgent = ['For how many?', 'I see']
    await until(async () => counts(await spokenIn(page), fromConsumer)).toEqual(once(fromConsumer))
    await until(async () => counts(await spokenIn(visit.inside), fromAgent)).toEqual(
      once(fromAgent),
    )

    await page.getByRole('button', { name: 'Close conversation' }).click()
    await page.getByText('Conversation closed').waitFor()
    await visit.frame.getByText('This conversation has ended').waitFor()

    const [agentHeard, consumerHeard] = [await spokenIn(page), await spokenIn(visit.inside)]
    expect(agentHeard.filter((one) => /typing/.test(one))).toEqual([])
    expect(consumerHeard.filter((one) => /writing/.test(one))).toEqual([])
    // One's own words are not read back.
    expect(agentHeard.filter((one) => fromAgent.some((text) => one.includes(text)))).toEqual([])
    expect(counts(consumerHeard, [...fromConsumer, ...fromAgent])).toEqual([
      ...fromConsumer.map((text) => [text, 0]),
      ...once(fromAgent),
    ])
  })

  it('[WSP31] of messages that come all at once none is left out, and the same words are said again', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using consumer = await place.consumer({ text: 'Hello?' })
    await accept(page)
    await message(page, 'Hello?').waitFor()
    await listen(page)
    world.network.hold()
    for (const text of ['first of all', 'yes', 'yes', 'last of all']) await consumer.say(text)
    world.network.release()
    await message(page, 'last of all').waitFor()
    await consumer.say('last of all')
    const texts = ['first of all', 'yes', 'last of all']
    const wanted = [
      ['first of all', 1],
      ['yes', 2],
      ['last of all', 2],
    ]
    await until(async () => counts(await spokenIn(page), texts)).toEqual(wanted)
  })
})
