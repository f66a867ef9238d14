/**
 * The one script that a brand's page includes. It gives the page `Ringdown(command, …)` and puts a button
 * and a frame from our origin into it, inside a shadow root: the page's styles do not reach in,
 * and the frame's content is another origin's. [WIN1] [WIN2]
 */
import { Shell, type ShellOptions } from './shell.ts'

type Listener = (detail: unknown) => void
type Call = readonly [command: string, ...args: unknown[]]

interface Queue {
  (...call: Call): unknown
  /** Calls made before this script had loaded. */
  q?: ArrayLike<Call>
}

const ownOrigin = (): string => {
  const script = document.currentScript as HTMLScriptElement | null
  return new URL(script?.src ?? location.href, location.href).origin
}

const here = ownOrigin()
const listeners = new Map<string, Set<Listener>>()
let shell: Shell | undefined
/** A window that was asked for before the page had a body. [WIN1] */
let coming: { readonly options: ShellOptions & { origin: string }; isOpen: boolean } | undefined

const tell = (name: string, detail: unknown): void => {
  for (const listener of listeners.get(name) ?? []) listener(detail)
}

const init = (options: ShellOptions): void => {
  if (shell || coming) throw new Error('Ringdown: init was called twice')
  if (typeof options?.account !== 'string' || options.account === '')
    throw new Error('Ringdown: init needs { account }')
  const { protocol, origin } = new URL(options.origin ?? here, location.href)
  // Of other schemes there is no origin: what opens a frame there would be the page itself.
  if (!/^https?:$/.test(protocol)) throw new Error('Ringdown: origin must begin with https://')
  coming = { options: { ...options, origin }, isOpen: false }
  if (document.body) start()
  else addEventListener('DOMContentLoaded', start, { once: true })
}

const start = (): void => {
  if (!coming) return
  shell = new Shell(coming.options, tell)
  if (coming.isOpen) shell.open()
  coming = undefined
}

const turn = (next: (isOpen: boolean) => boolean, move: 'open' | 'close' | 'toggle'): void => {
  if (coming) coming.isOpen = next(coming.isOpen)
  shell?.[move]()
}

const on = (name: string, listener: Listener): (() => void) => {
  const told = listeners.get(name) ?? new Set()
  listeners.set(name, told.add(listener))
  return () => void told.delete(listener)
}

const commands: Readonly<Record<string, (...args: never[]) => unknown>> = {
  init,
  on,
  open: () => turn(() => true, 'open'),
  close: () => turn(() => false, 'close'),
  toggle: () => turn((isOpen) => !isOpen, 'toggle'),
  destroy: () => {
    shell?.destroy()
    shell = undefined
    coming = undefined
  },
}

const Ringdown: Queue = (command, ...args) => {
  const run = Object.hasOwn(commands, command) ? commands[command] : undefined
  if (!run) throw new Error(`Ringdown: there is no command ${String(command)}`)
  return run(...(args as never[]))
}

const page = globalThis as unknown as { Ringdown?: Queue }
const earlier = Array.from(page.Ringdown?.q ?? [])
page.Ringdown = Ringdown
for (const call of earlier) Ringdown(...call)
