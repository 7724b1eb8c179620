import { Refusal } from '../../domain/refusal.ts'
import type { Message } from '../../store/messages.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { OptOuts } from '../opt-outs/opt-outs.ts'
import { Sessions } from '../sessions/sessions.ts'
import type { Act } from '../step.ts'
import { appendMessage } from '../threads/append-message.ts'
import { type LiveThread, ThreadBook } from '../threads/thread-book.ts'
import { BY_PROGRAM } from '../threads/thread-events.ts'
import { isPoolThread } from './pool-thread.ts'

/**
 * Says something more in a thread of a pool, from the number it holds; one that waits sends it with its first text.
 * Refuses `not_found`, `thread_closed` and `opted_out`.
 */
export async function sayInThread(core: Core, accountId: string, threadId: string, body: string): Promise<Message> {
  return act(core, accountId, async step => {
    const book = await ThreadBook.load(step, { ids: [threadId] })
    const live = getPoolThread(book, threadId)
    const { thread } = live
    if (thread.state === 'closed') throw new Refusal('thread_closed', 'The thread is closed for good.', { threadId })
    const pairs = book.wirePairs()
    const routes = await step.numberRoutes(pairs.map(({ number }) => number))
    if (thread.person && (await isOptedOut(step, thread.person, [thread.poolId, thread.number]))) {
      throw new Refusal('opted_out', 'The person asked not to be texted.')
    }
    const sessions = await Sessions.load(step, pairs)
    const draft = { origin: 'api' as const, author: 'system', participantId: null, body }
    const message = appendMessage({ step, book, sessions, routes }, live, draft, BY_PROGRAM)
    book.store()
    sessions.store(step)
    return message
  })
}

/** Closes a thread of a pool and gives its number back. A closed one stays as it is. Refuses `not_found`. */
export async function closePoolThread(core: Core, accountId: string, threadId: string): Promise<void> {
  await act(core, accountId, async step => {
    const book = await ThreadBook.load(step, { ids: [threadId] })
    const live = getPoolThread(book, threadId)
    await book.lookUp(book.wirePairs())
    book.close(live, 'api', BY_PROGRAM)
    book.store()
  })
}

function getPoolThread(book: ThreadBook, threadId: string): LiveThread {
  const live = book.find(threadId)
  if (live && isPoolThread(live.thread) && !live.thread.deletedAt) return live
  throw new Refusal('not_found', `There is no thread ${threadId}.`)
}

async function isOptedOut(step: Act, person: string, scopes: (string | null)[]): Promise<boolean> {
  const asked = scopes.flatMap(scope => (scope === null ? [] : [{ scope, person }]))
  const optOuts = await OptOuts.load(step, asked)
  return asked.some(scope => optOuts.isBlocked(scope))
}
