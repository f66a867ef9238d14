/** What of the workspace is shown, as it stands in the address of the page. */
export type View = 'mine' | 'all' | 'agents' | 'history'

/** What narrows a list, by name. */
export type Filters = Readonly<Record<string, string>>

export interface Route {
  readonly view: View
  readonly conversationId?: string
  readonly filters?: Filters
}

const views: readonly string[] = ['mine', 'all', 'agents', 'history'] satisfies readonly View[]

/** Whoever typed it may have mistyped it. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export const routeOf = (hash: string): Route => {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2)
  const [, view = '', id] = path.split('/')
  const filters = Object.fromEntries(new URLSearchParams(query))
  return {
    view: views.includes(view) ? (view as View) : 'mine',
    ...(id && { conversationId: decoded(id) }),
    ...(query !== '' && { filters }),
  }
}

const queryOf = (filters: Filters = {}): string => {
  const query = String(new URLSearchParams(Object.entries(filters).filter(([, value]) => value)))
  return query === '' ? '' : `?${query}`
}

export const hashOf = ({ view, conversationId, filters }: Route): string =>
  `#/${view}${conversationId === undefined ? '' : `/${encodeURIComponent(conversationId)}`}${queryOf(filters)}`
