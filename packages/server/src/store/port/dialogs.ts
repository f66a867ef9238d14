/** What happens to dialogs without anybody changing them, and to whom they belong. */
import type { ConsumerId, DialogId, Timestamp } from '@ringdown/protocol'
import type { Ring } from '../../domain/ring.ts'
import type { Changed } from '../store.ts'
import type { Call, InAccount } from './call.ts'

export interface DialogCommands {
  /** Closes a survey, or an invitation to co-browse that nobody answered, because its time is over.
   *  No change where there is none or it is closed. [DLG8] [DLG16] */
  expireDialog: Call<InAccount<{ dialogId: DialogId; at: Timestamp }>, { change?: Changed }>
  /** Gives the open conversations of one consumer to another. `rings` are those that wait, under
   *  the new id. [DLG24] */
  stepUp: Call<
    InAccount<{ from: ConsumerId; to: ConsumerId; at: Timestamp }>,
    { changes: readonly Changed[]; rings: readonly Ring[] }
  >
}
