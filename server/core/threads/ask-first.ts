import { setTimeout } from 'node:timers/promises'
import { newId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { findCall } from '../../store/read/calls.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { type Changeable, type HookAnswer, NO_ANSWER, readVerdict } from './hook-answers.ts'
import { type Question, questionCall, type Stage, stagesOf } from './questions.ts'
import type { Cause } from './thread-events.ts'

/** Puts a question together under the account's lock. May refuse what the act would. */
export type Asking = (step: Act, cause: Cause) => Promise<Question>

/** The longest wait for one hook, in machine time: its own 5 s, and time for another node to make the call. */
const MAX_WAIT_MS = 7_000
const LOOK_EVERY_MS = 250

/**
 * Asks the pre-action hooks about something that is about to be done, and tells what they want changed of it; nobody is
 * asked when the cause tells no hooks. To be awaited before the act that does it: the act then decides in the world as it
 * is. Refuses `hook_refused`, and `hook_answer_invalid` when a hook changes something to what it cannot be. A hook that
 * gives no answer changes nothing. Besides, refuses what `asking` does.
 */
export async function askFirst(core: Core, accountId: string, cause: Cause, asking: Asking): Promise<Changeable> {
  if (!cause.tellsHooks) return {}
  let changes: Changeable = {}
  let asked = await ask(core, accountId, step => begin(step, cause, asking))
  while (asked) {
    const { question, later } = asked
    const answer = await asked.answer
    const verdict = readVerdict(answer, question.draft)
    if (verdict.kind === 'refused') throw new Refusal('hook_refused', 'Rejected by a webhook')
    if (verdict.kind === 'invalid') {
      const { field } = verdict
      throw new Refusal('hook_answer_invalid', `A webhook changed the ${field} to what it cannot be`, { field })
    }
    changes = { ...changes, ...verdict.changes }
    const draft = { ...question.draft, ...verdict.changes }
    asked = later.length === 0 ? null : await ask(core, accountId, async () => [{ ...question, draft }, later])
  }
  return changes
}

interface Asked {
  question: Question
  /** Hooks to be asked after this one. */
  later: Stage[]
  answer: Promise<HookAnswer>
}

async function begin(step: Act, cause: Cause, asking: Asking): Promise<[Question, Stage[]] | null> {
  const owner = await step.ownerSettings()
  const question = owner.hasHooks ? await asking(step, cause) : null
  return question && [question, await stagesOf(step, question.event, question.serviceId)]
}

/** Commits the call of the first hook, if there is one; webhooks makes it. */
async function ask(
  core: Core,
  accountId: string,
  prepare: (step: Act) => Promise<[Question, Stage[]] | null>,
): Promise<Asked | null> {
  const callId = newId(core.clock.machineMs())
  // Before the commit: the answer may be here before we hear of it.
  const answer = core.hookAnswers.expect(callId)
  let asked: Omit<Asked, 'answer'> | null = null
  try {
    asked = await act(core, accountId, async step => {
      const prepared = await prepare(step)
      const [stage, ...later] = prepared?.[1] ?? []
      if (!prepared || !stage) return null
      step.addCall(questionCall(step, callId, { stage, question: prepared[0] }))
      return { question: prepared[0], later }
    })
  } finally {
    if (!asked) core.hookAnswers.forget(callId)
  }
  return asked && { ...asked, answer: waitFor(core, accountId, callId, answer) }
}

/** The answer, from memory when this node made the call, else from its row. */
async function waitFor(
  core: Core,
  accountId: string,
  callId: string,
  answer: Promise<HookAnswer>,
): Promise<HookAnswer> {
  const done = new AbortController()
  try {
    return await Promise.race([answer, look(core, accountId, callId, done.signal)])
  } finally {
    done.abort()
    core.hookAnswers.forget(callId)
  }
}

async function look(core: Core, accountId: string, callId: string, signal: AbortSignal): Promise<HookAnswer> {
  const untilMs = core.clock.machineMs() + MAX_WAIT_MS
  while (core.clock.machineMs() < untilMs) {
    await setTimeout(LOOK_EVERY_MS, undefined, { signal }).catch(() => {})
    if (signal.aborted) return NO_ANSWER
    const call = await findCall(core.db, accountId, callId)
    if (call?.finishedAt) return answerKept(call.hops)
  }
  return NO_ANSWER
}

/** What the app answered, as it is kept with the call. */
export function answerKept(hops: unknown): HookAnswer {
  const last: unknown = Array.isArray(hops) ? hops.at(-1) : null
  if (typeof last !== 'object' || last === null) return NO_ANSWER
  const status = 'status' in last && typeof last.status === 'number' ? last.status : null
  const body = 'responseBody' in last && typeof last.responseBody === 'string' ? last.responseBody : ''
  const isFailed = 'errorCode' in last && last.errorCode !== null && (status ?? 0) < 400
  return isFailed ? NO_ANSWER : { status, body }
}
