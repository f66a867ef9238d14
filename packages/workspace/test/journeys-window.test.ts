/** What agents, bots and a consumer before the window share, and what outlasts a network that goes. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Network } from '../../client/test/world.ts'
import { BotProcess } from '../../server/test/bots/bot-process.ts'
import { png } from '../../server/test/file-world.ts'
import { QUESTION, SurveyBot, THANKS } from '../../server/test/scripted-survey-bot.ts'
import { describePages } from '../../window/test/browser.ts'
import type { Visit } from '../../window/test/visit.ts'
import {
  conversationOf,
  logOf,
  preferring,
  shopper,
  type Terminator,
  terminator,
  textsOf,
} from './both-sides.ts'
import { accept, hurry, message, Place, until, World, write } from './world.ts'

/** How long the network is away, by a real clock. */
const CUT_MS = 60_000
const ROUNDS = 12

/** Downloads what a press of the button saves. */
const saved = async (page: Page, press: () => Promise<void>): Promise<Buffer> => {
  const saving = page.waitForEvent('download')
  await press()
  const chunks: Buffer[] = []
  for await (const chunk of await (await saving).createReadStream()) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const card = {
  type: 'vertical',
  elements: [
    { type: 'text', text: 'Which tent?' },
    {
      type: 'button',
      title: 'The small one',
      click: {
        metadata: [{ type: 'ExternalId', id: 'tent-small' }],
        actions: [{ type: 'publishText', text: 'Small, please' }],
      },
    },
  ],
}

/** A minute without a network, in which both go on writing. */
const writeWhileAway = async (page: Page, visit: Visit, network: Network): Promise<void> => {
  const field = page.getByRole('textbox', { name: 'Message' })
  await field.pressSequentially('agent ')
  await visit.field.pressSequentially('consumer ')
  network.goDown()
  const endsAt = performance.now() + CUT_MS
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [one, who] of [
      [field, 'agent'],
      [visit.field, 'consumer'],
    ] as const) {
      await one.pressSequentially(`${round === 0 ? '' : `${who} `}${round}`)
      await one.press('Enter')
    }
    // The minute itself is what is tested.
    await pause(Math.max(0, endsAt - performance.now()) / (ROUNDS - round))
  }
  network.comeBack()
}

/** A conversation that the network is taken from for a minute; what else is tested goes on meanwhile. */
const cutOff = async (world: World) => {
  const { account } = await world.account()
  const network = await Network.start(world.server.running.port)
  const place = new Place(world, account, network)
  const { page } = await place.desk()
  const visit = await shopper(place)
  await visit.write('Is anybody there?')
  await accept(page)
  await write(page, 'I am')
  await visit.expectSeen('I am')
  const minute = writeWhileAway(page, visit, network)
  // Whoever waits for it is told.
  minute.catch(() => {})
  const end = async () => {
    await visit[Symbol.asyncDispose]()
    await network[Symbol.asyncDispose]()
  }
  return { place, page, visit, minute, [Symbol.asyncDispose]: end }
}

