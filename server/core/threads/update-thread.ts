import { Refusal } from '../../domain/refusal.ts'
import type { Thread } from '../../domain/thread.ts'
import { loadNamedThreads } from '../../store/threads.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { findOpenThread, type ThreadRef } from './find-thread.ts'
import { poolCheck } from './named-pool.ts'
import { ThreadBook } from './thread-book.ts'
import type { Cause } from './thread-events.ts'

/** What is to be changed of a thread; what is left out stays. */
export interface ThreadChange extends ThreadRef {
  friendlyName?: string | null
  uniqueName?: string | null
  attributes?: string
  state?: 'active' | 'inactive' | 'closed'
  inactiveAfterMs?: number | null
  closesAfterMs?: number | null
  /** Added to what the thread has. */
  settings?: Record<string, unknown>
  createdAt?: Date
  updatedAt?: Date
  cause: Cause
}

/**
 * Changes an open thread. A state or a timer that is given, the same or another, makes the timers run from now. Closing
 * is for good. Refuses `not_found`, `thread_closed`, `unfinished` (another state for one that is initializing),
 * `unique_name_taken` and `pool_unknown`. Source: Twilio, "Conversation state and timers".
 */
export async function updateThread(core: Core, accountId: string, change: ThreadChange): Promise<Thread> {
  return act(core, accountId, async step => {
    const { threadId, serviceId, state, cause, settings, updatedAt, ...fields } = change
    const book = await ThreadBook.load(step, { ids: [threadId] })
    const live = findOpenThread(book, change)
    const { thread } = live
    if (state && state !== 'closed' && thread.state === 'initializing') {
      throw new Refusal('unfinished', 'The thread is not ready yet; until it is, it can only be closed.', { threadId })
    }
    if (fields.uniqueName && fields.uniqueName !== thread.uniqueName) {
      await mustBeFreeName(step, serviceId, fields.uniqueName)
    }
    const mustHavePool = await poolCheck(step, [change])
    mustHavePool(change)
    await book.lookUp(book.wirePairs())
    const changed = JSON.stringify({ ...fields, settings }) !== '{}' || updatedAt !== undefined
    Object.assign(thread, fields, settings && { settings: { ...thread.settings, ...settings } })
    if (state || fields.inactiveAfterMs !== undefined || fields.closesAfterMs !== undefined) book.restartTimers(thread)
    if (changed) book.update(live, cause)
    if (state === 'closed') book.close(live, 'api', cause)
    else if (state) book.setState(live, state, 'api', cause)
    if (!changed) book.touch(thread)
    // Handlers' programs take a change only when it is later than what they have.
    if (updatedAt && !(thread.queueId && updatedAt < thread.updatedAt)) thread.updatedAt = updatedAt
    book.store()
    return thread
  })
}

async function mustBeFreeName(step: Act, serviceId: string, uniqueName: string): Promise<void> {
  const asked = JSON.stringify([{ serviceId, uniqueName }])
  const holders = await step.load(loadNamedThreads, [step.accountId, asked])
  if (holders.length > 0) throw new Refusal('unique_name_taken', 'The unique name is taken.')
}
