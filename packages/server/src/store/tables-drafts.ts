/** Rows of what agents have begun to write. */
export interface DraftRow {
  account_id: string
  agent_id: string
  dialog_id: string
  conversation_id: string
  revision: string
  text: string
  is_note: 0 | 1
  at: number
  /** JSON. */
  others: string
}
