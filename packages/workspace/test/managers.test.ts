import { it } from 'vitest'
import { describePages } from '../../window/test/browser.ts'
import { accept, until, World } from './world.ts'

describePages('looking after others', () => {
  const world = World.shared()

  it('[WSP23] shows agents with their states and load, and filters conversations', async () => {
    const place = await world.account()
    const billing = await place.skill('Billing')
    const agent = await place.desk()
    using _one = await place.consumer({ text: 'About my bill', skillId: billing })
    using _two = await place.consumer({ text: 'About my tent' })
    await accept(agent.page)
    const { page } = await place.desk({ roles: ['manager'], isOnline: false })
    await page.getByRole('link', { name: 'Agents' }).click()
    const row = page.getByRole('row').filter({ hasText: agent.login.loginName })
    await row.getByText('Online').waitFor()
    await row.getByText(/^1 of \d+$/).waitFor()
    await page.getByRole('link', { name: 'All conversations' }).click()
    const rows = page.locator('a[data-row]')
    await until(() => rows.count()).toBe(2)
    await page.getByLabel('Skill').selectOption({ label: 'Billing' })
    await until(() => rows.count()).toBe(1)
    await page
      .getByRole('combobox', { name: 'Agent', exact: true })
      .selectOption({ label: agent.login.loginName })
    await page.getByText('Nothing matches these filters.').waitFor()
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await until(() => rows.count()).toBe(2)
  })
})
