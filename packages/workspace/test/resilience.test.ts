import { expect, it } from 'vitest'
import { describePages } from '../../window/test/browser.ts'
import { expectNoBarrier } from './inspection.ts'
import { accept, message, until, World, write } from './world.ts'

describePages('when things go wrong', () => {
  const world = World.shared()

  it('[WSP15] loses and doubles nothing over a cut while both write', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using consumer = await place.consumer({ text: 'one' })
    await accept(page)
    await message(page, 'one').waitFor()
    world.network.goDown()
    await page
      .getByText(/^No connection\.|^Connecting/)
      .first()
      .waitFor()
    await write(page, 'agent one')
    await write(page, 'agent two')
    await page.getByText('2 messages wait to be sent.').waitFor()
    await consumer.say('two')
    await consumer.say('three')
    world.network.comeBack()
    // It is not there any more where the page has just tried by itself.
    await page.getByRole('button', { name: 'Try now' }).evaluateAll(([button]) => button?.click())
    await message(page, 'three').waitFor()
    await until(() => consumer.texts.length).toBe(5)
    expect([...consumer.texts].sort()).toEqual(['agent one', 'agent two', 'one', 'three', 'two'])
    const shown = page.locator('[data-message]')
    await until(() => shown.count()).toBe(5)
    await until(() => page.locator('[data-sending="sent"]').count()).toBeGreaterThan(0)
    await until(() => page.locator('[data-sending="sending"]').count()).toBe(0)
  })

  it('[WSP15] sends what waited also after a reload', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using consumer = await place.consumer({ text: 'one' })
    await accept(page)
    world.network.goDown()
    await write(page, 'written without a connection')
    await page.getByText('1 message waits to be sent.').waitFor()
    world.network.comeBack()
    await page.reload()
    await until(() => consumer.texts).toEqual(['one', 'written without a connection'])
    await until(() => message(page, 'written without a connection').count()).toBe(1)
  })

  it('[WSP9] [WSP32] says in place what was not sent, until it is discarded', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using consumer = await place.consumer({ text: 'Hello?' })
    await accept(page)
    await message(page, 'Hello?').waitFor()
    const { client } = await place.colleague({ roles: ['manager'] })
    world.network.goDown()
    await write(page, 'Too late')
    await client.request('updateConversationField', {
      conversationId: consumer.dialogId,
      conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
    })
    world.network.comeBack()
    const line = message(page, 'Too late')
    await line.getByText('Not sent').waitFor()
    await expectNoBarrier(page)
    await line.getByRole('button', { name: 'Retry' }).click()
    await line.getByText('Not sent').waitFor()
    await line.getByRole('button', { name: 'Discard' }).click()
    await until(() => line.count()).toBe(0)
    expect(consumer.texts).toEqual(['Hello?'])
    client.close()
  })

  it('[WSP1] an ended login leads back to the form, with the reason', async () => {
    const place = await world.account()
    const { page, login } = await place.desk()
    await place.administer(`agents/${login.userId}`, { isEnabled: false }, 'PATCH')
    await page.getByText('Your session has ended. Please sign in again.').waitFor()
  })
})
