/** The laws of the store's port, for every adapter: `storeContract('name', open)` in a test file. */
import { afterAll, describe } from 'vitest'
import { accountContract } from './contract/accounts.contract.ts'
import { appKeyContract } from './contract/app-keys.contract.ts'
import { appendContract } from './contract/appends.contract.ts'
import { auditContract } from './contract/audit.contract.ts'
import { configurationContract } from './contract/configuration.contract.ts'
import { conversationContract } from './contract/conversations.contract.ts'
import { decisionContract } from './contract/decisions.contract.ts'
import { dialogContract } from './contract/dialogs.contract.ts'
import { draftContract } from './contract/drafts.contract.ts'
import { fileContract } from './contract/files.contract.ts'
import { historyContract } from './contract/history.contract.ts'
import { raceContract } from './contract/races.contract.ts'
import { ringContract } from './contract/rings.contract.ts'
import { staleReplyContract } from './contract/stale-reply.contract.ts'
import { takeBackContract } from './contract/take-backs.contract.ts'
import { timerContract } from './contract/timers.contract.ts'
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
    raceContract(opened)
    dialogContract(opened)
    decisionContract(opened)
    accountContract(opened)
    configurationContract(opened)
    appKeyContract(opened)
    auditContract(opened)
    historyContract(opened)
    draftContract(opened)
    fileContract(opened)
    staleReplyContract(opened)
    timerContract(opened)
    takeBackContract(opened)
    wallContract(opened)
  })
}
