/** The server's place for what an agent has begun to write. */
import { RestFailed } from './rest.ts'
import type { Session } from './session.ts'

export interface DraftText {
  readonly text: string
  readonly isNote: boolean
  /** When it was written, by the server's clock. */
  readonly at: number
}

export interface DraftContent extends DraftText {
  /** What was written elsewhere at the same time, newest first. */
  readonly others: readonly DraftText[]
}

export interface SavedDraft extends DraftContent {
  readonly dialogId: string
  readonly revision: string
}

export interface DraftService {
  list(): Promise<readonly SavedDraft[]>
  /** Resolves with what the server has then; nothing when nothing is left. */
  put(
    dialogId: string,
    content: DraftContent,
    options: {
      /** To come. */
      readonly revision: string
      /** That may be there. */
      readonly known: readonly string[]
      readonly isLeaving?: boolean
    },
  ): Promise<SavedDraft | undefined>
}

/** A browser lets a page that is left say no more than this. */
const MOST_WHEN_LEAVING = 60_000

export const draftService = (session: Pick<Session, 'account' | 'bearer'>): DraftService => {
  const base = `/api/account/${session.account}/ringdown/v1/me/drafts`
  const ask = async (path: string, { headers, ...init }: RequestInit = {}) => {
    const response = await fetch(base + path, {
      ...init,
      headers: { authorization: `Bearer ${session.bearer}`, ...headers },
    })
    if (!response.ok) throw new RestFailed(response.status)
    return response.status === 204 ? undefined : ((await response.json()) as unknown)
  }
  return {
    async list() {
      return ((await ask('')) as { drafts: readonly SavedDraft[] }).drafts
    },
    async put(dialogId, { text, isNote, at, others }, { revision, known, isLeaving = false }) {
      const body = JSON.stringify({ text, isNote, at, others, revision })
      const answer = await ask(`/${encodeURIComponent(dialogId)}`, {
        method: 'PUT',
        body,
        keepalive: isLeaving && body.length < MOST_WHEN_LEAVING,
        headers: {
          'content-type': 'application/json',
          ...(known.length > 0 && { 'if-match': known.map((one) => `"${one}"`).join(', ') }),
        },
      })
      return answer as SavedDraft | undefined
    },
  }
}
