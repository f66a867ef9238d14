/** Rows of application keys. */

export interface AppKeyRow {
  account_id: string
  id: string
  name: string
  access_token: string
  secret_hash: string
  access_token_secret_hash: string
  user_ids: string
  created_at: number
}
