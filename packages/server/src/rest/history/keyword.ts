/**
 * Looks through what was said for words. There is no index of words, which every message would have to
 * be written to: the messages themselves are read, piece by piece, so that nothing else waits for long,
 * and no more than a limit of them. [HIS22]
 */
import type { ConversationId, DialogId } from '@ringdown/protocol'
import { saidText } from '../../dialects/said-text.ts'
import { excerptOf, holds } from '../../domain/words.ts'
import type { HistoryFilter, SearchedConversation } from '../../store/store.ts'
import type { RestParts } from '../rest-parts.ts'
import type { Asker, FairTurns } from './fair-turns.ts'

export const MOST_CONVERSATIONS = 10_000
export const MOST_EVENTS = 200_000
/** Words that stand everywhere are not worth more. */
export const MOST_FOUND = 1_000
const EVENTS_AT_ONCE = 2_000
const MOST_SHOWN = 3

export interface WordMatch {
  readonly dialogId: DialogId
  readonly seq: number
  readonly text: string
}

export interface Searched {
  /** By conversation, in the order of the search. */
  readonly matches: ReadonlyMap<ConversationId, readonly WordMatch[]>
  /** Whether nothing was left out. */
  readonly isWhole: boolean
  readonly conversations: number
  /** When the last of the conversations that were looked through began. */
  readonly reached: number | undefined
}

/** Events that are read at once: all of some dialogs, or a part of one. */
interface Piece {
  readonly dialogIds: readonly DialogId[]
  readonly from: number
  readonly before: number
}

type Searching = readonly SearchedConversation[]

const eventsOf = ({ dialogs }: SearchedConversation): number =>
  dialogs.reduce((sum, { events }) => sum + events, 0)

/** Short conversations together, each long one by itself. Pure. */
export const groupsOf = (conversations: Searching, most = EVENTS_AT_ONCE): readonly Searching[] => {
  const groups: SearchedConversation[][] = []
  let room = 0
  for (const one of conversations) {
    const events = eventsOf(one)
    if (events > room || groups.length === 0) {
      groups.push([])
      room = most
    }
    groups.at(-1)?.push(one)
    room -= events
  }
  return groups
}

/** A long dialog in parts. Pure. */
export const piecesOf = (group: Searching, most = EVENTS_AT_ONCE): readonly Piece[] => {
  const dialogs = group.flatMap((one) => one.dialogs).filter(({ events }) => events > 0)
  const short = dialogs.filter(({ events }) => events <= most).map(({ id }) => id)
  const long = dialogs
    .filter(({ events }) => events > most)
    .flatMap(({ id, events }) =>
      Array.from({ length: Math.ceil(events / most) }, (_, part) => ({
        dialogIds: [id],
        from: part * most,
        before: (part + 1) * most,
      })),
    )
  return short.length === 0 ? long : [{ dialogIds: short, from: 0, before: most }, ...long]
}

/** As many conversations, from the first on, as have no more events than are looked through. */
const withinLimit = (all: Searching): Searching => {
  let events = 0
  const first = all.findIndex((one) => {
    events += eventsOf(one)
    return events > MOST_EVENTS
  })
  return first < 0 ? all : all.slice(0, Math.max(1, first))
}

type Wanted = Omit<HistoryFilter, 'offset' | 'limit'>

interface Search {
  readonly filter: Wanted
  readonly words: readonly string[]
  readonly asker: Asker
}

type Matches = Map<ConversationId, WordMatch[]>

/** Adds what is found in these conversations. */
const searchGroup = async (
  { store }: Pick<RestParts, 'store'>,
  { filter: { accountId }, words, asker }: Search,
  { group, matches }: { group: Searching; matches: Matches },
): Promise<void> => {
  const conversationOf = new Map(
    group.flatMap(({ id, dialogs }) => dialogs.map((dialog) => [dialog.id, id] as const)),
  )
  const found: Matches = new Map(group.map(({ id }) => [id, []]))
  for (const piece of piecesOf(group)) {
    if (asker.isGivenUp()) return
    for (const said of await store.read('saidWords', { accountId, ...piece, words })) {
      const list = found.get(conversationOf.get(said.dialogId) ?? '')
      if (!list || list.length === MOST_SHOWN) continue
      const text = saidText(said.payload)
      const { dialogId, sequence: seq } = said
      if (holds(text, words)) list.push({ dialogId, seq, text: excerptOf(text, words) })
    }
  }
  for (const [id, list] of found) if (list.length > 0) matches.set(id, list)
}

const read = async (parts: Pick<RestParts, 'store'>, search: Search): Promise<Searched> => {
  const given = { ...search.filter, limit: MOST_CONVERSATIONS + 1 }
  const all = await parts.store.read('searchedConversations', given)
  const wanted = withinLimit(all.slice(0, MOST_CONVERSATIONS))
  const matches: Matches = new Map()
  let conversations = 0
  for (const group of groupsOf(wanted)) {
    if (matches.size >= MOST_FOUND || search.asker.isGivenUp()) break
    await searchGroup(parts, search, { group, matches })
    conversations += group.length
  }
  return {
    matches,
    isWhole: conversations === all.length,
    conversations,
    reached: wanted[conversations - 1]?.startedAt,
  }
}

export const searchWords = (
  parts: Pick<RestParts, 'store'> & { readonly searching: FairTurns },
  search: Search,
): Promise<Searched> => parts.searching.take(search.asker, () => read(parts, search))
