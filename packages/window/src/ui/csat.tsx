/** How it was: asked once, when all is over and no survey asked before. [WIN25] */
import { useId, useState } from 'preact/hooks'
import type { Conversation } from '../model/conversation.ts'
import { useSurroundings } from './context.ts'
import { Icon } from './icons.tsx'

const rates = [1, 2, 3, 4, 5] as const

export const Csat = ({ conversation }: { conversation: Conversation }) => {
  const { messenger, speech } = useSurroundings()
  const { say } = speech
  const id = useId()
  const [rate, setRate] = useState<number | undefined>()
  const [isSolved, setSolved] = useState<boolean | undefined>()
  const [phase, setPhase] = useState<'asking' | 'sending' | 'rated' | 'skipped'>('asking')
  const settle = async (given: number | undefined) => {
    setPhase('sending')
    try {
      await messenger.rate(conversation, given, isSolved)
      setPhase(given === undefined ? 'skipped' : 'rated')
    } catch {
      // Another attempt is one click away.
      setPhase('asking')
    }
  }
  if (phase === 'rated')
    return (
      <p class="notice" role="status">
        {say('csatThanks')}
      </p>
    )
  if (phase === 'skipped' || (conversation.isRated && phase === 'asking')) return null
  return (
    <form
      class="csat"
      onSubmit={(event) => {
        event.preventDefault()
        void settle(rate)
      }}
    >
      <fieldset>
        <legend>{say('csatTitle')}</legend>
        <div class="stars">
          {rates.map((one) => (
            <label key={one} data-lit={rate !== undefined && one <= rate} title={say(`csat${one}`)}>
              <input
                class="unseen"
                type="radio"
                name={id}
                value={one}
                checked={rate === one}
                onChange={() => setRate(one)}
                aria-label={say(`csat${one}`)}
              />
              <Icon name="star" size={24} />
            </label>
          ))}
        </div>
        <p class="rate-name" aria-hidden="true">
          {rate === undefined ? '\u00a0' : say(`csat${rate as 1}`)}
        </p>
      </fieldset>
      <fieldset class="solved">
        <legend>{say('csatSolved')}</legend>
        {([true, false] as const).map((answer) => (
          <label key={String(answer)} class="choice">
            <input
              type="radio"
              name={`${id}-solved`}
              checked={isSolved === answer}
              onChange={() => setSolved(answer)}
            />
            {say(answer ? 'yes' : 'no')}
          </label>
        ))}
      </fieldset>
      <div class="row">
        <button type="submit" class="main" disabled={rate === undefined || phase === 'sending'}>
          {say('csatSend')}
        </button>
        <button type="button" class="quiet" onClick={() => settle(undefined)}>
          {say('csatSkip')}
        </button>
      </div>
    </form>
  )
}
