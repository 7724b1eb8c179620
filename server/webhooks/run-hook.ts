import type { FinishedCall } from '../core/calls/finish-calls.ts'
import type { Call } from '../domain/call.ts'
import type { HttpClient } from '../kit/http-client.ts'
import { type HookResult, makeHook } from './make-hook.ts'

export interface HookCourse {
  client: HttpClient
  authToken: string
  allowPrivate: boolean
  /** Machine time that the app may take. */
  limitMs: number
  machineMs(): number
  world(): Date
}

/**
 * After each failed try of a post-action hook, in world time. With 5 s for each try an app that is away for less than a
 * minute misses nothing; after the last one those behind it go on.
 */
export const RETRY_AFTER_MS = [3_000, 12_000, 30_000]

/** A hook that was made: the row to write, and what the app said to one that asks. */
export interface RanHook {
  finished: FinishedCall
  answer: Pick<HookResult, 'status' | 'body'>
}

/** Makes the call of a hook. Only one that tells is tried again: nobody waits long enough for one that asks. */
export async function runHook(call: Call, course: HookCourse): Promise<RanHook> {
  const { client, authToken, allowPrivate, limitMs, machineMs } = course
  const result = await makeHook(
    client,
    {
      url: call.url,
      method: call.method,
      parameters: call.parameters,
      retryCount: call.attempts,
      authToken,
      idempotencyToken: call.id,
      limitMs,
      now: call.arrivedAt,
      allowPrivate,
    },
    machineMs,
  )
  const retryAfterMs = call.kind === 'hook' && result.isWorthRetrying ? RETRY_AFTER_MS[call.attempts] : undefined
  return {
    finished: {
      call,
      durationMs: result.hops.reduce((sum, hop) => sum + hop.durationMs, 0),
      errorCode: result.problem?.code ?? null,
      errorMessage: result.problem?.message ?? null,
      warnings: [],
      hops: result.hops,
      replies: [],
      cookies: null,
      retryAt: retryAfterMs === undefined ? null : new Date(course.world().getTime() + retryAfterMs),
    },
    answer: { status: result.status, body: result.body },
  }
}
