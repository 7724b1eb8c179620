import type { HttpClient, HttpFailure } from '../kit/http-client.ts'
import { decodeAnswer } from './answer-text.ts'
import { type Fetched, fetchDocument } from './fetch-document.ts'
import type { Hop } from './hop.ts'
import type { Problem } from './problem.ts'
import type { Course } from './request-hop.ts'
import type { Method } from './twiml-verbs.ts'

export interface HookRequest {
  url: string
  method: Method
  parameters: [name: string, value: string][]
  /** How often the hook was tried before. */
  retryCount: number
  /** Signs the request. */
  authToken: string
  /** A UUID that stays the same when the hook is tried again. */
  idempotencyToken: string
  /** Machine time that connecting, redirects and the answer may take together. */
  limitMs: number
  /** World time of what the hook tells. */
  now: Date
  allowPrivate: boolean
}

export interface HookResult {
  hops: Hop[]
  /** Null when no answer came in time. */
  status: number | null
  /** What the app answered; empty when none came. */
  body: string
  /** Null when the app took it. */
  problem: Problem | null
  /** The app was away or busy: the same request may well be taken later. */
  isWorthRetrying: boolean
}

/**
 * Makes one request of a hook: a signed form or query, without cookies, and without the connection overrides that other
 * webhooks take from their URL's fragment. Rejects for nothing that a remote server does. `clockMs` is machine time.
 * Source: Twilio Conversations, webhooks; Twilio, Webhooks: Connection Overrides.
 */
export async function makeHook(client: HttpClient, request: HookRequest, clockMs: () => number): Promise<HookResult> {
  const startedAtMs = clockMs()
  const course: Course = {
    client,
    authToken: request.authToken,
    allowPrivate: request.allowPrivate,
    jarTime: { now: request.now },
    clockMs,
    startedAtMs,
    endsAtMs: startedAtMs + request.limitMs,
    jar: null,
    hops: [],
  }
  const { method, idempotencyToken } = request
  const url = request.url.split('#', 1)[0] ?? ''
  const parameters: [string, string][] = [...request.parameters, ['RetryCount', String(request.retryCount)]]
  const fetched = await fetchDocument(course, { url, method, parameters, idempotencyToken }, [])
  const result = resultOf(fetched, course.hops)
  const last = course.hops.at(-1)
  if (last && result.problem) last.errorCode ??= result.problem.code
  if (last && result.problem) last.errorMessage ??= result.problem.message
  return result
}

function resultOf(fetched: Fetched, hops: Hop[]): HookResult {
  if (fetched.kind === 'document') {
    const body = decodeAnswer(fetched.body, fetched.contentType)
    return { hops, status: fetched.status, body, problem: null, isWorthRetrying: false }
  }
  const { problem, failure } = fetched
  if (failure) {
    const status = failure.partial?.status ?? null
    // However much the app says, and however slowly: it has taken the hook.
    const isTaken = status !== null && status >= 200 && status <= 299
    if (isTaken) return { hops, status, body: '', problem: null, isWorthRetrying: false }
    return { hops, status: null, body: '', problem, isWorthRetrying: isAway(failure) }
  }
  const status = hops.at(-1)?.status ?? null
  return { hops, status, body: '', problem, isWorthRetrying: status === 429 || (status !== null && status >= 500) }
}

function isAway({ kind }: HttpFailure): boolean {
  switch (kind) {
    case 'connect_timeout':
    case 'connection_refused':
    case 'connection_failed':
    case 'bad_host':
    case 'read_timeout':
    case 'total_timeout':
      return true
    case 'bad_url':
    case 'refused_address':
    case 'tls':
    case 'protocol':
    case 'too_large':
      return false
    default:
      return kind satisfies never
  }
}
