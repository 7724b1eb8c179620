import { Refusal } from '../../domain/refusal.ts'
import { type HandledQueue, loadQueues, setNumberQueue } from '../../store/queues.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { closeQueueThreads } from './close-queue-threads.ts'

/**
 * Gives a number to a queue, or with null takes it from the one that has it, whose open threads on it are then resolved
 * with the reason `owner_number_deleted`. Refuses `number_unknown`, and `not_found` for the queue.
 */
export async function giveNumber(
  core: Core,
  accountId: string,
  asked: { number: string; queueId: string | null },
): Promise<void> {
  while (await act(core, accountId, step => giveSome(step, asked))) {
    // As long as there are open threads of the queue before.
  }
}

/** True when there is more to do. */
async function giveSome(step: Act, { number, queueId }: { number: string; queueId: string | null }): Promise<boolean> {
  const route = (await step.numberRoutes([number])).get(number)
  if (!route) throw new Refusal('number_unknown', `The account does not hold ${number}.`)
  if (route.queueId === queueId) return false
  if (queueId !== null) {
    const [queue] = await step.load<HandledQueue>(loadQueues, [step.accountId, JSON.stringify([queueId])])
    if (!queue || queue.deletedAt) throw new Refusal('not_found', 'There is no such queue.', { parameter: 'extension' })
  }
  const before = route.queueId
  if (before && (await closeQueueThreads(step, { queueId: before, number }, 'owner_number_deleted'))) return true
  step.changes.add(setNumberQueue, { number, queueId, updatedAt: step.now, version: step.tick() })
  step.changes.touchConfig()
  return false
}
