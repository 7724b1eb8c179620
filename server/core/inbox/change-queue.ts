import type { QueueExtras } from '../../domain/queue.ts'
import { Refusal } from '../../domain/refusal.ts'
import { type HandledQueue, loadQueues, type Queue, updateQueue } from '../../store/queues.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'

/** What is to be changed of a queue; what is left out stays. */
export type QueueChange = Partial<QueueExtras & Pick<Queue, 'closesAfterMs' | 'anyoneReassigns'>>

/** Changes what a queue does with threads that open from now on, and with all replies. Refuses `not_found`. */
export async function changeQueue(core: Core, accountId: string, queueId: string, change: QueueChange): Promise<void> {
  await act(core, accountId, async step => {
    const [queue] = await step.load<HandledQueue>(loadQueues, [accountId, JSON.stringify([queueId])])
    if (!queue || queue.deletedAt) throw new Refusal('not_found', 'There is no such queue.')
    const { handlers: _, ...row } = queue
    step.changes.add(updateQueue, { ...row, ...change, updatedAt: step.now, version: step.tick() })
    step.changes.touchConfig()
  })
}
