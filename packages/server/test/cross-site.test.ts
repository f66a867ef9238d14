/** X11: what pages of strangers can do with the cookie of an agent who visits them. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hire } from './bots/duty.ts'
import { openWorld } from './identity-world.ts'
import { isPublic, type Route, routesOf } from './walls/routes.ts'
import { type WallWorld, wallWorld } from './walls/world.ts'

const EVIL = 'https://evil.example'

let world: WallWorld
let routes: readonly Route[]
let victim: Awaited<ReturnType<typeof hire>>

beforeAll(async () => {
  await using identity = await openWorld()
  routes = routesOf(identity.app)
  world = await wallWorld()
  victim = await hire(world.server, world.account, { roles: ['administrator', 'manager'] })
})
afterAll(() => world[Symbol.asyncDispose]())

const addressOf = ({ path }: Route): string =>
  world.server.url +
  path
    .replace(':account', world.account)
    .replace('/conversations/:id', `/conversations/${world.victim.conversationId}`)
    .replaceAll(/:[a-z]+/g, victim.userId)

/** What a page can send anywhere without being asked first, and what it would like to send. */
const bodies = (): readonly (() => RequestInit)[] => {
  const data = { csrf: '', name: 'ours', password: 'ours', conversationId: 'x', isEnabled: 'false' }
  return [
    () => ({ body: new URLSearchParams(data) }),
    () => {
      const form = new FormData()
      for (const [name, value] of Object.entries(data)) form.append(name, value)
      return { body: form }
    },
    () => ({ body: JSON.stringify(data), headers: { 'content-type': 'text/plain' } }),
    () => ({ body: JSON.stringify(data), headers: { 'content-type': 'application/json' } }),
  ]
}

const send = (route: Route, { headers, ...init }: RequestInit) =>
  fetch(addressOf(route), {
    method: route.method,
    ...init,
    headers: { ...(headers as object), cookie: victim.cookie, origin: EVIL },
  })

const rows = (): readonly string[] =>
  world
    .dump()
    .filter(({ table, row }) => table === 'accounts' || row['account_id'] === world.account)
    .map((one) => JSON.stringify(one))

it('[PRM29] X11 an agent’s cookie alone changes nothing, whatever a page sends along', async () => {
  const before = rows()
  const usesCookie = ({ path }: Route) => /\/(?:logout|refresh)$/.test(path)
  const changing = routes.filter(
    (one) => one.method !== 'GET' && (!isPublic(one) || usesCookie(one)),
  )
  expect(changing.filter(usesCookie)).toHaveLength(2)
  const wrong: string[] = []
  for (const route of changing)
    for (const body of bodies()) {
      const { status } = await send(route, body())
      if (status < 400 || status >= 500) wrong.push(`${route.method} ${route.path}: ${status}`)
    }
  expect(wrong).toEqual([])
  expect(rows()).toEqual(before)
  await using socket = await world.server.agentSocket(world.account, victim.bearer)
  expect(await socket.request('.GetClock', {})).toMatchObject({ code: 200 })
})

it('[PRM29] X11 no answer lets a page read it with the cookie, or names the page’s origin', async () => {
  const wrong: string[] = []
  for (const route of routes)
    for (const method of new Set([route.method, 'OPTIONS'])) {
      const { headers } = await send({ ...route, method }, {})
      const origin = headers.get('access-control-allow-origin') ?? '*'
      if (origin !== '*' || headers.has('access-control-allow-credentials'))
        wrong.push(`${method} ${route.path}: ${origin}`)
    }
  expect(wrong).toEqual([])
})
