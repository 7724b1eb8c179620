import type { Call } from '../../domain/call.ts'
import { act } from '../act.ts'
import { closeCall, type FinishedCall, loadWaiting } from '../calls/finish-calls.ts'
import type { Core } from '../core.ts'
import { releaseIntercepted } from '../proxy/finish-intercepts.ts'
import type { Act } from '../step.ts'
import type { HookAnswer } from './hook-answers.ts'
import { releaseHeld } from './release-held.ts'

/** A call that asked, with what the app said. */
export interface AskedCall {
  finished: FinishedCall
  answer: HookAnswer
}

/**
 * Keeps what hooks answered to calls that ask, and goes on with what waited for it: held texts in the same transaction,
 * callers after it. Calls that are no longer waiting are passed over.
 */
export async function finishAsked(core: Core, accountId: string, asked: AskedCall[]): Promise<undefined[]> {
  const intercepts = asked.filter(({ finished }) => isIntercept(finished.call))
  const others = asked.filter(({ finished }) => !isIntercept(finished.call))
  if (others.length > 0) await finish(core, accountId, others, releaseHeld)
  if (intercepts.length > 0) await finish(core, accountId, intercepts, releaseIntercepted)
  for (const { finished, answer } of asked) core.hookAnswers.give(finished.call.id, answer)
  return asked.map(() => undefined)
}

/** Asked about a text between two who are masked: see `interactionCall`. */
function isIntercept({ orderKey }: Call): boolean {
  return orderKey.startsWith('intercept ')
}

async function finish(
  core: Core,
  accountId: string,
  asked: AskedCall[],
  release: (core: Core, step: Act, answers: Map<string, HookAnswer>) => Promise<void>,
): Promise<void> {
  await act(core, accountId, async step => {
    const calls = asked.map(({ finished }) => finished)
    const waiting = await loadWaiting(step, calls)
    const answers = new Map<string, HookAnswer>()
    for (const { finished, answer } of asked) {
      const { call } = finished
      if (!waiting.delete(call.id)) continue
      closeCall(step, finished, [])
      if (call.smsId) answers.set(call.id, answer)
    }
    if (answers.size > 0) await release(core, step, answers)
  })
}
