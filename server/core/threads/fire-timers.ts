import { ACCOUNT_LANE } from '../../domain/lane.ts'
import type { Thread } from '../../domain/thread.ts'
import { closesAt, inactiveAt, nextTimer } from '../../domain/thread-timers.ts'
import { loadDueThreads } from '../../store/threads.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { type LiveThread, ThreadBook } from './thread-book.ts'
import { BY_TIMER } from './thread-events.ts'

/** Threads moved on in one act: each writes its row, its pairs and what its hooks are told. */
const MAX_THREADS_AN_ACT = 200

/** Moves on the account's threads whose timers are due. True when there may be more. */
export async function fireTimers(core: Core, accountId: string): Promise<boolean> {
  return act(core, accountId, async step => {
    const due = await step.load<Thread>(loadDueThreads, [accountId, step.now, MAX_THREADS_AN_ACT])
    if (due.length === 0) return false
    const book = await ThreadBook.load(step, { ids: due.map(thread => thread.id) })
    await book.lookUp(book.wirePairs())
    for (const { id } of due) {
      const live = book.find(id)
      if (live) fire(step, book, live)
    }
    book.store()
    return due.length === MAX_THREADS_AN_ACT
  })
}

function fire(step: Act, book: ThreadBook, live: LiveThread): void {
  const { thread } = live
  const closes = closesAt(thread)
  if (closes && closes <= step.now) {
    book.close(live, thread.queueId ? 'thread_expired' : 'timer', BY_TIMER)
    return
  }
  const inactive = inactiveAt(thread)
  if (thread.state === 'active' && inactive && inactive <= step.now) {
    book.setState(live, 'inactive', 'timer', BY_TIMER)
    return
  }
  // Messages came since: look again when the timer that they restarted is due.
  book.postpone(thread, nextTimer(thread))
  if (thread.timerAt) step.due(ACCOUNT_LANE, thread.timerAt)
}
