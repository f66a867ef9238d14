/** What was begun and not sent, by dialog; kept on this machine over a reload. [WSP13] */
import { keep, readKept } from './kept.ts'
import type { Session } from './session.ts'
import { Value } from './value.ts'

export interface Draft {
  readonly text: string
  readonly isNote: boolean
}

const empty: Draft = { text: '', isNote: false }

export class Drafts {
  readonly #key: string
  readonly all: Value<Readonly<Record<string, Draft>>>

  constructor({ account, agentId }: Pick<Session, 'account' | 'agentId'>) {
    this.#key = `ringdown.drafts.${account}.${agentId}`
    this.all = new Value(readKept<Readonly<Record<string, Draft>>>(localStorage, this.#key) ?? {})
  }

  of(dialogId: string): Draft {
    return this.all.get()[dialogId] ?? empty
  }

  set(dialogId: string, draft: Draft): void {
    const { [dialogId]: _, ...others } = this.all.get()
    const isKept = draft.text !== '' || draft.isNote
    this.all.set(isKept ? { ...others, [dialogId]: draft } : others)
    keep(localStorage, this.#key, this.all.get())
  }
}
