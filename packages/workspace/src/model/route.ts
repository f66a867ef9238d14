/** Which view and conversation are open; they stand in the address, so that they can be linked to. */
import { type Filters, hashOf, type Route, routeOf } from './address.ts'
import { Value } from './value.ts'

export type { Filters, Route, View } from './address.ts'
export { hashOf } from './address.ts'

export const route = new Value<Route>(routeOf(location.hash))

addEventListener('hashchange', () => route.set(routeOf(location.hash)))

/** Within a view its filters stay, unless others are named. */
export const go = (to: Route): void => {
  const { view, filters = {} } = route.get()
  const next = { ...(to.view === view && { filters }), ...to }
  if (hashOf(next) !== location.hash) location.hash = hashOf(next)
  route.set(next)
}

/** Narrows the list that is shown; what is typed letter by letter leaves no trail behind it. */
export const narrow = (change: Filters): void => {
  const { filters, ...rest } = route.get()
  const next = { ...rest, filters: { ...filters, ...change } }
  history.replaceState(history.state, '', hashOf(next))
  route.set(next)
}
