/** Every command but the append, which each engine does in its own way. */
import { Refusal } from '@ringdown/protocol/errors'
import type { Kysely } from 'kysely'
import { dialectOf } from '../dialect.ts'
import type { CommandData, CommandName, CommandResult } from '../store.ts'
import type { Tables } from '../tables.ts'
import { createAccount, deleteAccount, updateAccount } from './accounts.ts'
import { createAgent, deleteAgent, setAgentState, updateAgent } from './agents.ts'
import { changeConversation, openConversation } from './conversations.ts'
import {
  endSessions,
  extendSession,
  openSession,
  recordTokenUse,
  saveConsumer,
  saveKey,
  updateProfile,
} from './identities.ts'
import { proveWritable } from './prove-writable.ts'
import { answerRing, endRings, offerRing } from './rings.ts'
import { createSkill, deleteSkill, updateSkill } from './skills.ts'

export type PlainCommand = Exclude<CommandName, 'append'>

const commands: {
  readonly [N in PlainCommand]: (
    db: Kysely<Tables>,
    data: CommandData<N>,
  ) => Promise<CommandResult<N>>
} = {
  openConversation,
  changeConversation,
  offerRing,
  answerRing,
  endRings,
  setAgentState,
  createAccount,
  updateAccount,
  deleteAccount,
  createAgent,
  updateAgent,
  deleteAgent,
  createSkill,
  updateSkill,
  deleteSkill,
  saveConsumer,
  updateProfile,
  saveKey,
  openSession,
  extendSession,
  endSessions,
  recordTokenUse,
  proveWritable,
}

/** Runs a command inside the caller's transaction or savepoint. */
export const runCommand = async <N extends PlainCommand>(
  db: Kysely<Tables>,
  name: N,
  data: CommandData<N>,
): Promise<CommandResult<N>> => {
  try {
    return await commands[name](db, data)
  } catch (error) {
    if (dialectOf(db).isUniqueViolation(error))
      throw new Refusal('already_exists', undefined, { cause: error })
    throw error
  }
}
