import { expect, it } from 'vitest'
import { describePages } from '../../window/test/browser.ts'
import { accept, message, signIn, until, World, write } from './world.ts'

describePages('an agent in a browser', () => {
  const world = World.shared()

  it('[WSP1] signs in, stays in over a reload, is told what was wrong, and signs out', async () => {
    const place = await world.account()
    const login = await world.server.agent(place.account)
    const { page, watch } = await place.page()
    await page.getByLabel('Account').fill(place.account)
    await page.getByLabel('Login name').fill(login.loginName)
    await page.getByLabel('Password').fill('not this one')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Account, login name or password is wrong.').waitFor()
    await signIn(page, place.account, login)
    await page.reload()
    await page.getByRole('heading', { name: 'My conversations' }).waitFor()
    await page.getByRole('button', { name: /^Status/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in to your workspace' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in to your workspace' }).waitFor()
    expect(await page.getByLabel('Login name').inputValue()).toBe(login.loginName)
    expect(watch).toEqual({ errors: [], violations: [] })
  })

  it('[WSP3] declares a state and sees what is declared elsewhere', async () => {
    const place = await world.account()
    const { page, login } = await place.desk({ isOnline: false })
    await page.getByText('You are Offline, so no conversation rings here.').waitFor()
    await page.getByRole('button', { name: /^Status: Offline/ }).click()
    await page.getByRole('menuitem', { name: /^Online/ }).click()
    await page.getByRole('button', { name: /^Status: Online, connected/ }).waitFor()
    const elsewhere = await world.server.agentSocket(place.account, login.bearer)
    await elsewhere.request('.ams.routing.SetAgentState', { availability: 'AWAY' })
    await page.getByRole('button', { name: /^Status: Away, connected/ }).waitFor()
  })

  it('[WSP4] [WSP8] [WSP9] [WSP10] [WSP12] [WSP20] is rung, accepts, answers and closes', async () => {
    const place = await world.account()
    const { page, watch } = await place.desk()
    using consumer = await place.consumer({ text: 'Where is my parcel?' })
    await page.getByRole('button', { name: /^Accept/ }).waitFor()
    await until(() => page.title()).toBe('(1) Ringdown')
    await accept(page)
    await message(page, 'Where is my parcel?').waitFor()
    await until(() => page.title()).toBe('Ringdown')
    await until(() => consumer.receipts('READ')).toEqual([0])

    await consumer.publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
    await page.getByText(/^Visitor .* is typing …$/).waitFor()
    const field = page.getByRole('textbox', { name: 'Message' })
    await field.pressSequentially('On its way')
    await until(() => consumer.heard.some(({ event }) => event['chatState'] === 'COMPOSING')).toBe(
      true,
    )
    await field.press('Enter')
    await until(() => consumer.texts).toEqual(['Where is my parcel?', 'On its way'])
    const state = message(page, 'On its way').locator('[data-sending]')
    await until(() => state.getAttribute('data-sending')).toBe('sent')
    const sequence = consumer.heard.find(({ event }) => event['message'] === 'On its way')?.sequence
    const receipt = (status: string) =>
      consumer.publish({ type: 'AcceptStatusEvent', status, sequenceList: [sequence] })
    await receipt('ACCEPT')
    await until(() => state.getAttribute('data-sending')).toBe('delivered')
    await receipt('READ')
    await until(() => state.getAttribute('data-sending')).toBe('read')

    await consumer.say('Thank you!')
    await message(page, 'Thank you!').waitFor()
    await page.getByRole('button', { name: 'Close conversation' }).click()
    await page.getByText('Conversation closed').waitFor()
    await page.getByText('All caught up').waitFor()
    expect(watch).toEqual({ errors: [], violations: [] })
  })

  it('[WSP12] says in the list who types in a conversation that was opened', async () => {
    const place = await world.account()
    const { page } = await place.desk({ capacity: 5 })
    using first = await place.consumer({ text: 'First' })
    await accept(page)
    await message(page, 'First').waitFor()
    using _second = await place.consumer({ text: 'Second' })
    await accept(page)
    await message(page, 'Second').waitFor()
    const row = page.locator(`a[data-row="${first.dialogId}"]`)
    await row.getByText('First', { exact: true }).waitFor()
    await first.publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
    await row.getByText('Typing …').waitFor()
    expect(await page.getByText('Typing …').count()).toBe(1)
    await first.say('One more thing')
    await row.getByText('One more thing').waitFor()
    expect(await page.getByText('Typing …').count()).toBe(0)
    await first.publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
    await row.getByText('Typing …').waitFor()
    await first.publish({ type: 'ChatStateEvent', chatState: 'PAUSE' })
    await row.getByText('One more thing').waitFor()
  })

  it('[WSP4] declines, and the conversation rings elsewhere', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using _consumer = await place.consumer()
    await page.getByRole('button', { name: /^Decline/ }).click()
    await page.getByText('All caught up').waitFor()
    const other = await place.desk()
    await accept(other.page)
  })

  it('[WSP19] adds notes that the consumer does not see', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using consumer = await place.consumer()
    await accept(page)
    await page.getByRole('button', { name: 'Private note' }).click()
    const field = page.getByRole('textbox', { name: 'Private note' })
    await field.fill('Careful with this one')
    await field.press('Enter')
    await message(page, 'Careful with this one').getByText('Only your team sees this').waitFor()
    await write(page, 'Good morning')
    await until(() => consumer.texts).toEqual(['Hello?', 'Good morning'])
  })

  it('[WSP20] closes with the survey that follows', async () => {
    const place = await world.account({ surveyAppId: 'survey' })
    const { page } = await place.desk()
    using consumer = await place.consumer({
      properties: { deviceFamily: 'DESKTOP', features: ['MULTI_DIALOG'] },
    })
    await accept(page)
    await message(page, 'Hello?').waitFor()
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Close with survey' }).click()
    await page.getByText('Conversation closed').waitFor()
    let types: string[] = []
    // Sent once there was time for a second thought. [WSP54]
    for await (const { conversations } of consumer.client.conversations({ stage: ['OPEN'] })) {
      const dialogs = conversations.get(consumer.dialogId)?.conversationDetails.dialogs ?? []
      types = dialogs.map(({ dialogType }: { dialogType: string }) => dialogType)
      if (types.length > 1) break
    }
    expect(types.sort()).toEqual(['MAIN', 'POST_SURVEY'])
  })
})
