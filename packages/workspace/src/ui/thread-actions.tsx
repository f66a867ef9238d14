/** What can be done with the open conversation. [WSP20] [WSP21] */
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { backToQueue, close, join, leave, takeOver } from '../model/actions.ts'
import type { Conversation } from '../model/conversation.ts'
import { prefer, preferences } from '../model/preferences.ts'
import { go, route } from '../model/route.ts'
import { useValue } from '../model/value.ts'
import type { TextKey } from '../text/en.ts'
import { type Say, useText } from '../text/language.ts'
import { type Office, reasonOf, toast, useOffice } from './desk-context.tsx'
import { Icon } from './icons.tsx'
import { Button, IconButton } from './parts.tsx'

export type ActionName = 'close' | 'closeSurvey' | 'queue' | 'transfer' | 'join' | 'leave' | 'take'

interface Action {
  readonly done: TextKey
  run(office: Office, conversation: Conversation): Promise<void>
  /** Takes it back, where that is possible. */
  readonly undo?: (office: Office, conversation: Conversation) => Promise<void>
  /** The conversation is nobody's here any more. */
  readonly leaves?: boolean
}

const actions: Readonly<Record<Exclude<ActionName, 'transfer'>, Action>> = {
  close: {
    done: 'action.closed',
    run: ({ desk }, conversation) => close(desk, conversation, false),
    leaves: true,
  },
  closeSurvey: {
    done: 'action.closed',
    run: ({ desk }, conversation) => close(desk, conversation, true),
    leaves: true,
  },
  queue: {
    done: 'action.queued',
    run: ({ desk }, conversation) => backToQueue(desk, conversation),
    undo: ({ desk }, conversation) =>
      takeOver(desk, { ...conversation, assignedAgentId: undefined, ownRole: undefined }),
    leaves: true,
  },
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
export const perform = async (
  office: Office,
  say: Say,
  act: { run: () => Promise<void>; done: string; undo?: (() => Promise<void>) | undefined },
): Promise<boolean> => {
  const failed = (error: unknown) =>
    toast(office, say('action.failed', { reason: reasonOf(error) }), { isBad: true })
  try {
    await act.run()
    const { undo } = act
    toast(office, act.done, undo ? { undo: () => void undo().catch(failed) } : {})
    return true
  } catch (error) {
    failed(error)
    return false
  }
}

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
  const { run, done, undo, leaves } = actions[name]
  // Who may not join has no way back from the queue.
  const canUndo = undo !== undefined && office.desk.mayJoin
  const isDone = await perform(office, say, {
    run: () => run(office, conversation),
    done: say(done),
    undo: canUndo ? () => undo(office, conversation) : undefined,
  })
  const { view } = route.get()
  if (isDone && leaves) go({ view })
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
    ['transfer', isMine || (isManager && assignedAgentId !== undefined)],
    ['queue', isMine],
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
