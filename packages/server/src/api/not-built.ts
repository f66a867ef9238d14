import { Refusal } from '@ringdown/protocol'

/** What this release does not do is answered, never ignored. [FRM15] */
export const notBuilt = (): never => {
  throw new Refusal('not_implemented')
}