describePages('journeys between pages', () => {
  let world: World
  let secure: Terminator
  let away: Awaited<ReturnType<typeof cutOff>>
  beforeAll(async () => {
    world = await World.open({ config: { dev: true } })
    secure = await terminator(world.server.running.port)
    away = await cutOff(world)
  })
  afterAll(async () => {
    await away?.[Symbol.asyncDispose]()
    await secure?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
  })

  it('[WSP14] [WIN22] journey: files go both ways, byte for byte', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    await using visit = await shopper(place)
    await visit.write('Look at this')
    await accept(page)
    const picture = png(64, 48)
    const input = visit.frame.locator('input[type="file"]')
    await input.setInputFiles({ name: 'tent.png', mimeType: 'image/png', buffer: picture })
    const line = page.locator('[data-message]').filter({ has: page.getByRole('img') })
    const got = await saved(page, () => line.getByRole('button', { name: /PNG$/ }).click())
    expect(got.equals(picture)).toBe(true)

    const words = Buffer.from('A guarantee for life — für immer.\r\n'.repeat(2_000))
    const chosen = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Attach a file' }).click()
    const file = { name: 'guarantee.txt', mimeType: 'text/plain', buffer: words }
    await (await chosen).setFiles(file)
    await page.getByText('guarantee.txt').waitFor()
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    const button = visit.frame.getByRole('button', { name: /^Download / }).last()
    await until(() => button.textContent()).toContain('TXT')
    const back = await saved(visit.page, () => button.click())
    expect(back.equals(words)).toBe(true)
  })

  it('[WIN20] [WIN21] [WSP11] journey: a bot’s card is pressed in the window, and the bot hears of it', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    const login = await world.server.agent(place.account, { roles: ['manager'], isBot: true })
    const { loginName: username, password } = login
    const conf = { accountId: place.account, csdsDomain: secure.authority, username, password }
    await using bot = new BotProcess({ bot: 'puppet', conf, caFile: secure.caFile })
    await bot.next('connected')
    await using visit = await shopper(place)
    await visit.write('I need a tent')
    await accept(page)
    const { id } = await conversationOf(place)
    const join = { field: 'ParticipantsChange', type: 'ADD', role: 'MANAGER' }
    const joined = { conversationId: id, conversationField: [join] }
    expect((await bot.call('updateConversationField', joined)).error).toBe(null)
    await bot.call('subscribeMessagingEvents', { dialogId: id })
    const event = { type: 'RichContentEvent', content: card }
    const offered = [{ type: 'ExternalId', id: 'offer-1' }]
    const sent = await bot.call('publishEvent', { dialogId: id, event }, null, offered)
    await message(page, 'Which tent?').getByText('The small one').waitFor()
    await visit.frame.getByRole('button', { name: 'The small one' }).click()
    const heard = async (wanted: (event: Record<string, unknown>) => boolean) => {
      const body = await bot.told('MessagingEventNotification', ({ changes }) =>
        wanted(changes[0].event),
      )
      return body.changes[0]
    }
    const metadata = [{ type: 'ExternalId', id: 'tent-small' }]
    const pressed = await heard(({ status }) => status === 'ACTION')
    expect(pressed).toMatchObject({
      event: { status: 'ACTION', sequenceList: [sent.body.sequence] },
      metadata,
    })
    const said = await heard((one) => one['message'] === 'Small, please')
    expect(said).toMatchObject({ metadata, originatorMetadata: { role: 'CONSUMER' } })
    await message(page, 'Small, please').waitFor()
    expect(bot.errors).toEqual([])
  })

  it('[WSP20] [WIN24] journey: a survey follows the end, is answered in the window, and its result is kept', async () => {
    const surveyAppId = 'survey-app'
    const place = await world.account({ surveyAppId })
    const { server } = world
    const login = await server.agent(place.account, { isBot: true, appInstallIds: [surveyAppId] })
    await using bot = await SurveyBot.start(server, place.account, login, surveyAppId)
    const { page } = await place.desk({ context: preferring(place, { undoSeconds: 0 }) })
    await using visit = await shopper(place)
    await visit.write('All is well now')
    await accept(page)
    await message(page, 'All is well now').waitFor()
    const leading = bot.lead()
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Close with survey' }).click()
    await page.getByText('Conversation closed').waitFor()
    const { conversationId, dialogId } = await leading
    await visit.expectSeen(QUESTION)
    const concluding = bot.conclude(conversationId, dialogId)
    await visit.frame.getByRole('button', { name: 'Well', exact: true }).click()
    await concluding
    await visit.expectSeen(THANKS)
    await visit.frame.getByText('This conversation has ended').waitFor()
    expect(bot.answers.filter(({ code = 0 }) => code >= 300)).toEqual([])
    const kept = await logOf(place, dialogId)
    const answer = kept.find(({ payload }) => payload.includes('"message":"Well"'))
    expect(JSON.parse(answer?.metadata ?? '')).toEqual([{ type: 'ExternalId', id: 'good' }])
    const { dialogs } = await conversationOf(place)
    expect(dialogs.map(({ type, state }) => [type, state])).toContainEqual([
      'post_survey',
      'closed',
    ])
  })

  it('[WSP15] [WIN11] journey: the network is away for a minute while both write', async () => {
    const { place, page, visit, minute } = away
    await minute
    // Unless they have tried again by themselves.
    await hurry(page)
    await visit.inside.evaluate(`document.querySelector('.banner button')?.click()`)
    const rounds = Array.from({ length: ROUNDS }, (_, round) => round)
    const wanted = {
      consumer: ['Is anybody there?', ...rounds.map((round) => `consumer ${round}`)],
      agent: ['I am', ...rounds.map((round) => `agent ${round}`)],
    }
    const { id } = await conversationOf(place)
    const said = async () => {
      const log = await logOf(place, id)
      return { consumer: textsOf(log, 'consumer'), agent: textsOf(log, 'assigned_agent') }
    }
    await until(said).toEqual(wanted)
    const all = [...wanted.consumer, ...wanted.agent].sort()
    const inWindow = visit.frame.locator('.message .text')
    await until(async () => (await inWindow.allTextContents()).sort()).toEqual(all)
    await until(() => page.locator('[data-message]').count()).toBe(all.length)
    for (const text of all) expect(await message(page, text).count()).toBeGreaterThan(0)
  })
})
