/** Who uploads at this moment: one at a time to an address, and so many of a person, an account, the process. */
import { Refusal } from '@ringdown/protocol'
import type { Limits } from '../config.ts'
import type { HostedFile } from '../domain/hosted-file.ts'

type Uploading = Pick<HostedFile, 'accountId' | 'path' | 'uploader'>

export class UploadSlots {
  readonly #limits: Limits
  readonly #addresses = new Set<string>()
  /** Uploads by whose they are; nobody stands here with none. */
  readonly #taken = new Map<string, number>()

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** A slot for as long as it is not disposed; refuses when there is none. [FIL15] [FIL21] */
  take({ accountId, path, uploader }: Uploading): Disposable {
    const { uploadsAtOnce, uploadsOfAccountAtOnce, uploadsOfPersonAtOnce } = this.#limits
    if (this.#addresses.has(path)) throw new Refusal('upload_under_way')
    const account = JSON.stringify([accountId])
    const person = JSON.stringify([accountId, uploader.kind, uploader.id])
    if (this.#of(person) >= uploadsOfPersonAtOnce)
      throw new Refusal('too_many_requests', 'Too many uploads at once')
    if (this.#of(account) >= uploadsOfAccountAtOnce || this.#addresses.size >= uploadsAtOnce)
      throw new Refusal('unavailable', 'Too many uploads at once')
    this.#addresses.add(path)
    for (const whose of [account, person]) this.#taken.set(whose, this.#of(whose) + 1)
    return {
      [Symbol.dispose]: () => {
        this.#addresses.delete(path)
        for (const whose of [account, person]) this.#giveBack(whose)
      },
    }
  }

  #of(whose: string): number {
    return this.#taken.get(whose) ?? 0
  }

  #giveBack(whose: string): void {
    const left = this.#of(whose) - 1
    if (left > 0) this.#taken.set(whose, left)
    else this.#taken.delete(whose)
  }
}
