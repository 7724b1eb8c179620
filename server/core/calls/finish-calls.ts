import type { Call } from '../../domain/call.ts'
import { canonicalAddress } from '../../domain/phone-number.ts'
import { finishCall, loadWaitingCalls } from '../../store/calls.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { ownedPairs, sendTexts } from '../inbox/send-texts.ts'
import { scopeOf } from '../opt-outs/opt-outs.ts'
import { SenderRoutes } from '../sending/sender-routes.ts'
import type { Pair, Sessions } from '../sessions/sessions.ts'
import type { Act } from '../step.ts'
import { loadSpeaking } from '../threads/speaking.ts'
import { ThreadBook } from '../threads/thread-book.ts'
import { type CallReply, type CallWarning, type Replies, readReply } from './read-reply.ts'
import { ReplyLimit } from './reply-limit.ts'

/** A call that was made, with all that came of it. */
export interface FinishedCall {
  call: Call
  durationMs: number
  errorCode: number | null
  errorMessage: string | null
  warnings: CallWarning[]
  hops: unknown[]
  replies: CallReply[]
  /** The jar after the call, when the call changed it. */
  cookies: { jar: unknown } | null
  /** When to make the call again; null when it is done with. */
  retryAt: Date | null
}

/**
 * Keeps the results of calls: closes their rows, stores the jars, and queues the replies, all in one transaction,
 * so that a call made twice (after a crash) replies once. Calls that are no longer waiting are passed over.
 */
export async function finishCalls(core: Core, accountId: string, finished: FinishedCall[]): Promise<undefined[]> {
  return act(core, accountId, async step => {
    const waiting = await loadWaiting(step, finished)
    const routes = await SenderRoutes.load(step, finished.flatMap(replySenders))
    const touched = finished.flatMap(touchedPairs)
    const pairs = touched.filter(({ number }) => routes.get(number)?.kind !== 'name')
    const scopes = touched.flatMap(({ person, number }) => {
      const route = routes.get(number)
      return route ? [{ person, scope: scopeOf(route) }] : []
    })
    const book = await ThreadBook.load(step, { pairs: ownedPairs(pairs, routes.numbers()) })
    const [speaking, limit] = await Promise.all([
      loadSpeaking(step, book, { pairs, scopes }),
      ReplyLimit.load(step, finished.flatMap(replyPairs)),
    ])
    const { sessions } = speaking
    const replies: Replies = { routes, speaking, rules: await step.ownerSettings(), senders: await step.senders() }
    for (const done of finished) {
      if (!waiting.delete(done.call.id)) continue
      const warnings = [...done.warnings]
      for (const reply of done.replies) {
        const draft = readReply(done.call, reply, replies)
        if ('code' in draft) warnings.push(draft)
        else if (!limit.take({ person: draft.person, number: draft.route.number })) warnings.push(TOO_MANY)
        else sendTexts(speaking, [draft])
      }
      closeCall(step, done, warnings)
      keepCookies(sessions, done)
    }
    book.store()
    sessions.store(step)
    return finished.map(() => undefined)
  })
}

/** Source: Twilio, error 14107: what looks like two programs that answer each other. */
const TOO_MANY: CallWarning = { code: 14107, message: 'Too many replies to one number in 30 s: this one was not sent' }

/** Which of the calls are still waiting to be made: others were finished by somebody else. */
export async function loadWaiting(step: Act, finished: FinishedCall[]): Promise<Set<string>> {
  const ids = JSON.stringify(finished.map(({ call }) => call.id))
  const rows = await step.load<{ id: string }>(loadWaitingCalls, [step.accountId, ids])
  return new Set(rows.map(row => row.id))
}

/** Writes what came of a call on its row. */
export function closeCall(step: Act, done: FinishedCall, warnings: CallWarning[]): void {
  const { call } = done
  step.changes.add(finishCall, {
    id: call.id,
    attempts: call.attempts + 1,
    nextAttemptAt: done.retryAt,
    finishedAt: done.retryAt ? null : step.now,
    durationMs: done.durationMs,
    errorCode: done.errorCode,
    errorMessage: done.errorMessage,
    warnings: warnings.length > 0 ? warnings : null,
    hops: done.hops,
    version: step.tick(),
  })
  if (done.retryAt) step.due(call.lane, done.retryAt)
}

function keepCookies(sessions: Sessions, { call, cookies }: FinishedCall): void {
  if (cookies && call.person && call.number && call.sessionStartedAt) {
    sessions.keepCookies({ person: call.person, number: call.number }, call.sessionStartedAt, cookies.jar)
  }
}

function replySenders({ call, replies }: FinishedCall): string[] {
  return replies.flatMap(reply => reply.from ?? call.number ?? [])
}

function touchedPairs(done: FinishedCall): Pair[] {
  const { person, number } = done.call
  const own = person && number ? [{ person, number }] : []
  return [...own, ...replyPairs(done)]
}

function replyPairs({ call, replies }: FinishedCall): Pair[] {
  return replies.flatMap(reply => {
    const person = reply.to === null ? call.person : canonicalAddress(reply.to)
    const number = reply.from ?? call.number
    return person && number ? [{ person, number }] : []
  })
}
