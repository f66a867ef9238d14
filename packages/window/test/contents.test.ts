/** What agents and bots send besides texts, and files both ways. */
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { agentClient, type DialogEvent, type MessagingClient } from '../../client/src/index.ts'
import { png } from '../../server/test/file-world.ts'
import { inBrowser, type Setting } from './setting.ts'
import { findings } from './tour.ts'
import { eventually } from './visit.ts'

const talking = async ({ place }: Setting) => {
  const visit = await place.visit()
  const agent = await place.answerer()
  await visit.begin()
  await visit.write('hello')
  await agent.take()
  return { visit, agent }
}

/** The survey's dialog, once it has opened. */
const surveyIn = async (bot: MessagingClient): Promise<string> => {
  for await (const { conversations } of bot.conversations({ stage: ['OPEN'] }))
    for (const { conversationDetails } of conversations.values())
      for (const { dialogId, dialogType } of conversationDetails.dialogs)
        if (dialogType === 'POST_SURVEY') return dialogId as string
  throw new Error('The client was closed')
}

inBrowser('contents', (setting) => {
  it('[WIN21] a quick reply is said with its metadata, and its card is told', async () => {
    const { visit, agent } = await talking(setting)
    await using _visit = visit
    using _agent = agent
    const metadata = [{ type: 'ExternalId', id: 'reply-7' }]
    await agent.publish({
      type: 'ContentEvent',
      contentType: 'text/plain',
      message: 'Which size?',
      quickReplies: {
        type: 'quickReplies',
        itemsPerRow: 2,
        replies: ['Small', 'Large'].map((title) => ({
          type: 'button',
          title,
          click: { metadata, actions: [{ type: 'publishText', text: `${title}, please` }] },
        })),
      },
    })
    await visit.frame.getByRole('button', { name: 'Large' }).click()
    await visit.expectSeen('Large, please')
    await eventually(() => agent.texts).toEqual(['hello', 'Large, please'])
    const said = agent.heard.filter(({ metadata: one = [] }) => one.length > 0)
    expect(said.map(({ event, metadata: one }) => [event.type, one])).toEqual([
      ['AcceptStatusEvent', metadata],
      ['ContentEvent', metadata],
    ])
    expect((said[0] as { event: object }).event).toMatchObject({ status: 'ACTION' })
    await visit.frame.getByRole('button', { name: 'Large' }).waitFor({ state: 'detached' })
  })

  it('[WIN20, WIN21] cards are drawn and clicked; what is unknown is left out', async () => {
    const { visit, agent } = await talking(setting)
    await using _visit = visit
    using _agent = agent
    const button = {
      type: 'button',
      title: 'Choose this',
      click: {
        metadata: [{ type: 'ExternalId', id: 'card-1' }],
        actions: [{ type: 'publishText', text: 'The ridge tent' }],
      },
    }
    const shop = {
      type: 'button',
      title: 'To the shop',
      click: { actions: [{ type: 'link', uri: 'https://shop.example/tent' }] },
    }
    const card = {
      type: 'vertical',
      elements: [{ type: 'text', text: 'Ridge tent' }, button, shop],
    }
    await agent.publish({ type: 'RichContentEvent', content: card })
    const link = visit.frame.getByRole('link', { name: /To the shop/ })
    await link.waitFor()
    expect(await link.getAttribute('href')).toBe('https://shop.example/tent')
    expect(await link.getAttribute('rel')).toContain('noopener')
    await visit.frame.getByRole('button', { name: 'Choose this' }).click()
    await eventually(() => agent.texts).toEqual(['hello', 'The ridge tent'])
    const carousel = { type: 'carousel', elements: [card, card] }
    await agent.publish({ type: 'RichContentEvent', content: carousel })
    await eventually(() => visit.frame.locator('.slide').count()).toBe(2)
    expect(visit.complaints).toEqual([])
  })

  it('[WIN20, WIN21] a list is ticked and sent', async () => {
    const { visit, agent } = await talking(setting)
    await using _visit = visit
    using _agent = agent
    const box = (text: string) => ({
      type: 'checkbox',
      text,
      click: { actions: [{ type: 'checked', publishText: text }] },
    })
    const submit = {
      type: 'submitButton',
      title: 'Done',
      click: { actions: [{ type: 'submitAsText', submit: true }] },
    }
    const list = {
      type: 'list',
      elements: [
        { type: 'text', text: 'What do you need?' },
        {
          type: 'sectionList',
          elements: [
            {
              type: 'section',
              elements: [
                { type: 'text', text: 'For the night' },
                { type: 'checklist', elements: ['Tent', 'Lamp', 'Mat'].map(box) },
              ],
            },
          ],
        },
        { type: 'buttonList', elements: [submit] },
      ],
    }
    await agent.publish({ type: 'RichContentEvent', content: list })
    await visit.frame.getByRole('checkbox', { name: 'Tent' }).check()
    await visit.frame.getByRole('checkbox', { name: 'Mat' }).check()
    await visit.frame.getByRole('button', { name: 'Done' }).click()
    await eventually(() => agent.texts).toEqual(['hello', 'Tent, Mat'])
  })

  it('[WIN22] files go both ways, and what is not taken says so', async () => {
    const { visit, agent } = await talking(setting)
    await using _visit = visit
    using _agent = agent
    const file = path.join(tmpdir(), `ringdown-picture-${process.pid}.png`)
    writeFileSync(file, png(40, 30))
    await visit.frame.locator('input[type="file"]').setInputFiles(file)
    await visit.frame.locator('.own .file-picture img').waitFor()
    const shared = () => agent.heard.find(({ event }) => event['contentType'] === 'hosted/file')
    await eventually(shared).toBeDefined()
    const { relativePath } = (shared() as DialogEvent).event['message'] as { relativePath: string }
    const address = await agent.client.request('generateDownloadUrl', { relativePath })
    const query = new URLSearchParams({ ...address.queryParams })
    const got = await fetch(`${setting.place.world.server.url}${relativePath}?${query}`)
    expect([got.status, got.headers.get('content-type')]).toEqual([200, 'image/png'])

    const up = await agent.client.request('generateUploadUrl', { fileSize: 200, fileType: 'TXT' })
    const put = new URLSearchParams({ ...up.queryParams })
    const url = `${setting.place.world.server.url}${up.relativePath}?${put}`
    expect((await fetch(url, { method: 'PUT', body: 'a guarantee' })).status).toBe(201)
    await agent.publish({
      type: 'ContentEvent',
      contentType: 'hosted/file',
      message: { relativePath: up.relativePath, fileType: 'TXT', caption: 'guarantee.txt' },
    })
    const saved = visit.page.waitForEvent('download')
    await visit.frame.getByRole('button', { name: 'Download guarantee.txt' }).click()
    expect((await saved).suggestedFilename()).toBe('guarantee.txt')

    const input = visit.frame.locator('input[type="file"]')
    await input.setInputFiles({
      name: 'x.exe',
      mimeType: 'application/x-dosexec',
      buffer: Buffer.from('MZ'),
    })
    await visit.frame.getByText('This type of file is not taken.').waitFor()
    const buffer = Buffer.alloc(5 * 1024 * 1024, 1)
    await input.setInputFiles({ name: 'big.pdf', mimeType: 'application/pdf', buffer })
    await visit.frame.getByText('This file is too large.').waitFor()
  })

  it('[WIN24] [WIN31] a survey goes on in the same thread, and then nothing more is asked', async () => {
    const { place } = setting
    const { server, accountId } = place.world
    const url = `${server.url}/ringdown/v1/accounts/${accountId}`
    const changed = await fetch(url, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${server.running.adminToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ settings: { surveyAppId: 'survey-app' } }),
    })
    expect(changed.status).toBe(200)
    const { visit, agent } = await talking(setting)
    await using _visit = visit
    using _agent = agent
    const login = await server.agent(accountId, { isBot: true, appInstallIds: ['survey-app'] })
    using bot = agentClient({
      origin: server.url,
      account: accountId,
      token: async () => login.bearer,
    })
    await agent.client.request('updateConversationField', {
      conversationId: agent.dialogId,
      conversationField: [
        {
          field: 'DialogChange',
          type: 'UPDATE',
          dialog: { dialogId: agent.dialogId, state: 'CLOSE' },
        },
      ],
    })
    const survey = await surveyIn(bot)
    await bot.request('updateConversationField', {
      conversationId: agent.dialogId,
      conversationField: [
        { field: 'ParticipantsChange', type: 'ADD', role: 'AGENT', dialogId: survey },
      ],
    })
    await bot.say(survey, 'Did we help you?')
    await visit.expectSeen('Did we help you?')
    await visit.frame.getByText('Survey', { exact: true }).waitFor()
    expect(await findings(visit)).toEqual([])
    await visit.write('You did.')
    for await (const { event } of bot.events(survey)) if (event['message'] === 'You did.') break
    await bot.request('updateConversationField', {
      conversationId: agent.dialogId,
      conversationField: [
        { field: 'DialogChange', type: 'UPDATE', dialog: { dialogId: survey, state: 'CLOSE' } },
      ],
    })
    await visit.frame.getByText('This conversation has ended').waitFor()
    expect(await visit.frame.getByText('How was it?').count()).toBe(0)
  })
})
