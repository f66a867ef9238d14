/** What consumers do in the window, in a real browser against the real server. */
import { expect, it } from 'vitest'
import { inBrowser } from './setting.ts'
import { findings } from './tour.ts'
import { eventually } from './visit.ts'

inBrowser('the window', (setting) => {
  it('[WIN10, WIN12, WIN13, WIN27] a consumer writes, an agent answers, and both see how far it got', async () => {
    await using visit = await setting.place.visit()
    using agent = await setting.place.answerer()
    await visit.begin()
    await visit.write('Do you repair tents?')
    await visit.expectSeen('Do you repair tents?')
    await visit.frame.getByText('Waiting for someone to answer').waitFor()
    await agent.take()
    await visit.frame.getByText('Waiting for someone to answer').waitFor({ state: 'detached' })
    await visit.frame.getByRole('heading', { name: 'Ana' }).waitFor()
    await eventually(() => agent.texts).toEqual(['Do you repair tents?'])
    await agent.publish({ type: 'AcceptStatusEvent', status: 'ACCEPT', sequenceList: [0] })
    await visit.frame.locator('[data-state="delivered"]').waitFor()
    await agent.publish({ type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] })
    await visit.frame.locator('[data-state="read"]').waitFor()
    const { sequence } = await agent.say('We do, for life.')
    await visit.expectSeen('We do, for life.')
    await eventually(() => agent.receipts('ACCEPT')).toEqual([sequence])
    await eventually(() => agent.receipts('READ')).toEqual([sequence])
    expect(visit.complaints).toEqual([])
  })

  it('[WIN13, WIN17] what comes while the window is shut is counted and not read', async () => {
    await using visit = await setting.place.visit()
    using agent = await setting.place.answerer()
    await visit.begin()
    await visit.write('hello')
    await agent.take()
    await visit.frame.getByRole('heading', { name: 'Ana' }).waitFor()
    await visit.frame.getByRole('button', { name: 'Close messages' }).click()
    await agent.say('one')
    await agent.say('two')
    await visit.page.getByRole('button', { name: 'Open messages (2)' }).waitFor()
    await eventually(() => agent.receipts('ACCEPT').length).toBe(2)
    expect(agent.receipts('READ')).toEqual([])
    await visit.open()
    await eventually(() => agent.receipts('READ').length).toBe(2)
    await visit.page.getByRole('button', { name: 'Close messages', exact: true }).waitFor()
  })

  it('[WIN14] either side sees that the other one is writing', async () => {
    await using visit = await setting.place.visit()
    using agent = await setting.place.answerer()
    await visit.begin()
    await visit.write('hello')
    await agent.take()
    await visit.field.pressSequentially('I am')
    const states = () =>
      agent.heard
        .filter(({ event }) => event.type === 'ChatStateEvent')
        .map(({ event }) => event['chatState'])
    await eventually(states).toContain('COMPOSING')
    await visit.field.press('Enter')
    await eventually(() => states().at(-1)).toBe('ACTIVE')
    await agent.publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
    await visit.frame.getByText('Ana is writing').waitFor()
    await agent.publish({ type: 'ChatStateEvent', chatState: 'PAUSE' })
    await visit.frame.getByText('Ana is writing').waitFor({ state: 'detached' })
  })

  it('[WIN16] a reload keeps thread and draft', async () => {
    await using visit = await setting.place.visit()
    using agent = await setting.place.answerer()
    await visit.begin()
    await visit.write('before')
    await agent.take()
    await agent.say('an answer')
    await visit.expectSeen('an answer')
    await visit.field.fill('not finished')
    await visit.page.reload()
    await visit.open()
    await visit.expectSeen('before')
    await visit.expectSeen('an answer')
    expect(await visit.field.inputValue()).toBe('not finished')
    expect(await visit.context.cookies()).toEqual([])
    await visit.field.press('Enter')
    await eventually(() => agent.texts).toEqual(['before', 'not finished'])
  })

  it('[WIN11, WIN15, WIN16] a network that goes loses nothing and doubles nothing', async () => {
    await using visit = await setting.place.visit()
    using agent = await setting.place.answerer()
    const { network } = setting.place.world
    await visit.begin()
    await visit.write('one')
    await agent.take()
    await agent.say('first answer')
    await visit.expectSeen('first answer')
    network.goDown()
    await visit.frame.getByText('No connection').waitFor()
    await visit.write('two')
    await visit.write('three')
    await visit.frame.locator('[data-state="sending"]').first().waitFor()
    await agent.say('second answer')
    await visit.frame.getByRole('button', { name: 'Try now' }).click()
    network.comeBack()
    await visit.expectSeen('second answer')
    await eventually(() => agent.texts).toEqual(['one', 'two', 'three'])
    await visit.frame.getByText('No connection').waitFor({ state: 'detached' })
    const shown = await visit.frame.locator('.message .text').allTextContents()
    expect([...shown].sort()).toEqual(['first answer', 'one', 'second answer', 'three', 'two'])
  })

  it('[WIN11] the first message of all survives a network that is away', async () => {
    await using visit = await setting.place.visit()
    const { network } = setting.place.world
    await visit.begin()
    network.goDown()
    await visit.write('is anybody there?')
    await visit.frame.getByText('No connection').waitFor()
    network.comeBack()
    using agent = await setting.place.answerer()
    await agent.take()
    await eventually(() => agent.texts).toEqual(['is anybody there?'])
  })

  it('[WIN11] a page that is left before its conversation was answered opens no second one', async () => {
    await using visit = await setting.place.visit()
    using agent = await setting.place.answerer()
    const { network } = setting.place.world
    let open: string[] = []
    const following = (async () => {
      for await (const { conversations } of agent.client.conversations({ convState: ['OPEN'] }))
        open = [...conversations.keys()]
    })()
    await visit.begin()
    await visit.write('about tents')
    await visit.frame.locator('[data-state="sent"]').waitFor()
    const [first] = open
    await visit.frame.getByRole('button', { name: 'Back to your conversations' }).click()
    await visit.frame.getByRole('button', { name: 'New conversation' }).click()
    network.hold()
    await visit.write('about lamps')
    await eventually(() => open.length).toBe(2)
    // The server has opened it, and nobody was told so.
    network.cut()
    await visit.page.reload()
    const second = open.find((id) => id !== first) ?? ''
    for await (const { event } of agent.client.events(second))
      if (event['message'] === 'about lamps') break
    expect(open).toHaveLength(2)
    agent.client.close()
    await following
  })

  it('[WIN10] several conversations are listed, the newest first', async () => {
    await using visit = await setting.place.visit()
    await visit.begin()
    await visit.write('about tents')
    await visit.frame.locator('[data-state="sent"]').waitFor()
    await visit.frame.getByRole('button', { name: 'Back to your conversations' }).click()
    await visit.frame.getByRole('button', { name: 'New conversation' }).click()
    await visit.write('about lamps')
    await visit.frame.locator('[data-state="sent"]').waitFor()
    await visit.frame.getByRole('button', { name: 'Back to your conversations' }).click()
    const rows = visit.frame.locator('.conversation .what')
    await eventually(() => rows.allTextContents()).toEqual(['You: about lamps', 'You: about tents'])
    await rows.nth(1).click()
    await visit.expectSeen('about tents')
    // What is asked about one is not asked about another.
    const end = visit.frame.getByRole('button', { name: 'End conversation' })
    const question = visit.frame.getByText('End this conversation?')
    await end.click()
    await question.waitFor()
    await visit.frame.getByRole('button', { name: 'Back to your conversations' }).click()
    await rows.nth(0).click()
    await visit.expectSeen('about lamps')
    await end.waitFor()
    expect(await question.count()).toBe(0)
  })

  it('[WIN12] [WIN31] what the server refuses stays, to be tried again or discarded', async () => {
    await using visit = await setting.place.visit()
    using agent = await setting.place.answerer()
    const { network } = setting.place.world
    await visit.begin()
    await visit.write('one')
    await agent.take()
    network.goDown()
    await visit.frame.getByText('No connection').waitFor()
    await visit.write('too late')
    await agent.close()
    network.comeBack()
    await visit.frame.getByText('Not sent').waitFor()
    expect(await findings(visit)).toEqual([])
    // What comes in with the end moves the page.
    await visit.frame.getByText('This conversation has ended').waitFor()
    await visit.frame.getByRole('button', { name: 'Discard' }).click()
    await visit.bubble('too late').waitFor({ state: 'detached' })
  })

  it('[WIN25] after the end it asks for a rating, once', async () => {
    await using visit = await setting.place.visit()
    using agent = await setting.place.answerer()
    await visit.begin()
    await visit.write('thank you')
    const conversationId = await agent.take()
    await visit.frame.getByRole('button', { name: 'End conversation' }).click()
    await visit.frame.getByRole('button', { name: 'End it' }).click()
    await visit.frame.getByText('This conversation has ended').waitFor()
    await visit.frame.getByRole('radio', { name: 'Good', exact: true }).check({ force: true })
    await visit.frame.getByRole('radio', { name: 'Yes' }).check()
    await visit.frame.getByRole('button', { name: 'Send rating' }).click()
    await visit.frame.getByText('Thank you for your rating.').waitFor()
    const { services } = setting.place.world.server
    const stored = await services.store.read('conversation', {
      accountId: setting.place.world.accountId,
      id: conversationId,
    })
    expect(JSON.stringify(stored)).toContain('"rate":4')
    await visit.page.reload()
    await visit.open()
    await visit.frame.getByText('This conversation has ended').waitFor()
    expect(await visit.frame.getByText('How was it?').count()).toBe(0)
  })

  it('[WIN26] a form before the conversation fills the profile and the first message', async () => {
    const fields = [
      { name: 'firstName', label: 'First name', required: true },
      { name: 'order', label: 'Order number', type: 'text' },
      { name: 'topic', label: 'Topic', type: 'select', options: ['Repair', 'Returns'] },
    ]
    await using visit = await setting.place.visit({ init: `preChat: ${JSON.stringify(fields)}` })
    using agent = await setting.place.answerer()
    await visit.begin()
    await visit.frame.getByRole('button', { name: 'Start' }).click()
    await visit.frame.getByText('Please fill this in.').waitFor()
    await visit.frame.getByLabel('First name').fill('Kim')
    await visit.frame.getByLabel('Order number').fill('4711')
    await visit.frame.getByLabel('Topic').selectOption('Repair')
    await visit.frame.getByRole('button', { name: 'Start' }).click()
    await agent.take()
    await eventually(() => agent.texts).toEqual(['Order number: 4711\nTopic: Repair'])
    const snapshot = await agent.snapshot()
    const consumerId = snapshot.conversationDetails.participants.find(
      ({ role }: { role: string }) => role === 'CONSUMER',
    ).id
    await eventually(async () => {
      const profile = await agent.client.request('getUserProfile', { userId: consumerId })
      return JSON.stringify(profile)
    }).toContain('"Kim"')
  })
})
