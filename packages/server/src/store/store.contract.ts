/** The laws of the store's port, for every adapter: `storeContract('name', open)` in a test file. */
import { afterAll, describe } from 'vitest'
import { accountContract } from './contract/accounts.contract.ts'
import { appendContract } from './contract/appends.contract.ts'
import { conversationContract } from './contract/conversations.contract.ts'
import { ringContract } from './contract/rings.contract.ts'
import { wallContract } from './contract/walls.contract.ts'
import type { Store } from './store.ts'

/** `open` gives a store that holds nothing of others. It is opened once and closed at the end. */
export const storeContract = (name: string, open: () => Promise<Store>): void => {
  describe(`store contract: ${name}`, () => {
    let opening: Promise<Store> | undefined
    const opened = (): Promise<Store> => {
      opening ??= open()
      return opening
    }
    afterAll(async () => (await opening)?.[Symbol.asyncDispose]())
    appendContract(opened)
    conversationContract(opened)
    ringContract(opened)
    accountContract(opened)
    wallContract(opened)
  })
}
