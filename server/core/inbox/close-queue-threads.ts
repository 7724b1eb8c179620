import { loadOpenThreadsOfNumber, loadOpenThreadsOfQueue } from '../../store/queues.ts'
import type { Act } from '../step.ts'
import { ThreadBook } from '../threads/thread-book.ts'
import { BY_PROGRAM } from '../threads/thread-events.ts'

/** Threads changed in one act: each writes its row, its pair and its history. */
const MAX_THREADS_AN_ACT = 200

/**
 * Resolves open threads of a queue, of one of its numbers only if that is named. True when there may be more: then the
 * caller's act ends here, and another one goes on.
 */
export async function closeQueueThreads(
  step: Act,
  { queueId, number }: { queueId: string; number: string | null },
  reason: 'owner_deleted' | 'owner_number_deleted',
): Promise<boolean> {
  const asked = [step.accountId, queueId, MAX_THREADS_AN_ACT]
  const rows = await (number === null
    ? step.load<{ id: string }>(loadOpenThreadsOfQueue, asked)
    : step.load<{ id: string }>(loadOpenThreadsOfNumber, [...asked, number]))
  if (rows.length === 0) return false
  const book = await ThreadBook.load(step, { ids: rows.map(row => row.id) })
  await book.lookUp(book.wirePairs())
  for (const { id } of rows) {
    const live = book.find(id)
    if (live) book.close(live, reason, BY_PROGRAM)
  }
  book.store()
  return rows.length === MAX_THREADS_AN_ACT
}
