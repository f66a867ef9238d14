/** The desk and what belongs to it, for every component below. */
import { RequestRefused } from '@ringdown/client'
import { createContext, useContext } from 'react'
import type { AttachedFiles } from '../model/attached.ts'
import type { DelayedActions } from '../model/delayed.ts'
import type { Desk } from '../model/desk.ts'
import type { Consumer } from '../model/directory.ts'
import type { Drafts } from '../model/drafts.ts'
import type { HeldMessage } from '../model/held.ts'
import type { OwnState } from '../model/own-state.ts'
import type { Reasons } from '../model/reasons.ts'
import { useValue, type Value } from '../model/value.ts'
import { type Say, useText } from '../text/language.ts'

export interface Toast {
  readonly id: number
  readonly text: string
  readonly isBad: boolean
  readonly undo?: () => void
  /** Something else to do about it, by its name. */
  readonly act?: { readonly name: string; run(): void }
}

export type SettingsSection = 'appearance' | 'composer' | 'notices' | 'keys'

export type Overlay =
  | 'palette'
  | 'keys'
  | 'settings'
  | `settings.${SettingsSection}`
  | 'transfer'
  | undefined

export interface Office {
  readonly desk: Desk
  readonly drafts: Drafts
  readonly files: AttachedFiles
  readonly own: OwnState
  readonly reasons: Reasons
  readonly delayed: DelayedActions
  readonly held: HeldMessage
  readonly toasts: Value<readonly Toast[]>
  readonly overlay: Value<Overlay>
  signOut(): void
}

export const OfficeContext = createContext<Office | undefined>(undefined)

export const useOffice = (): Office => {
  const office = useContext(OfficeContext)
  if (!office) throw new Error('Used outside a desk')
  return office
}

export const useDesk = (): Desk => useOffice().desk

const TOAST_MS = 6_000

type ToastOptions = Partial<Omit<Toast, 'id' | 'text'>> & { readonly forMs?: number }
let toasts = 0

export const toast = (
  office: Pick<Office, 'toasts'>,
  text: string,
  { isBad = false, forMs = TOAST_MS, ...ways }: ToastOptions = {},
): number => {
  toasts += 1
  const id = toasts
  office.toasts.update((before) => [...before.slice(-2), { id, text, isBad, ...ways }])
  setTimeout(() => dropToast(office, id), forMs)
  return id
}

/** What can be undone is told until then, and no longer. */
export const dropToast = (office: Pick<Office, 'toasts'>, id: number): void =>
  office.toasts.update((all) => all.filter((one) => one.id !== id))

/** What the server said, or what happened to the connection. */
export const reasonOf = (error: unknown): string => {
  if (error instanceof RequestRefused)
    return typeof error.body === 'string' ? error.body : String(error.code)
  return error instanceof Error ? error.message : String(error)
}

/** Tells that something the agent asked for did not work, and why. */
export const useFailed = (): ((error: unknown) => void) => {
  const office = useOffice()
  const say = useText()
  return (error) =>
    void toast(office, say('action.failed', { reason: reasonOf(error) }), { isBad: true })
}

const SHOWN_OF_ID = 4

export const consumerName = (say: Say, id: string, consumer: Consumer | undefined): string =>
  consumer?.name ?? say('consumer.visitor', { id: id.slice(-SHOWN_OF_ID).toUpperCase() })

export const useConsumer = (id: string): { name: string; consumer: Consumer | undefined } => {
  const consumer = useValue(useDesk().directory.consumer(id))
  const say = useText()
  return { name: consumerName(say, id, consumer), consumer }
}

export const useSkillName = (id: string): string => {
  const say = useText()
  const skills = useValue(useDesk().directory.skills)
  return skills.get(id)?.name ?? (id === '-1' ? say('skill.none') : id)
}

/** A person on our side. */
export const useColleague = (id: string | undefined): string => {
  const people = useValue(useDesk().directory.people)
  return id === undefined ? '' : (people.get(id)?.name ?? id.slice(0, SHOWN_OF_ID))
}
