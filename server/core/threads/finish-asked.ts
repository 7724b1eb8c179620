import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { closeCall, type FinishedCall, loadWaiting } from '../finish-calls.ts'
import type { HookAnswer } from './hook-answers.ts'

/** A call that asked, with what the app said. */
export interface AskedCall {
  finished: FinishedCall
  answer: HookAnswer
}

/** Keeps what hooks answered to calls that ask, and hands it to those who wait for it. */
export async function finishAsked(core: Core, accountId: string, asked: AskedCall[]): Promise<undefined[]> {
  await act(core, accountId, async step => {
    const waiting = await loadWaiting(
      step,
      asked.map(({ finished }) => finished),
    )
    for (const { finished } of asked) if (waiting.delete(finished.call.id)) closeCall(step, finished, [])
  })
  for (const { finished, answer } of asked) core.hookAnswers.give(finished.call.id, answer)
  return asked.map(() => undefined)
}
