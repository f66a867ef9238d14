/** The agent's state was changed by somebody or something else: said in place, undone with one press. [WSP50] */

import type { Availability } from '../model/own-state.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { useOffice } from './desk-context.tsx'
import { Button } from './parts.tsx'
import { declare } from './status-menu.tsx'

export const StateNotice = () => {
  const office = useOffice()
  const say = useText()
  const state = useValue(office.desk.ownState)
  const link = useValue(office.desk.link)
  const chosen = useValue(office.own.chosen)
  const hasArrived = useValue(office.own.hasArrived)
  const isChanged =
    hasArrived &&
    link.kind === 'open' &&
    state !== undefined &&
    chosen !== undefined &&
    state.availability !== chosen.availability
  return (
    <div role="status" className="shrink-0">
      {isChanged && (
        <div
          data-state-notice
          className="mx-3 mb-3 space-y-3 rounded-xl border border-line bg-warn-soft p-3 text-sm text-warn"
        >
          <p>
            {say(state.availability === 'OFFLINE' ? 'status.setOffline' : 'status.setElsewhere', {
              state: say(`status.${state.availability}`),
            })}
          </p>
          <span className="flex flex-wrap gap-2">
            <Button
              kind="primary"
              size={28}
              onClick={() =>
                void declare(
                  office,
                  chosen.availability as Availability,
                  say('status.failed'),
                  chosen.description,
                )
              }
            >
              {say('status.backTo', { state: say(`status.${chosen.availability}`) })}
            </Button>
            <Button size={28} onClick={() => office.own.choose(state)}>
              {say('status.keep')}
            </Button>
          </span>
        </div>
      )}
    </div>
  )
}
