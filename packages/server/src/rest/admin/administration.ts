import { accountAdministration } from './accounts.ts'
import type { AdministrationParts } from './administration-parts.ts'
import { agentSurveyAdministration } from './agent-surveys.ts'
import { agentAdministration } from './agents.ts'
import { appKeyAdministration } from './app-keys.ts'
import { auditAdministration } from './audit.ts'
import { keyAdministration } from './keys.ts'
import { routingAdministration } from './routing.ts'
import { skillAdministration } from './skills.ts'
import { tokenAdministration } from './tokens.ts'

/** Everything an operator can do, for the routes and for a command line that opened the store. */
export const administration = (parts: AdministrationParts) => ({
  ...accountAdministration(parts),
  ...agentAdministration(parts),
  ...appKeyAdministration(parts),
  ...agentSurveyAdministration(parts),
  ...routingAdministration(parts),
  ...skillAdministration(parts),
  ...keyAdministration(parts),
  ...tokenAdministration(parts),
  ...auditAdministration(parts),
  async stats() {
    const accounts = await parts.store.read('accounts', null)
    return { epoch: parts.store.epoch, accounts: accounts.length, store: parts.store.stats() }
  },
})

export type Administration = ReturnType<typeof administration>
