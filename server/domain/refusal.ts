/**
 * Everything the house may refuse, by name. Each dialect spells every code in its own errors, and the compiler
 * checks that none is missing (`satisfies Record<RefusalCode, ...>`).
 */
export const REFUSAL_CODES = [
  'not_found',
  'unauthorized',
  'number_unknown',
  'number_taken',
  'address_invalid',
  'body_missing',
  'body_too_long',
  'media_too_many',
  'media_invalid',
  'opted_out',
  'pair_taken',
  'identity_taken',
  'thread_closed',
  'group_taken',
  'member_taken',
  'unique_name_taken',
  'thread_full',
  'identity_full',
  'user_taken',
  'role_unknown',
  'author_not_member',
  'participant_unfit',
  'address_rule_taken',
  'in_use',
  'pool_unknown',
  'pool_empty',
  'number_not_in_pool',
  'pool_exhausted',
  'pool_not_sending',
  'pool_unfit',
  'pool_full',
  'time_invalid',
  'application_unknown',
  'schedule_full',
  'sms_unsupported',
  'mms_unsupported',
  'region_not_allowed',
  'person_not_allowed',
  'person_unreachable',
  'pair_unreachable',
  'queue_full',
  'not_cancelable',
  'unfinished',
  'list_invalid',
  'not_handler',
  'not_assigned',
  'reassign_refused',
  'assignee_invalid',
  'not_author',
  'number_not_handled',
  'hook_refused',
  'hook_answer_invalid',
  'hooks_full',
  'call_not_failed',
] as const

export type RefusalCode = (typeof REFUSAL_CODES)[number]

/** An expected "no": nothing was changed. `detail` carries what a dialect needs to spell its error (a SID, a parameter). */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly detail: Record<string, unknown>

  constructor(code: RefusalCode, message: string, detail: Record<string, unknown> = {}) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.detail = detail
  }
}
