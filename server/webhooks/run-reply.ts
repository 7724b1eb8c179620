import type { FinishedCall } from '../core/calls/finish-calls.ts'
import type { Call } from '../domain/call.ts'
import type { HttpClient } from '../kit/http-client.ts'
import { fetchDocument } from './fetch-document.ts'
import type { Problem } from './problem.ts'
import type { Course } from './request-hop.ts'

export interface ReplyCourse {
  client: HttpClient
  authToken: string
  allowPrivate: boolean
  machineMs(): number
  world(): Date
}

/** One try, as long as other webhooks have. */
const MAX_TRY_MS = 15_000
const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 3_600_000
/** An app that is away for longer finds its replies in the thread. */
const GIVEN_UP_AFTER_MS = 24 * 3_600_000

/**
 * Tells an app of a reply in its thread: JSON, signed over its hash. An app that does not take it is asked again after 1 s,
 * 2 s, 4 s ... at most an hour, for a day; what comes later in the thread waits behind it. Rejects for nothing that a
 * remote server does. Source: Twilio, Webhooks Security, "bodySHA256".
 */
export async function runReply(call: Call, options: ReplyCourse): Promise<FinishedCall> {
  const startedAtMs = options.machineMs()
  const course: Course = {
    client: options.client,
    authToken: options.authToken,
    allowPrivate: options.allowPrivate,
    jarTime: { now: call.arrivedAt },
    clockMs: options.machineMs,
    startedAtMs,
    endsAtMs: startedAtMs + MAX_TRY_MS,
    jar: null,
    hops: [],
  }
  const warnings: Problem[] = []
  const request = { url: call.url, method: 'POST' as const, parameters: [], json: JSON.stringify(call.json) }
  const fetched = await fetchDocument(course, { ...request, idempotencyToken: call.id }, warnings)
  const status = fetched.kind === 'failed' ? (fetched.failure?.partial?.status ?? 0) : 200
  // However much the app says to it: it has taken the reply.
  const problem = fetched.kind === 'failed' && !(status >= 200 && status <= 299) ? fetched.problem : null
  return {
    call,
    durationMs: course.hops.reduce((sum, hop) => sum + hop.durationMs, 0),
    errorCode: problem?.code ?? null,
    errorMessage: problem?.message ?? null,
    warnings,
    hops: course.hops,
    replies: [],
    cookies: null,
    retryAt: problem ? retryAt(call, options.world()) : null,
  }
}

function retryAt({ attempts, arrivedAt }: Call, now: Date): Date | null {
  const at = new Date(now.getTime() + Math.min(FIRST_RETRY_MS * 2 ** attempts, LAST_RETRY_MS))
  return at.getTime() - arrivedAt.getTime() > GIVEN_UP_AFTER_MS ? null : at
}
