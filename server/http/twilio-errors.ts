import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal, type RefusalCode } from '../domain/refusal.ts'
import { statusOf } from './server.ts'

/** An error in Twilio's numbers: what a dialect answers when its own rules, not the house's, say no. */
export class TwilioError extends Error {
  /** The HTTP status. */
  readonly status: number
  /** One of Twilio's error codes. */
  readonly code: number

  constructor(status: number, code: number, message: string) {
    super(message)
    this.name = 'TwilioError'
    this.status = status
    this.code = code
  }
}

/** How a dialect spells one refusal; without `message` the refusal's own words are used. */
export interface TwilioSpelling {
  status: number
  code: number
  message?: string | ((refusal: Refusal) => string)
}

/**
 * A dialect's table: `{ ... } satisfies TwilioSpellings` fails to compile when a code is missing. A spelling that depends
 * on the refusal's detail is a function of it.
 */
export type TwilioSpellings = Record<RefusalCode, TwilioSpelling | ((refusal: Refusal) => TwilioSpelling)>

/** Source: Twilio, "REST API: response format", exception properties. */
interface ErrorBody {
  code: number
  message: string
  more_info: string
  status: number
}

const SERVER_MESSAGES: Record<number, string> = {
  500: 'An internal server error has occurred',
  503: 'Service is unavailable, please try again',
}

const CLIENT_CODES: Record<number, number> = { 404: 20404, 405: 20004, 413: 20413, 429: 20429 }

type Spelled = Pick<TwilioError, 'status' | 'code' | 'message'>

export interface ErrorAnswerOptions {
  spellings: TwilioSpellings
  onError(error: unknown, request: FastifyRequest): void
}

/** Answers any error in Twilio's envelope; what nobody expected goes to `onError` and tells the caller nothing. */
export function answerTwilioError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { spellings, onError }: ErrorAnswerOptions,
): FastifyReply {
  const { status, code, message } = spell(error, request, spellings)
  if (status >= 500) onError(error, request)
  if (status === 401) reply.header('www-authenticate', 'Basic realm="Twilio API"')
  const body: ErrorBody = { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }
  return reply.code(status).send(body)
}

function spell(error: unknown, request: FastifyRequest, spellings: TwilioSpellings): Spelled {
  if (error instanceof TwilioError) return error
  if (error instanceof Refusal) {
    const known = spellings[error.code]
    const spelling = typeof known === 'function' ? known(error) : known
    if (spelling.code === 20404) return notFound(request)
    const message = typeof spelling.message === 'function' ? spelling.message(error) : spelling.message
    return { ...spelling, message: message ?? error.message }
  }
  const status = statusOf(error)
  if (status >= 500) return { status, code: 20000 + status, message: SERVER_MESSAGES[status] ?? SERVER_MESSAGES[500]! }
  const message = error instanceof Error ? error.message : 'Bad request'
  return { status, code: CLIENT_CODES[status] ?? 20001, message }
}

/**
 * "The requested resource ... was not found", in the words that programs look for: the whole path in the 2010-04-01
 * API, and the path without its version in the products' own APIs.
 */
export function notFound(request: FastifyRequest): TwilioError {
  return new TwilioError(404, 20404, `The requested resource ${resourcePath(request.originalUrl)} was not found`)
}

function resourcePath(url: string): string {
  const path = url.split('?', 1)[0] ?? url
  return path.replace(/^(?:\/(?:conversations|messaging|proxy|mcs))?\/v[0-9]+(?=\/|$)/, '')
}

/** The wrong method on a resource that is there. */
export function methodNotAllowed(): TwilioError {
  return new TwilioError(405, 20004, 'Method not allowed')
}
