/** What the host page's loader and the window in the frame say to each other. [WIN4] */

/** Marks our messages among all others that a page may be sent. */
export const MARK = 'ringdown-window'

export interface Labels {
  readonly open: string
  readonly close: string
  readonly title: string
}

export type ToFrame =
  | { readonly type: 'init'; readonly options: unknown; readonly hasToken: boolean }
  | { readonly type: 'open' }
  | { readonly type: 'close' }
  | { readonly type: 'token'; readonly id: number; readonly token?: string }

export type ToHost =
  | { readonly type: 'ready' }
  | { readonly type: 'token'; readonly id: number }
  | { readonly type: 'close' }
  | { readonly type: 'unread'; readonly count: number }
  | {
      readonly type: 'looks'
      readonly labels: Labels
      readonly accent: string
      readonly onAccent: string
    }
  | { readonly type: 'event'; readonly name: string; readonly detail: unknown }

/** The message in what was posted; undefined for everything that is not ours. */
export const messageIn = <Message extends { readonly type: string }>(
  data: unknown,
): Message | undefined => {
  if (typeof data !== 'object' || data === null) return undefined
  const { mark, message } = data as { mark?: unknown; message?: unknown }
  if (mark !== MARK || typeof message !== 'object' || message === null) return undefined
  return typeof (message as { type?: unknown }).type === 'string' ? (message as Message) : undefined
}

export const marked = (message: ToFrame | ToHost) => ({ mark: MARK, message })
