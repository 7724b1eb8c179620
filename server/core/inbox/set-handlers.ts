import { Refusal } from '../../domain/refusal.ts'
import { type HandledQueue, insertHandler, loadQueues } from '../../store/queues.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { tellGrants } from '../subscriptions/tell-grants.ts'
import { noteLeft, tellUserChanges } from './user-changes.ts'

export interface HandlerChange {
  queueId: string
  /** Ids of users. */
  added: string[]
  removed: string[]
}

/**
 * Adds and removes handlers of a queue. The open threads of one who is removed have no assignee any more, whatever is
 * killed meanwhile. Refuses `not_found` for a queue that is not there.
 */
export async function setHandlers(core: Core, accountId: string, change: HandlerChange): Promise<void> {
  await act(core, accountId, async step => {
    await mustBeThere(step, change.queueId)
    for (const userId of change.removed) noteLeft(step, userId, change.queueId)
    const added = change.added.filter(userId => !change.removed.includes(userId))
    for (const userId of added) {
      step.changes.add(insertHandler, { queueId: change.queueId, userId, addedAt: step.now })
    }
    await tellGrants(core, step, [...added, ...change.removed])
  })
  while (await tellUserChanges(core, accountId)) {
    // As long as threads are assigned to them: they are no handler any more, so none is added.
  }
}

async function mustBeThere(step: Act, queueId: string): Promise<void> {
  const [queue] = await step.load<HandledQueue>(loadQueues, [step.accountId, JSON.stringify([queueId])])
  if (!queue || queue.deletedAt) throw new Refusal('not_found', 'There is no such queue.', { parameter: 'extensionId' })
}
