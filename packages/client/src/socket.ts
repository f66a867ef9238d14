/** What is needed of a WebSocket: the browser’s, Node’s, or any that looks the same. */
export interface SocketLike {
  onopen: ((event: never) => void) | null
  onmessage: ((event: { readonly data: unknown }) => void) | null
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null
  onerror: ((event: never) => void) | null
  send(text: string): void
  close(code?: number, reason?: string): void
}

export type OpenSocket = (url: string) => SocketLike

/** The platform’s own. */
export const platformSocket: OpenSocket = (url) => new WebSocket(url) as unknown as SocketLike
