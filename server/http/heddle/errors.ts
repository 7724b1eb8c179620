import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal, type RefusalCode } from '../../domain/refusal.ts'
import { statusOf } from '../server.ts'

/** Our own API names refusals by their codes; only the HTTP status is added. */
const STATUS = {
  not_found: 404,
  unauthorized: 401,
  number_unknown: 404,
  number_taken: 409,
  address_invalid: 400,
  body_missing: 400,
  body_too_long: 400,
  media_too_many: 400,
  media_invalid: 400,
  opted_out: 409,
  pair_taken: 409,
  identity_taken: 409,
  thread_closed: 409,
  group_taken: 409,
  member_taken: 409,
  unique_name_taken: 409,
  thread_full: 409,
  identity_full: 409,
  user_taken: 409,
  role_unknown: 400,
  author_not_member: 400,
  participant_unfit: 400,
  address_rule_taken: 409,
  in_use: 409,
  pool_unknown: 404,
  pool_empty: 409,
  number_not_in_pool: 409,
  pool_exhausted: 409,
  pool_not_sending: 409,
  pool_unfit: 409,
  pool_full: 409,
  time_invalid: 400,
  application_unknown: 404,
  schedule_full: 409,
  sms_unsupported: 400,
  mms_unsupported: 400,
  region_not_allowed: 403,
  person_not_allowed: 403,
  person_unreachable: 400,
  pair_unreachable: 400,
  queue_full: 409,
  not_cancelable: 409,
  unfinished: 409,
  list_invalid: 400,
  not_handler: 403,
  not_assigned: 403,
  reassign_refused: 403,
  assignee_invalid: 400,
  not_author: 403,
  number_not_handled: 403,
  hook_refused: 403,
  hook_answer_invalid: 400,
  hooks_full: 409,
  call_not_failed: 409,
} as const satisfies Record<RefusalCode, number>

/** Answers `{code, message}`. */
export function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  onError: (error: unknown, request: FastifyRequest) => void,
): FastifyReply {
  if (error instanceof Refusal) {
    if (error.code === 'unauthorized') reply.header('www-authenticate', 'Basic realm="Heddle"')
    return reply.code(STATUS[error.code]).send({ ...error.detail, code: error.code, message: error.message })
  }
  const status = statusOf(error)
  if (status >= 500) onError(error, request)
  const message = status >= 500 ? 'Something went wrong here.' : error instanceof Error ? error.message : ''
  const code = status === 503 ? 'unavailable' : status >= 500 ? 'internal' : 'invalid'
  return reply.code(status).send({ code, message: status === 503 ? 'The database is away; try again soon.' : message })
}
