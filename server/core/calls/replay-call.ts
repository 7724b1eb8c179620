import { Refusal } from '../../domain/refusal.ts'
import { type CallStanding, loadCallStanding, requeueCall } from '../../store/calls.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'

/**
 * Queues a failed call again, with all its tries before it. Refuses `not_found`, and `call_not_failed` when it went well,
 * is still waiting, or asked something that nobody waits for any longer.
 */
export async function replayCall(core: Core, accountId: string, callId: string): Promise<void> {
  await act(core, accountId, async step => {
    const [call] = await step.load<CallStanding>(loadCallStanding, [accountId, callId])
    if (!call) throw new Refusal('not_found', `There is no call ${callId}.`)
    if (call.kind === 'pre') throw new Refusal('call_not_failed', 'Nobody waits for the answer any longer.')
    if (call.nextAttemptAt) throw new Refusal('call_not_failed', 'The call is waiting to be made.')
    if (call.errorCode === null) throw new Refusal('call_not_failed', 'The call went well.')
    step.changes.add(requeueCall, {
      id: call.id,
      attempts: 0,
      nextAttemptAt: step.now,
      finishedAt: null,
      version: step.tick(),
    })
    step.due(call.lane, step.now)
  })
}
