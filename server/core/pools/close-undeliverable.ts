import { loadUnreached } from '../../store/pool-claims.ts'
import type { Act } from '../step.ts'
import { ThreadBook } from '../threads/thread-book.ts'
import { BY_TIMER, type ThreadEvent } from '../threads/thread-events.ts'

/**
 * Closes threads of pools whose first text failed for good, so that nobody waits for an answer to a text that never
 * came, and its number is free again. A thread in which the person was heard stays open.
 */
export async function closeUndeliverable(step: Act, events: ThreadEvent[]): Promise<void> {
  const failed = events.flatMap(event =>
    event.kind === 'delivery_changed' && hasFailed(event.sms.status) ? (event.sms.messageId ?? []) : [],
  )
  if (failed.length === 0) return
  const rows = await step.load<{ threadId: string }>(loadUnreached, [step.accountId, JSON.stringify(failed)])
  if (rows.length === 0) return
  const book = await ThreadBook.load(step, { ids: rows.map(({ threadId }) => threadId) })
  await book.lookUp(book.wirePairs())
  for (const { threadId } of rows) {
    const live = book.find(threadId)
    if (live) book.close(live, 'undeliverable', BY_TIMER)
  }
  book.store()
}

function hasFailed(status: string): boolean {
  return status === 'failed' || status === 'undelivered'
}
