/**
 * The tutorials as their reader goes through them: the real curl, jq and wscat on one side, the workspace
 * on the other. It is filmed; FILM_FOLDER names a folder in which the film is kept.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { type Frame, Tutorial, type TutorialShell } from '../../cli/test/tutorials/tutorial.ts'
import {
  CONNECT,
  CREATE,
  PUBLISH,
  SIGNUP,
  SUBSCRIBE,
  withId,
} from '../../cli/test/tutorials/typed.ts'
import { describePages, lightBrowser } from '../../window/test/browser.ts'
import { Film, type Recording } from './film.ts'
import { accept, message, signIn, write } from './world.ts'

const FOLLOW =
  '{"kind":"req","id":"f","type":"cqm.SubscribeExConversations","body":{"stage":["OPEN"]}}'

/** Types in wscat, and shows what is typed and printed under the film. */
const typing = (shell: TutorialShell, film: Film) => ({
  async type(line: string, fits: (frame: Frame) => boolean): Promise<Frame> {
    film.tell(`> ${line}`)
    shell.type(line)
    return this.shows(fits)
  },
  async shows(fits: (frame: Frame) => boolean): Promise<Frame> {
    const frame = await shell.shows(fits)
    film.tell(`< ${JSON.stringify(frame)}`)
    return frame
  },
})

const answering = (reqId: string) => (frame: Frame) => frame.reqId === reqId
const saying = (text: string) => (frame: Frame) =>
  frame.type === 'ms.MessagingEventNotification' && frame.body.changes[0].event.message === text
const isGone = ({ type, body }: Frame) =>
  type === 'cqm.ExConversationChangeNotification' &&
  body.changes.some((change: { type: string }) => change.type === 'DELETE')

const keep = ({ webm }: Recording): void => {
  const folder = process.env['FILM_FOLDER']
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'tutorial.webm'), webm)
}

describePages('the tutorials', () => {
  let browser: Browser
  let tutorial: Tutorial
  beforeAll(async () => {
    ;[browser, tutorial] = await Promise.all([lightBrowser(), Tutorial.begin()])
  })
  afterAll(async () => {
    await tutorial?.[Symbol.asyncDispose]()
  })

  /** Ana's login page, as its address in the banner opens it. */
  const workspace = async (): Promise<Page> => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB' })
    onTestFinished(() => context.close())
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    await page.goto(`https://${tutorial.ready.authority}/workspace/`)
    return page
  }

  it('[WSP1] [WSP50] [WSP4] [WSP20] [EV2] [SUB1] the request rings, is accepted, answered and closed', async () => {
    const page = await workspace()
    const film = await Film.begin(page)
    film.tell(`$ ${SIGNUP}`)
    const token = (await tutorial.run(`${SIGNUP}\necho $LP_JWT`)).trim()
    const login = tutorial.ready.agents.find(({ loginName }) => loginName === 'ana')
    if (!login) throw new Error('Ana is not among the agents of the demo')
    await signIn(page, tutorial.ready.account, login)
    await film.stage('Ana has signed in, and is online', page.getByText('All caught up'))

    film.tell(`$ ${CONNECT}`)
    await using shell = tutorial.open(CONNECT, ['--env', `LP_JWT=${token}`])
    // Not a step of the reader's: it tells when the server has closed.
    await using other = tutorial.open(CONNECT, ['--env', `LP_JWT=${token}`])
    const wscat = typing(shell, film)
    const { body } = await wscat.type(CREATE, answering('1'))
    const id: string = body.conversationId
    other.type(FOLLOW)
    await other.shows(answering('f'))
    await film.stage('The request rings', page.getByRole('button', { name: /^Accept/ }))
    await accept(page)
    await film.stage('Ana accepts', page.getByRole('button', { name: 'Close conversation' }))
    await wscat.type(withId(PUBLISH, id), answering('2'))
    await film.stage('The consumer’s text appears', message(page, 'hi there'))
    await write(page, 'message from the agent')
    await film.stage('Ana answers', message(page, 'message from the agent'))
    await wscat.shows(saying('message from the agent'))

    await wscat.type(withId(SUBSCRIBE, id), answering('22'))
    await wscat.shows(saying('hi there'))
    const field = page.getByRole('textbox', { name: 'Message' })
    await film.stage('The answer has come to wscat', field)
    await page.getByRole('button', { name: 'Close conversation' }).click()
    await film.stage('Ana closes the conversation', page.getByText('Conversation closed'))
    const recording = await film.end(browser)
    keep(recording)
    expect(recording.stages).toHaveLength(7)
    expect(recording.moving).toBeGreaterThan(0)
    // The time for a second thought is over. [WSP54]
    await other.shows(isGone)
  })
})
