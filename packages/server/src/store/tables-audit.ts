/** Who changed what by administration. Not of an account: entries outlive it. */
export interface AuditRow {
  number: number
  at: number
  account_id: string | null
  changed_by: string
  address: string
  action: string
  /** JSON lists. */
  subjects: string
  fields: string
}
