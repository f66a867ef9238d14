/** `select`: which members of an answer the client wants. Unknown ones yield nothing. [ADM7] */
import { Refusal } from '@ringdown/protocol'
import type { Body } from './members.ts'

interface Selection {
  readonly [name: string]: Selection | undefined
}

const MAX_LENGTH = 4096
const MAX_DEPTH = 5
const TOKENS = /[\w$-]+|[(),]/g

const badSelect = (): never => {
  throw new Refusal('bad_request', 'select must be $all, or names such as id,name,skills(id,name)')
}

interface Open {
  readonly selection: Record<string, Selection | undefined>
  last?: string
}

/** `a,b(c,d)` as a tree. */
const parseSelect = (select: string): Selection => {
  if (select.length > MAX_LENGTH || select.replace(TOKENS, '').trim() !== '') return badSelect()
  const root: Open = { selection: {} }
  const open = [root]
  for (const token of select.match(TOKENS) ?? []) {
    const level = open.at(-1) ?? badSelect()
    if (token === ')') {
      open.pop()
    } else if (token === '(') {
      if (level.last === undefined || open.length >= MAX_DEPTH) return badSelect()
      const inner: Open = { selection: {} }
      level.selection[level.last] = inner.selection
      open.push(inner)
    } else if (token !== ',') {
      level.selection[token] = undefined
      level.last = token
    }
  }
  return open.length === 1 ? root.selection : badSelect()
}

const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null

const pick = (value: unknown, selection: Selection): unknown => {
  if (Array.isArray(value)) return value.map((one) => pick(one, selection))
  if (!isBody(value)) return value
  const picked = Object.entries(value).flatMap(([name, one]) => {
    if (!Object.hasOwn(selection, name)) return []
    const inner = selection[name]
    return [[name, inner ? pick(one, inner) : one] as const]
  })
  return Object.fromEntries(picked)
}

/** Members that answers have only when they are asked for: names instead of mere ids. */
const expanded = ['skills', 'profiles', 'lobs', 'managedAgentGroups']

export const selecting = (select: unknown): ((body: Body) => unknown) => {
  if (select === undefined || select === '')
    return (body) =>
      Object.fromEntries(Object.entries(body).filter(([name]) => !expanded.includes(name)))
  const wanted = Array.isArray(select) ? select.join(',') : select
  if (typeof wanted !== 'string') return badSelect()
  const selection = parseSelect(wanted)
  return Object.hasOwn(selection, '$all') ? (body) => body : (body) => pick(body, selection)
}
