import { Refusal } from '../../domain/refusal.ts'
import {
  deleteHandler,
  type HandledQueue,
  insertHandler,
  loadOpenThreadsOfQueue,
  loadQueues,
} from '../../store/queues.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { tellGrants } from '../subscriptions/tell-grants.ts'
import { ThreadBook } from '../threads/thread-book.ts'
import { BY_PROGRAM } from '../threads/thread-events.ts'
import { setAssignee } from './assign-thread.ts'
import { MAX_THREADS_AN_ACT } from './close-queue-threads.ts'

export interface HandlerChange {
  queueId: string
  /** Ids of users. */
  added: string[]
  removed: string[]
}

/**
 * Adds and removes handlers of a queue. The open threads of one who is removed have no assignee any more. Refuses
 * `not_found` for a queue that is not there.
 */
export async function setHandlers(core: Core, accountId: string, change: HandlerChange): Promise<void> {
  await act(core, accountId, async step => {
    await mustBeThere(step, change.queueId)
    for (const userId of change.removed) step.changes.add(deleteHandler, { queueId: change.queueId, userId })
    const added = change.added.filter(userId => !change.removed.includes(userId))
    for (const userId of added) {
      step.changes.add(insertHandler, { queueId: change.queueId, userId, addedAt: step.now })
    }
    await tellGrants(core, step, [...added, ...change.removed])
  })
  for (const userId of change.removed) {
    while (await act(core, accountId, step => unassign(step, change.queueId, userId))) {
      // As long as threads are assigned to them: they are no handler any more, so none is added.
    }
  }
}

async function mustBeThere(step: Act, queueId: string): Promise<void> {
  const [queue] = await step.load<HandledQueue>(loadQueues, [step.accountId, JSON.stringify([queueId])])
  if (!queue || queue.deletedAt) throw new Refusal('not_found', 'There is no such queue.', { parameter: 'extensionId' })
}

/** Takes some of a user's open threads of the queue from them. True when there may be more. */
async function unassign(step: Act, queueId: string, userId: string): Promise<boolean> {
  const asked = [step.accountId, queueId, null, userId, MAX_THREADS_AN_ACT]
  const rows = await step.load<{ id: string }>(loadOpenThreadsOfQueue, asked)
  if (rows.length === 0) return false
  const book = await ThreadBook.load(step, { ids: rows.map(row => row.id) })
  for (const { id } of rows) {
    const live = book.find(id)
    if (live) setAssignee(step, book, live, null, BY_PROGRAM)
  }
  book.store()
  return rows.length === MAX_THREADS_AN_ACT
}
