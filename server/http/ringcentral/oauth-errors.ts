import type { FastifyReply, FastifyRequest } from 'fastify'
import { type SignInReason, SignInRefused } from '../../core/sign-in/sign-in-refused.ts'
import { answerError } from './errors.ts'

/** An error of OAuth's own: RFC 6749, 5.2, with RingCentral's code beside it. */
export class OAuthError extends Error {
  readonly error: string
  readonly code: string

  constructor(error: string, code: string, description: string) {
    super(description)
    this.name = 'OAuthError'
    this.error = error
    this.code = code
  }
}

const REASONS = {
  client_unknown: ['invalid_client', 'OAU-153'],
  client_secret_wrong: ['invalid_client', 'OAU-146'],
  client_not_trusted: ['invalid_client', 'OAU-146'],
  password_wrong: ['invalid_grant', 'OAU-140'],
  locked: ['invalid_grant', 'OAU-147'],
  jwt_wrong: ['invalid_grant', 'OAU-250'],
  refresh_revoked: ['invalid_grant', 'OAU-211'],
  code_wrong: ['invalid_grant', 'OAU-106'],
  redirect_wrong: ['invalid_grant', 'OAU-109'],
  verifier_wrong: ['invalid_grant', 'OAU-110'],
} as const satisfies Record<SignInReason, readonly [error: string, code: string]>

/** As an OAuth error, when somebody may not come in; null for all else. */
export function asOAuthError(error: unknown): OAuthError | null {
  if (error instanceof OAuthError) return error
  if (!(error instanceof SignInRefused)) return null
  const [kind, code] = REASONS[error.reason]
  return new OAuthError(kind, code, error.message)
}

/** Answers 400 always: the SDK repeats what is answered 401, so that each failed sign-in would be tried twice. */
export function answerOAuthError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  onError: (error: unknown, request: FastifyRequest) => void,
): FastifyReply {
  const refused = asOAuthError(error)
  if (!refused) return answerError(error, request, reply, onError)
  const { error: kind, code, message } = refused
  return reply
    .code(400)
    .header('cache-control', 'no-store')
    .send({ error: kind, error_description: message, errors: [{ errorCode: code, message }] })
}
