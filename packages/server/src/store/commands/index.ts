/** Every command but the append, which each engine does in its own way. */
import { Refusal } from '@ringdown/protocol/errors'
import type { Kysely } from 'kysely'
import { dialectOf } from '../dialect.ts'
import type { Audited } from '../port/audit.ts'
import type { CommandData, CommandName, CommandResult } from '../store.ts'
import type { Tables } from '../tables.ts'
import { createAccount, deleteAccount, updateAccount } from './accounts.ts'
import { saveAgentSurvey } from './agent-surveys.ts'
import { createAgent, setAgentState, updateAgent } from './agents.ts'
import { createAppKey, revokeAppKey } from './app-keys.ts'
import { recordAudit } from './audit.ts'
import { deleteConfigurationItems, saveConfigurationItems } from './configuration.ts'
import { deleteAgents, deleteSkills, saveAgents, saveSkills } from './configured-people.ts'
import { changeConversation, openConversation } from './conversations.ts'
import { moveDeadlines, pruneDecisions, recordDecisions } from './decisions.ts'
import { expireDialog } from './dialogs.ts'
import { forgetDrafts, saveDraft } from './drafts.ts'
import {
  beginUpload,
  blockFile,
  finishUpload,
  forgetLeftovers,
  issueFile,
  removeFile,
  removeUnusedFiles,
  useFile,
} from './files.ts'
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
import { answerRing, assignTask, endRings, offerRing } from './rings.ts'
import { createSkill, updateSkill } from './skills.ts'
import { stepUp } from './step-up.ts'
import { dropSuggestion } from './suggestions.ts'
import { closeInactive, returnToQueue } from './timed-changes.ts'
import { armTimer, claimTimers, disarmTimer, settleTimer } from './timers.ts'

export type PlainCommand = Exclude<CommandName, 'append'>

const commands: {
  readonly [N in PlainCommand]: (
    db: Kysely<Tables>,
    data: CommandData<N>,
  ) => Promise<CommandResult<N>>
} = {
  openConversation,
  changeConversation,
  expireDialog,
  stepUp,
  offerRing,
  assignTask,
  dropSuggestion,
  moveDeadlines,
  recordDecisions,
  pruneDecisions,
  answerRing,
  endRings,
  setAgentState,
  armTimer,
  disarmTimer,
  claimTimers,
  settleTimer,
  closeInactive,
  returnToQueue,
  createAccount,
  updateAccount,
  deleteAccount,
  createAgent,
  updateAgent,
  createSkill,
  updateSkill,
  saveConfigurationItems,
  deleteConfigurationItems,
  saveAgents,
  deleteAgents,
  saveSkills,
  deleteSkills,
  saveConsumer,
  updateProfile,
  saveKey,
  openSession,
  extendSession,
  endSessions,
  saveAgentSurvey,
  saveDraft,
  forgetDrafts,
  createAppKey,
  revokeAppKey,
  recordTokenUse,
  issueFile,
  beginUpload,
  finishUpload,
  blockFile,
  useFile,
  removeFile,
  removeUnusedFiles,
  forgetLeftovers,
  proveWritable,
}

/** Runs a command inside the caller's transaction or savepoint, and notes who gave it. [AG53] */
export const runCommand = async <N extends PlainCommand>(
  db: Kysely<Tables>,
  name: N,
  data: CommandData<N>,
): Promise<CommandResult<N>> => {
  const { audit, ...given } = data as CommandData<N> & Audited
  try {
    if (!audit) return await commands[name](db, data)
    const result = await commands[name](db, given as CommandData<N>)
    await recordAudit(db, name, { note: audit, data: given, result })
    return result
  } catch (error) {
    if (dialectOf(db).isUniqueViolation(error))
      throw new Refusal('already_exists', undefined, { cause: error })
    throw error
  }
}
