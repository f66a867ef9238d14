/** Which sections of the details are folded on this machine. [WSP26] */
import { keep, readKept } from './kept.ts'
import { Value } from './value.ts'

const KEY = 'ringdown.folded'

const known = readKept<unknown>('machine', KEY)

export const folded = new Value<readonly string[]>(
  Array.isArray(known) ? known.filter((one) => typeof one === 'string') : [],
)

export const fold = (section: string): void => {
  folded.update((before) =>
    before.includes(section) ? before.filter((one) => one !== section) : [...before, section],
  )
  keep('machine', KEY, folded.get())
}
