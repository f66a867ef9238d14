/** Which view and conversation are open; they stand in the address, so that they can be linked to. */
import { Value } from './value.ts'

export type View = 'mine' | 'all' | 'agents'

export interface Route {
  readonly view: View
  readonly conversationId?: string
}

const views: readonly string[] = ['mine', 'all', 'agents'] satisfies readonly View[]

export const routeOf = (hash: string): Route => {
  const [, view = '', id] = hash.replace(/^#/, '').split('/')
  return {
    view: views.includes(view) ? (view as View) : 'mine',
    ...(id && { conversationId: decodeURIComponent(id) }),
  }
}

export const hashOf = ({ view, conversationId }: Route): string =>
  `#/${view}${conversationId === undefined ? '' : `/${encodeURIComponent(conversationId)}`}`

export const route = new Value<Route>(routeOf(location.hash))

addEventListener('hashchange', () => route.set(routeOf(location.hash)))

export const go = (to: Route): void => {
  if (hashOf(to) !== location.hash) location.hash = hashOf(to)
  route.set(to)
}
