/** To whom or to which skill a conversation goes. [WSP21] */
import { useEffect, useState } from 'react'
import { passingToAgent, passingToSkill } from '../model/actions.ts'
import { useAgents } from '../model/agents.ts'
import type { Conversation } from '../model/conversation.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { Load } from './agent-row.tsx'
import { useOffice } from './desk-context.tsx'
import { type Option, Options } from './options.tsx'
import { Button } from './parts.tsx'
import { Sheet } from './sheet.tsx'
import { StatusDot } from './status-menu.tsx'
import { part, runAction } from './thread-actions.tsx'

interface TransferProps {
  readonly conversation: Conversation
  readonly close: () => void
}

const useSkillOptions = ({ skillId }: Conversation): readonly Omit<Option, 'run'>[] => {
  const skills = useValue(useOffice().desk.directory.skills)
  const allowed = skills.get(skillId)?.transfersTo
  return [...skills.values()].filter(
    ({ id }) => id === skillId || allowed === undefined || allowed.includes(id),
  )
}

const useAgentOptions = (): readonly Omit<Option, 'run'>[] => {
  const { desk } = useOffice()
  const people = useValue(desk.directory.people)
  // Named one by one, colleagues may be asked about by everybody.
  const named = [...people.values()].map(({ userId }) => userId)
  const agents = useAgents(desk.rest, named)
  return (agents ?? [])
    .filter(({ id }) => id !== desk.me)
    .sort((a, b) => Number(b.status === 'ONLINE') - Number(a.status === 'ONLINE'))
    .map(({ id, name, status, busy, most }) => ({
      id,
      name,
      hint: (
        <span className="flex items-center gap-3">
          <Load busy={busy} most={most} />
          <StatusDot state={status} />
        </span>
      ),
    }))
}

/** Who only watches hands nothing on. */
const takesPart = ({ ownRole }: Conversation): boolean =>
  ownRole === 'ASSIGNED_AGENT' || ownRole === 'MANAGER'

const JoinFirst = ({ conversation }: { conversation: Conversation }) => {
  const office = useOffice()
  const say = useText()
  return (
    <div className="flex items-center gap-3 px-5 pb-5">
      <p className="flex-1 text-sm text-dim">{say('transfer.joinFirst')}</p>
      <Button kind="primary" onClick={() => void runAction(office, say, 'join', conversation)}>
        {say('action.join')}
      </Button>
    </div>
  )
}

export const Transfer = ({ conversation, close }: TransferProps) => {
  const office = useOffice()
  const say = useText()
  const [tab, setTab] = useState<'skill' | 'agent'>('skill')
  const skills = useSkillOptions(conversation)
  const agents = useAgentOptions()
  const { desk } = office
  // Colleagues and skills may have come since the agent signed in.
  useEffect(() => void desk.directory.refresh(), [desk])
  const passing = tab === 'skill' ? passingToSkill : passingToAgent
  const options = (tab === 'skill' ? skills : agents).map((option) => ({
    ...option,
    run: () => {
      close()
      const done = say('action.transferred', { name: option.name })
      part(office, say, conversation, { changes: passing(conversation, option.id), done })
    },
  }))
  return (
    <Sheet title={say('transfer.title')} close={close}>
      {takesPart(conversation) ? (
        <>
          <div className="flex gap-1 px-5 pb-2">
            {(['skill', 'agent'] as const).map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={tab === one}
                onClick={() => setTab(one)}
                className={`h-8 rounded-lg px-3 text-sm font-medium ${tab === one ? 'bg-accent-soft text-accent-ink' : 'text-dim hover:bg-hover'}`}
              >
                {say(`transfer.${one}`)}
              </button>
            ))}
          </div>
          <Options
            key={tab}
            label={say(`transfer.${tab}`)}
            placeholder={say('transfer.search')}
            nothing={say('transfer.none')}
            options={options}
          />
        </>
      ) : (
        <JoinFirst conversation={conversation} />
      )}
    </Sheet>
  )
}
