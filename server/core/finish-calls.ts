import type { Call } from '../domain/call.ts'
import { canonicalAddress } from '../domain/phone-number.ts'
import { lengthInCharacters } from '../domain/text.ts'
import { finishCall, loadWaitingCalls } from '../store/calls.ts'
import type { NumberRoute } from '../store/numbers.ts'
import { act } from './act.ts'
import type { Core } from './core.ts'
import { OPT_OUT_TYPE } from './inbound-call.ts'
import { ownedPairs, scopesOf, sendTexts } from './inbox/send-texts.ts'
import { type OptOuts, scopeOf } from './opt-outs.ts'
import type { TextDraft } from './queue-texts.ts'
import type { Pair, Sessions } from './sessions.ts'
import type { Act } from './step.ts'
import { loadSpeaking } from './threads/speaking.ts'
import { ThreadBook } from './threads/thread-book.ts'

/** A text that an app's answer asks for. */
export interface CallReply {
  /** UUID, chosen when the answer was read. */
  id: string
  /** Null: the sender of the text that the call told of. */
  to: string | null
  /** Null: the number that the text reached. */
  from: string | null
  body: string
  mediaUrls: string[]
  statusCallback: string | null
}

export interface CallWarning {
  code: number
  message: string
}

/** A call that was made, with all that came of it. */
export interface FinishedCall {
  call: Call
  durationMs: number
  errorCode: number | null
  errorMessage: string | null
  warnings: CallWarning[]
  hops: unknown
  replies: CallReply[]
  /** The jar after the call, when the call changed it. */
  cookies: { jar: unknown } | null
  /** When to make the call again; null when it is done with. */
  retryAt: Date | null
}

const MAX_BODY_CHARACTERS = 1600

/**
 * Keeps the results of calls: closes their rows, stores the jars, and queues the replies, all in one transaction,
 * so that a call made twice (after a crash) replies once. Calls that are no longer waiting are passed over.
 */
export async function finishCalls(core: Core, accountId: string, finished: FinishedCall[]): Promise<undefined[]> {
  return act(core, accountId, async step => {
    const waiting = await loadWaiting(step, finished)
    const routes = await step.numberRoutes(finished.flatMap(replyNumbers))
    const pairs = finished.flatMap(touchedPairs)
    const book = await ThreadBook.load(step, { pairs: ownedPairs(pairs, routes) })
    const speaking = await loadSpeaking(step, book, { pairs, scopes: scopesOf(pairs, routes) })
    const { sessions, optOuts } = speaking
    for (const done of finished) {
      if (!waiting.delete(done.call.id)) continue
      const warnings = [...done.warnings]
      for (const reply of done.replies) {
        const draft = readReply(done.call, reply, routes, optOuts)
        if ('code' in draft) warnings.push(draft)
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

function replyNumbers({ call, replies }: FinishedCall): string[] {
  return replies.flatMap(reply => reply.from ?? call.number ?? [])
}

function touchedPairs({ call, replies }: FinishedCall): Pair[] {
  const own = call.person && call.number ? [{ person: call.person, number: call.number }] : []
  const others = replies.flatMap(reply => {
    const person = reply.to === null ? call.person : canonicalAddress(reply.to)
    const number = reply.from ?? call.number
    return person && number ? [{ person, number }] : []
  })
  return [...own, ...others]
}

/** A reply as a draft, or why it can't be sent. Source: Twilio's 141xx and 21xxx codes. */
function readReply(
  call: Call,
  reply: CallReply,
  routes: Map<string, NumberRoute>,
  optOuts: OptOuts,
): TextDraft | CallWarning {
  const person = reply.to === null ? call.person : canonicalAddress(reply.to)
  if (!person) return { code: 14101, message: `Invalid "To" attribute: ${reply.to}` }
  const route = routes.get(reply.from ?? call.number ?? '')
  if (!route) return { code: 14102, message: `Invalid "From" attribute: ${reply.from}` }
  const isBlocked = optOuts.isBlocked({ scope: scopeOf(route), person })
  if (isBlocked || call.parameters.some(([name]) => name === OPT_OUT_TYPE)) {
    return { code: 21610, message: 'Attempt to send to unsubscribed recipient' }
  }
  if (reply.body === '' && reply.mediaUrls.length === 0) return { code: 14103, message: 'Invalid body: it is empty' }
  if (lengthInCharacters(reply.body) > MAX_BODY_CHARACTERS) {
    return { code: 21617, message: `The body exceeds the ${MAX_BODY_CHARACTERS} character limit` }
  }
  return {
    id: reply.id,
    origin: 'reply',
    route,
    person,
    body: reply.body,
    mediaUrls: reply.mediaUrls,
    statusCallback: reply.statusCallback,
  }
}
