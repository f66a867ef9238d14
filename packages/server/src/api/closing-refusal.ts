import type { CloseCause } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'

/** A refusal after which the socket closes. */
export class ClosingRefusal extends Refusal {
  readonly closes: CloseCause

  constructor(closes: CloseCause) {
    super('invalid_token')
    this.closes = closes
  }
}
