/** Rows of what routing decided and why. */

/** Agents and rules as they were for some time: what changes with configuration only. */
export interface RoutingRosterRow {
  account_id: string
  id: string
  body: string
  /** When a pass last used it, to within an hour. */
  used_at: number
}

/** What one pass saw beside its roster: states and loads, in columns. */
export interface RoutingPassRow {
  account_id: string
  /** Sorts by time. */
  id: string
  at: number
  roster_id: string
  loads: string
}

export interface RoutingDecisionRow {
  account_id: string
  pass_id: string
  ordinal: number
  conversation_id: string
  /** Who was rung; null: nobody. */
  agent_id: string | null
  ring_id: string | null
  /** The rule that chose, or why nobody was chosen. */
  reason: string
  need: string
}

export interface RoutingTables {
  routing_rosters: RoutingRosterRow
  routing_passes: RoutingPassRow
  routing_decisions: RoutingDecisionRow
}
