/** Every way the server says no. The reference page and the client's types are made from this table. */

interface ErrorEntry {
  /** Status of the answer, with HTTP's meaning. */
  readonly status: number
  /** Whether the same request may succeed later. */
  readonly retry: 'never' | 'later'
  /** The text sent when the refusal carries no detail; at most 128 characters. */
  readonly message: string
}

export const errors = {
  bad_request: { status: 400, retry: 'never', message: 'Bad request' },
  unknown_request_type: { status: 400, retry: 'never', message: 'Unknown request type' },
  already_initialized: {
    status: 400,
    retry: 'never',
    message: 'The connection belongs to another identity',
  },
  conversation_closed: { status: 400, retry: 'never', message: 'Conversation is closed' },
  dialog_closed: { status: 400, retry: 'never', message: 'Dialog is closed' },
  file_type_not_supported: { status: 400, retry: 'never', message: 'File type not supported' },
  file_too_large: { status: 400, retry: 'never', message: 'File too large' },
  no_assigned_agent: { status: 400, retry: 'never', message: 'No assigned agent to remove' },
  skill_not_found: { status: 400, retry: 'never', message: 'Skill not found' },
  agent_already_participates: {
    status: 400,
    retry: 'never',
    message: 'Agent already participates',
  },
  too_many_conversations: {
    status: 400,
    retry: 'later',
    message: 'Too many open conversations',
  },
  not_authenticated: { status: 401, retry: 'never', message: 'Not authenticated' },
  invalid_token: { status: 401, retry: 'never', message: 'The identity token is invalid' },
  token_expired: { status: 401, retry: 'never', message: 'The identity token has expired' },
  bad_credentials: { status: 401, retry: 'never', message: 'Bad credentials' },
  session_not_found: { status: 401, retry: 'never', message: 'CSRF token invalid' },
  file_address_refused: {
    status: 401,
    retry: 'never',
    message: 'The address is not valid or has expired',
  },
  not_permitted: { status: 403, retry: 'never', message: 'Operation not permitted' },
  not_participant: {
    status: 403,
    retry: 'never',
    message: 'Not a participant of the conversation',
  },
  other_agents_ring: { status: 403, retry: 'never', message: 'Ring belongs to another agent' },
  other_account: { status: 403, retry: 'never', message: 'The account is not yours' },
  file_sharing_off: { status: 403, retry: 'never', message: 'File sharing is switched off' },
  file_address_used: { status: 403, retry: 'never', message: 'The address was used before' },
  file_blocked: { status: 403, retry: 'never', message: 'The file was blocked by the scanner' },
  conversation_not_found: { status: 404, retry: 'never', message: 'Conversation not found' },
  dialog_not_found: { status: 404, retry: 'never', message: 'Dialog not found' },
  consumer_not_found: { status: 404, retry: 'never', message: 'Consumer not found' },
  agent_not_found: { status: 404, retry: 'never', message: 'Agent not found' },
  account_not_found: { status: 404, retry: 'never', message: 'Account not found' },
  connector_not_found: { status: 404, retry: 'never', message: 'Connector not found' },
  item_not_found: { status: 404, retry: 'never', message: 'Not found' },
  key_not_found: { status: 404, retry: 'never', message: 'Key not found' },
  route_not_found: { status: 404, retry: 'never', message: 'No such address' },
  file_not_found: { status: 404, retry: 'never', message: 'File not available' },
  ring_not_found: { status: 404, retry: 'never', message: 'Ring not found' },
  upload_too_slow: { status: 408, retry: 'later', message: 'The file took too long to arrive' },
  ring_not_waiting: { status: 409, retry: 'never', message: 'Ring is no longer waiting' },
  already_assigned: {
    status: 409,
    retry: 'never',
    message: 'Conversation already has an assigned agent',
  },
  consumer_has_open_conversation: {
    status: 409,
    retry: 'never',
    message: 'Consumer has an open conversation',
  },
  event_id_reused: {
    status: 409,
    retry: 'never',
    message: 'The eventId was used for another event',
  },
  stale_reply: { status: 409, retry: 'never', message: 'A colleague has written meanwhile' },
  item_in_use: { status: 409, retry: 'never', message: 'Still in use' },
  key_in_use: { status: 409, retry: 'never', message: 'The key is in use' },
  too_many_drafts: { status: 409, retry: 'later', message: 'Too many drafts' },
  already_exists: { status: 409, retry: 'never', message: 'Already exists' },
  upload_under_way: {
    status: 409,
    retry: 'later',
    message: 'Another upload to the address is under way',
  },
  survey_expired: { status: 410, retry: 'never', message: 'The survey has expired' },
  revision_changed: { status: 412, retry: 'never', message: 'Changed by somebody else' },
  too_many_requests: { status: 429, retry: 'later', message: 'Too many requests' },
  internal: { status: 500, retry: 'later', message: 'Internal server error' },
  file_not_available: { status: 500, retry: 'later', message: 'File not available' },
  not_implemented: { status: 501, retry: 'never', message: 'Not implemented' },
  unavailable: { status: 503, retry: 'later', message: 'The store is not available' },
  file_storage_full: { status: 507, retry: 'later', message: 'The space for files is used up' },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errors

const MESSAGE_LIMIT = 128

/** An answer, not a fault: it goes to the client and is never logged as an error. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: ErrorCode

  constructor(code: ErrorCode, detail?: string, options?: ErrorOptions) {
    super((detail ?? errors[code].message).slice(0, MESSAGE_LIMIT), options)
    this.code = code
  }

  get status(): number {
    return errors[this.code].status
  }
}

/** A refusal of a request that used an extension: its body is an object instead of a text. [CNT22] */
export class DetailedRefusal extends Refusal {
  readonly body: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, body: Readonly<Record<string, unknown>>) {
    super(code)
    this.body = { message: this.message, ...body }
  }
}
