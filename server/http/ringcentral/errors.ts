import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal, type RefusalCode } from '../../domain/refusal.ts'
import { statusOf } from '../server.ts'

/** An error in RingCentral's codes: what the dialect answers when its own rules say no. */
export class RingCentralError extends Error {
  readonly status: number
  readonly code: string
  /** More of the error's item: `parameterName`, `parameterValue`, `extensionId`, ... */
  readonly detail: Record<string, unknown>

  constructor(status: number, code: string, message: string, detail: Record<string, unknown> = {}) {
    super(message)
    this.name = 'RingCentralError'
    this.status = status
    this.code = code
    this.detail = detail
  }
}

/** A parameter whose value can't be taken. */
export function invalidParameter(name: string, value: unknown): RingCentralError {
  return new RingCentralError(400, 'CMN-101', `Parameter [${name}] value is invalid`, {
    parameterName: name,
    ...(value === undefined ? {} : { parameterValue: typeof value === 'string' ? value : JSON.stringify(value) }),
  })
}

/** Something named in the path that is not there, or not for this caller to see. */
export function notFound(name: string, value: string): RingCentralError {
  return new RingCentralError(404, 'CMN-102', `Resource for parameter [${name}] is not found`, {
    parameterName: name,
    parameterValue: value,
  })
}

interface Spelling {
  status: number
  code: string
}

const INVALID: Spelling = { status: 400, code: 'CMN-101' }
const GONE: Spelling = { status: 404, code: 'CMN-102' }
const FORBIDDEN: Spelling = { status: 403, code: 'CMN-408' }
/** The closest code that RingCentral publishes: a reply to an old thread. */
const CLOSED: Spelling = { status: 403, code: 'MSG-325' }

const SPELLINGS = {
  not_found: GONE,
  unauthorized: { status: 401, code: 'OAU-213' },
  number_unknown: { status: 400, code: 'MSG-245' },
  number_taken: INVALID,
  address_invalid: INVALID,
  body_missing: INVALID,
  body_too_long: INVALID,
  media_too_many: INVALID,
  media_invalid: { status: 415, code: 'MSG-348' },
  opted_out: { status: 400, code: 'MSG-243' },
  pair_taken: CLOSED,
  identity_taken: INVALID,
  thread_closed: CLOSED,
  group_taken: INVALID,
  member_taken: INVALID,
  unique_name_taken: INVALID,
  thread_full: INVALID,
  identity_full: INVALID,
  user_taken: INVALID,
  role_unknown: INVALID,
  author_not_member: FORBIDDEN,
  participant_unfit: INVALID,
  address_rule_taken: INVALID,
  in_use: { status: 403, code: 'CMN-109' },
  pool_unknown: INVALID,
  pool_empty: INVALID,
  number_not_in_pool: INVALID,
  pool_exhausted: INVALID,
  pool_not_sending: INVALID,
  pool_unfit: INVALID,
  pool_full: INVALID,
  time_invalid: INVALID,
  application_unknown: INVALID,
  schedule_full: INVALID,
  sms_unsupported: { status: 403, code: 'MSG-242' },
  mms_unsupported: { status: 403, code: 'MSG-242' },
  region_not_allowed: FORBIDDEN,
  person_not_allowed: FORBIDDEN,
  person_unreachable: INVALID,
  pair_unreachable: INVALID,
  queue_full: INVALID,
  not_cancelable: INVALID,
  unfinished: INVALID,
  list_invalid: INVALID,
  not_handler: FORBIDDEN,
  not_assigned: { status: 403, code: 'MSG-427' },
  reassign_refused: FORBIDDEN,
  assignee_invalid: INVALID,
  not_author: FORBIDDEN,
  number_not_handled: { status: 403, code: 'MSG-304' },
  hook_refused: FORBIDDEN,
  hook_answer_invalid: INVALID,
  hooks_full: INVALID,
  call_not_failed: INVALID,
} as const satisfies Record<RefusalCode, Spelling>

/** Whom an error is told to, as far as it is known. */
export interface ErrorReader {
  extensionId: string
}

/**
 * Answers any error in RingCentral's envelope, in the new form and the old one together: the clients of either read
 * their own part. What nobody expected goes to `onError` and tells the caller nothing.
 */
export function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  onError: (error: unknown, request: FastifyRequest) => void,
  reader: ErrorReader | null = null,
): FastifyReply {
  const { status, code, message, detail } = spell(error, reader)
  if (status >= 500) onError(error, request)
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="RingCentral REST API"')
  return reply.code(status).send({ errorCode: code, message, errors: [{ errorCode: code, message, ...detail }] })
}

function spell(
  error: unknown,
  reader: ErrorReader | null,
): Pick<RingCentralError, 'status' | 'code' | 'message' | 'detail'> {
  if (error instanceof RingCentralError) return error
  if (error instanceof Refusal)
    return { ...SPELLINGS[error.code], message: error.message, detail: detailOf(error, reader) }
  const status = statusOf(error)
  if (status === 503) return { status, code: 'CMN-201', message: 'Service temporarily unavailable', detail: {} }
  if (status >= 500) return { status, code: 'CMN-203', message: 'Internal server error', detail: {} }
  if (status === 413) return { status: 400, code: 'MSG-338', message: 'The request is too large', detail: {} }
  const message = error instanceof Error ? error.message : 'Bad request'
  return { status, code: CLIENT_CODES[status] ?? 'CMN-104', message, detail: {} }
}

/** Of what Fastify refuses by itself. */
const CLIENT_CODES: Record<number, string> = {
  400: 'CMN-103',
  404: 'CMN-120',
  405: 'CMN-120',
  415: 'CMN-407',
}

function detailOf({ code, detail }: Refusal, reader: ErrorReader | null): Record<string, unknown> {
  return {
    ...(typeof detail.parameter === 'string' ? { parameterName: detail.parameter } : {}),
    ...(typeof detail.value === 'string' ? { parameterValue: detail.value } : {}),
    ...(code === 'not_assigned' && reader ? { extensionId: reader.extensionId } : {}),
  }
}
