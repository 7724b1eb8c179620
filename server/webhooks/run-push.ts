import type { FinishedCall } from '../core/calls/finish-calls.ts'
import type { Call } from '../domain/call.ts'
import type { HttpClient } from '../kit/http-client.ts'
import type { PushTarget } from '../store/read/subscriptions.ts'
import { type Hop, MAX_ANSWER_BYTES, responseOf } from './hop.ts'
import { type Problem, problemOfFailure } from './problem.ts'

export interface PushCourse {
  client: HttpClient
  /** Null: the subscription has ended, and nothing is sent. */
  target: PushTarget | null
  openSecret(sealed: Uint8Array): string
  allowPrivate: boolean
  machineMs(): number
}

/** What receivers are given to answer. Source: RingCentral, "Webhooks": 3 s. */
export const PUSH_WITHIN_MS = 3_000
export const PUSH_AGENT = 'RingCentral-Webhook/8.3'
export const PUSH_CONTENT_TYPE = 'application/json; charset=UTF-8'

/**
 * Tells a subscription's webhook one thing: the envelope as JSON, with the token that its owner set. Any 2xx takes it.
 * Rejects for nothing that a remote server does. Source: RingCentral, "Webhooks".
 */
export async function runPush(call: Call, course: PushCourse): Promise<FinishedCall> {
  const { target } = course
  const { hop, problem } = target ? await post(call, target, course) : { hop: null, problem: null }
  return {
    call,
    durationMs: hop?.durationMs ?? 0,
    errorCode: problem?.code ?? null,
    errorMessage: target ? (problem?.message ?? null) : 'The subscription has ended; nothing was sent',
    warnings: [],
    hops: hop ? [hop] : [],
    replies: [],
    cookies: null,
    retryAt: null,
  }
}

async function post(
  call: Call,
  { address, verificationToken }: PushTarget,
  { client, openSecret, allowPrivate, machineMs }: PushCourse,
): Promise<{ hop: Hop; problem: Problem | null }> {
  const sentAtMs = machineMs()
  const headers = { 'User-Agent': PUSH_AGENT, Accept: 'application/json', 'Content-Type': PUSH_CONTENT_TYPE }
  const body = JSON.stringify(call.json)
  const outcome = await client.request({
    url: address,
    method: 'POST',
    headers: { ...headers, ...(verificationToken && { 'Verification-Token': openSecret(verificationToken) }) },
    body,
    connectTimeoutMs: PUSH_WITHIN_MS,
    readTimeoutMs: PUSH_WITHIN_MS,
    totalMs: PUSH_WITHIN_MS,
    maxBytes: MAX_ANSWER_BYTES,
    allowPrivate,
  })
  const status = outcome.kind === 'answer' ? outcome.status : (outcome.partial?.status ?? 0)
  const problem = problemOf(status, outcome.kind === 'answer' ? null : problemOfFailure(outcome))
  const hop: Hop = {
    url: address,
    method: 'POST',
    requestHeaders: headers,
    requestBody: body,
    ...responseOf(outcome),
    cookiesSent: [],
    cookiesSet: [],
    startedAtMs: 0,
    durationMs: machineMs() - sentAtMs,
    errorCode: problem?.code ?? null,
    errorMessage: problem?.message ?? null,
  }
  return { hop, problem }
}

/** However much the receiver says after a good status: it has taken it. */
function problemOf(status: number, failure: Problem | null): Problem | null {
  if (status >= 200 && status <= 299) return null
  return failure ?? { code: 11200, message: `The webhook answered with HTTP status ${status}` }
}
