/** One agent: what it has declared, whether it is there, and how much it has to do. [WSP27] */
import type { AtWork } from '../model/agents.ts'
import { useMinute } from '../model/minute.ts'
import { useText } from '../text/language.ts'
import { useDesk } from './desk-context.tsx'
import { Icon } from './icons.tsx'
import { Avatar } from './parts.tsx'
import { StatusDot } from './status-menu.tsx'
import { spanText } from './times.ts'

const words = new Set(['ONLINE', 'OCCUPIED', 'BACK_SOON', 'AWAY', 'OFFLINE'])
type Status = 'ONLINE' | 'OCCUPIED' | 'BACK_SOON' | 'AWAY' | 'OFFLINE'

export const Load = ({ busy, most }: Pick<AtWork, 'busy' | 'most'>) => {
  const say = useText()
  const share = most > 0 ? Math.min(1, busy / most) : 0
  const colour = share >= 1 ? 'bg-bad' : share >= 0.75 ? 'bg-warn' : 'bg-good'
  return (
    <span className="flex items-center gap-2 text-sm whitespace-nowrap text-dim tabular-nums">
      <span
        aria-hidden="true"
        className="h-1.5 w-16 overflow-hidden rounded-full bg-line max-mid:w-10"
      >
        <span
          className={`block h-full rounded-full ${colour}`}
          style={{ width: `${Math.round(share * 100)}%` }}
        />
      </span>
      {say('transfer.load', { busy, most })}
    </span>
  )
}

/** Declared and connected are two things: who has closed the browser is still declared online. */
const Connection = ({ isConnected }: Pick<AtWork, 'isConnected'>) => {
  const say = useText()
  return (
    <span
      className={`inline-flex items-center gap-1 text-xs whitespace-nowrap ${isConnected ? 'text-dim' : 'text-warn'}`}
    >
      <Icon name={isConnected ? 'link' : 'unlinked'} size={14} />
      {say(isConnected ? 'agents.connected' : 'agents.notConnected')}
    </span>
  )
}

const State = ({ agent }: { agent: AtWork }) => {
  const say = useText()
  const { now } = useDesk()
  useMinute(now)
  const status: Status = words.has(agent.status) ? (agent.status as Status) : 'OFFLINE'
  return (
    <span className="block space-y-0.5">
      <span className="flex flex-wrap items-center gap-x-3">
        <span className="inline-flex items-center gap-2 text-sm">
          <StatusDot state={status} />
          {say(`status.${status}`)}
        </span>
        <Connection isConnected={agent.isConnected} />
      </span>
      <span className="block truncate text-xs text-dim tabular-nums">
        {[agent.reason, say('agents.since', { span: spanText(now.get() - agent.since) })]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </span>
  )
}

/** Where there is no room for columns its cells stand below each other. */
export const AgentRow = ({ agent }: { agent: AtWork }) => {
  const say = useText()
  return (
    <tr className="h-16 border-t border-line hover:bg-hover max-mid:grid max-mid:h-auto max-mid:grid-cols-[1fr_auto] max-mid:gap-x-3 max-mid:gap-y-1 max-mid:px-4 max-mid:py-3">
      <th scope="row" className="py-2 ps-6 pe-4 text-start font-medium max-mid:p-0">
        <span className="flex items-center gap-3">
          <span className="max-mid:hidden">
            <Avatar id={agent.id} name={agent.name} />
          </span>
          <span className="min-w-0 truncate">{agent.name}</span>
        </span>
      </th>
      <td className="py-2 pe-4 max-mid:order-3 max-mid:col-span-2 max-mid:p-0">
        <State agent={agent} />
      </td>
      <td className="py-2 pe-4 max-mid:order-2 max-mid:p-0">
        <Load busy={agent.busy} most={agent.most} />
        {agent.ringing > 0 && (
          <span className="block text-xs text-accent-ink tabular-nums">
            {say('agents.ringing', { count: agent.ringing })}
          </span>
        )}
      </td>
      <td className="py-2 pe-6 text-sm text-dim max-mid:order-4 max-mid:col-span-2 max-mid:p-0 max-mid:text-xs">
        {agent.skills.join(', ')}
      </td>
    </tr>
  )
}
