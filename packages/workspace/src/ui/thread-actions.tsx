/** What can be done with the open conversation. [WSP20] [WSP21] */
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { type Change, closing, join, leave, returning, takeOver } from '../model/actions.ts'
import type { Conversation } from '../model/conversation.ts'
import { prefer, preferences } from '../model/preferences.ts'
import { go, route } from '../model/route.ts'
import { useValue } from '../model/value.ts'
import type { TextKey } from '../text/en.ts'
import { type Say, useText } from '../text/language.ts'
import { dropToast, type Office, reasonOf, toast, useOffice } from './desk-context.tsx'
import { Icon } from './icons.tsx'
import { Button, IconButton } from './parts.tsx'

export type ActionName = 'close' | 'closeSurvey' | 'queue' | 'transfer' | 'join' | 'leave' | 'take'

type Parting = 'close' | 'closeSurvey' | 'queue'

interface Action {
  readonly done: TextKey
  run(office: Office, conversation: Conversation): Promise<void>
  /** Takes it back, where that is possible. */
  readonly undo?: (office: Office, conversation: Conversation) => Promise<void>
}

/** After these the conversation is nobody's here any more. */
const partings: Readonly<
  Record<Parting, { done: TextKey; changes(conversation: Conversation): readonly Change[] }>
> = {
  close: { done: 'action.closed', changes: (conversation) => closing(conversation, false) },
  closeSurvey: { done: 'action.closed', changes: (conversation) => closing(conversation, true) },
  queue: { done: 'action.queued', changes: returning },
}

const actions: Readonly<Record<Exclude<ActionName, 'transfer' | Parting>, Action>> = {
  join: {
    done: 'action.joined',
    run: ({ desk }, conversation) => join(desk, conversation),
    undo: ({ desk }, conversation) => leave(desk, conversation),
  },
  leave: {
    done: 'action.left',
    run: ({ desk }, conversation) => leave(desk, conversation),
    undo: ({ desk }, conversation) => join(desk, conversation),
  },
  take: { done: 'action.taken', run: ({ desk }, conversation) => takeOver(desk, conversation) },
}

/** Tells what came of something, and how to take it back. */
const perform = async (
  office: Office,
  say: Say,
  act: { run: () => Promise<void>; done: string; undo?: (() => Promise<void>) | undefined },
): Promise<void> => {
  const failed = (error: unknown) =>
    toast(office, say('action.failed', { reason: reasonOf(error) }), { isBad: true })
  try {
    await act.run()
    const { undo } = act
    toast(office, act.done, undo ? { undo: () => void undo().catch(failed) } : {})
  } catch (error) {
    failed(error)
  }
}

/**
 * Leaves a conversation: at once on the screen, and for the server once there is no second thought.
 * [WSP54]
 */
export const part = (
  office: Office,
  say: Say,
  conversation: Conversation,
  { changes, done }: { changes: readonly Change[]; done: string },
): void => {
  const { id } = conversation
  const delayMs = preferences.get().undoSeconds * 1000
  let told = -1
  const takeBack = office.delayed.begin(
    { conversationId: id, changes },
    {
      delayMs,
      sent: () => dropToast(office, told),
      done: () => delayMs === 0 && toast(office, done),
      failed: (error) =>
        toast(office, say('action.failed', { reason: reasonOf(error) }), { isBad: true }),
    },
  )
  const { view, conversationId } = route.get()
  const isOpen = conversationId === id
  if (isOpen) go({ view })
  if (delayMs === 0) return
  const undo = () => {
    takeBack()
    if (isOpen) go({ view, conversationId: id })
  }
  told = toast(office, done, { undo, forMs: delayMs })
}

const isParting = (name: ActionName): name is Parting => Object.hasOwn(partings, name)

export const runAction = async (
  office: Office,
  say: Say,
  name: ActionName,
  conversation: Conversation,
): Promise<void> => {
  if (name === 'transfer') {
    office.overlay.set('transfer')
    return
  }
  if (isParting(name)) {
    const { done, changes } = partings[name]
    part(office, say, conversation, { changes: changes(conversation), done: say(done) })
    return
  }
  const { run, done, undo } = actions[name]
  await perform(office, say, {
    run: () => run(office, conversation),
    done: say(done),
    undo: undo && (() => undo(office, conversation)),
  })
}

/** What this agent may do with it now. */
export const actionsOf = (
  { desk }: Pick<Office, 'desk'>,
  { ownRole, isOpen, assignedAgentId }: Conversation,
): readonly ActionName[] => {
  if (!isOpen) return []
  const isMine = ownRole === 'ASSIGNED_AGENT'
  const isManager = ownRole === 'MANAGER'
  const names: readonly (readonly [ActionName, boolean])[] = [
    ['join', ownRole === undefined && desk.mayJoin],
    ['take', !isMine && desk.mayJoin],
    ['transfer', isMine || isManager || desk.mayJoin],
    ['queue', assignedAgentId !== undefined && (isMine || isManager || desk.mayJoin)],
    ['leave', isManager],
    ['closeSurvey', isMine || isManager],
    ['close', isMine || isManager || desk.mayJoin],
  ]
  return names.filter(([, may]) => may).map(([name]) => name)
}

const itemClass = 'cursor-pointer rounded-lg px-2 py-1.5 outline-none data-[focused]:bg-hover'

export const ThreadActions = ({ conversation }: { conversation: Conversation }) => {
  const office = useOffice()
  const say = useText()
  const { showsContext } = useValue(preferences)
  const names = actionsOf(office, conversation)
  const run = (name: ActionName) => void runAction(office, say, name, conversation)
  const main = names.includes('join') ? 'join' : names.includes('close') ? 'close' : undefined
  const others = names.filter((name) => name !== main)
  return (
    <div className="flex shrink-0 items-center gap-1">
      {names.includes('transfer') && (
        <span className="max-mid:hidden">
          <IconButton
            icon="transfer"
            label={say('action.transfer')}
            onClick={() => run('transfer')}
          />
        </span>
      )}
      {others.length > 0 && (
        <MenuTrigger>
          <AriaButton
            aria-label={say('action.menu')}
            className="inline-flex size-8 items-center justify-center rounded-lg text-dim hover:bg-hover hover:text-ink"
          >
            <Icon name="more" />
          </AriaButton>
          <Popover placement="bottom end" className="w-56 rounded-xl bg-raised p-1 shadow-pop">
            <Menu
              aria-label={say('action.menu')}
              className="outline-none"
              onAction={(key) => run(key as ActionName)}
            >
              {others.map((name) => (
                <MenuItem key={name} id={name} className={itemClass}>
                  {say(`action.${name}`)}
                </MenuItem>
              ))}
            </Menu>
          </Popover>
        </MenuTrigger>
      )}
      <IconButton
        icon="panel"
        label={say('action.context')}
        aria-pressed={showsContext}
        onClick={() => prefer({ showsContext: !showsContext })}
      />
      {main && (
        <Button kind={main === 'join' ? 'primary' : 'plain'} onClick={() => run(main)}>
          <span className="max-mid:hidden">{say(`action.${main}`)}</span>
          <span className="mid:hidden">
            <Icon name={main === 'join' ? 'people' : 'check'} size={16} />
            <span className="sr-only">{say(`action.${main}`)}</span>
          </span>
        </Button>
      )}
    </div>
  )
}
