/** Who is at work, in which state, with how much to do. [WSP23] */
import { type AtWork, useAgents } from '../model/agents.ts'
import { useText } from '../text/language.ts'
import { useDesk } from './desk-context.tsx'
import { Avatar, Empty, Skeleton } from './parts.tsx'
import { StatusDot } from './status-menu.tsx'

const words = new Set(['ONLINE', 'OCCUPIED', 'BACK_SOON', 'AWAY', 'OFFLINE'])
type Status = 'ONLINE' | 'OCCUPIED' | 'BACK_SOON' | 'AWAY' | 'OFFLINE'

export const Load = ({ busy, most }: Pick<AtWork, 'busy' | 'most'>) => {
  const say = useText()
  const share = most > 0 ? Math.min(1, busy / most) : 0
  const colour = share >= 1 ? 'bg-bad' : share >= 0.75 ? 'bg-warn' : 'bg-good'
  return (
    <span className="flex items-center gap-2 text-sm text-dim tabular-nums">
      <span aria-hidden="true" className="h-1.5 w-16 overflow-hidden rounded-full bg-hover">
        <span
          className={`block h-full rounded-full ${colour}`}
          style={{ width: `${Math.round(share * 100)}%` }}
        />
      </span>
      {say('transfer.load', { busy, most })}
    </span>
  )
}

const AgentRow = ({ agent }: { agent: AtWork }) => {
  const say = useText()
  const status: Status = words.has(agent.status) ? (agent.status as Status) : 'OFFLINE'
  return (
    <tr className="h-14 border-t border-line">
      <th scope="row" className="ps-6 pe-4 text-start font-medium">
        <span className="flex items-center gap-3">
          <Avatar id={agent.id} name={agent.name} />
          {agent.name}
        </span>
      </th>
      <td className="pe-4">
        <span className="flex items-center gap-2 text-sm">
          <StatusDot state={status} />
          {say(`status.${status}`)}
          {!agent.isConnected && (
            <span className="text-xs text-dim">({say('agents.disconnected')})</span>
          )}
        </span>
      </td>
      <td className="pe-4">
        <Load busy={agent.busy} most={agent.most} />
      </td>
      <td className="pe-6 text-sm text-dim max-mid:hidden">{agent.skills.join(', ')}</td>
    </tr>
  )
}

export const AgentsView = () => {
  const say = useText()
  const { rest } = useDesk()
  const agents = useAgents(rest)
  const heading = 'pe-4 pb-2 text-start text-xs font-medium text-dim'
  return (
    <section
      aria-label={say('agents.title')}
      data-region="list"
      className="flex min-w-0 flex-1 flex-col"
    >
      <h1 className="flex h-14 shrink-0 items-center px-6 text-lg font-semibold">
        {say('agents.title')}
      </h1>
      {!agents && <Skeleton rows={5} />}
      {agents?.length === 0 && <Empty icon="people" title={say('agents.empty')} />}
      {agents && agents.length > 0 && (
        <div className="scrolls min-h-0 flex-1" tabIndex={0}>
          <table className="w-full">
            <thead>
              <tr>
                <th className={`${heading} ps-6`}>{say('agents.name')}</th>
                <th className={heading}>{say('agents.status')}</th>
                <th className={heading}>{say('agents.load')}</th>
                <th className={`${heading} max-mid:hidden`}>{say('agents.skills')}</th>
              </tr>
            </thead>
            <tbody>
              {agents.map((agent) => (
                <AgentRow key={agent.id} agent={agent} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
