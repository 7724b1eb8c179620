import { Refusal } from '../../domain/refusal.ts'
import { deleteExtension, type Extension, loadAllExtensions } from '../../store/extensions.ts'
import { type HandledQueue, loadNumbersOfQueue, loadQueues, setNumberQueue, updateQueue } from '../../store/queues.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { tellGrants } from '../subscriptions/tell-grants.ts'
import { closeQueueThreads } from './close-queue-threads.ts'

/**
 * Deletes a queue: its numbers own no threads any more, and its open threads are resolved with the reason
 * `owner_deleted`. Its handlers still see what was said. Threads close in batches before the queue goes: what a crash
 * interrupts is finished by asking again. Refuses `not_found`.
 */
export async function deleteQueue(core: Core, accountId: string, queueId: string): Promise<void> {
  while (await act(core, accountId, step => deleteSome(core, step, queueId))) {
    // As long as there are open threads.
  }
}

/** True when there is more to do. */
async function deleteSome(core: Core, step: Act, queueId: string): Promise<boolean> {
  const [queue] = await step.load<HandledQueue>(loadQueues, [step.accountId, JSON.stringify([queueId])])
  if (!queue || queue.deletedAt) throw new Refusal('not_found', 'There is no such queue.', { parameter: 'extensionId' })
  const numbers = await step.load<{ number: string }>(loadNumbersOfQueue, [step.accountId, queueId])
  for (const { number } of numbers) {
    step.changes.add(setNumberQueue, { number, queueId: null, updatedAt: step.now, version: step.tick() })
  }
  step.changes.touchConfig()
  if (await closeQueueThreads(step, { queueId, number: null }, 'owner_deleted')) return true
  const { handlers, ...row } = queue
  step.changes.add(updateQueue, { ...row, deletedAt: step.now, updatedAt: step.now, version: step.tick() })
  await tellGrants(core, step, handlers)
  const extensions = await step.load<Extension>(loadAllExtensions, [step.accountId])
  for (const { id, ownerId } of extensions) {
    if (ownerId === queueId) step.changes.add(deleteExtension, { id, deletedAt: step.now })
  }
  return false
}
