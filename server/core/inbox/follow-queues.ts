import type { Thread } from '../../domain/thread.ts'
import { loadPreviousThreads } from '../../store/queues.ts'
import type { Act } from '../step.ts'
import type { ThreadEvent } from '../threads/thread-events.ts'
import { giveOut, type Newcomer } from './give-out.ts'

/**
 * Does for threads that come to a queue what the queue is set to, whoever opened them: links each to the one before it,
 * and gives those without an assignee to handlers on duty. Adds the events of that. The threads' rows are written by
 * this act anyway.
 */
export async function followQueues(step: Act, events: ThreadEvent[]): Promise<void> {
  const threads = new Set(events.flatMap(event => newcomerOf(event) ?? []))
  if (threads.size === 0) return
  const routes = await step.numberRoutes([...threads].flatMap(thread => thread.number ?? []))
  const newcomers = [...threads].flatMap(thread => {
    const owner = routes.get(thread.number ?? '')?.owner
    return owner && owner.id === thread.queueId ? [{ thread, owner }] : []
  })
  await linkPrevious(step, newcomers)
  await giveOut(step, newcomers, events)
}

/** A thread is its queue's from the act on in which the pair that makes it so joins. */
function newcomerOf(event: ThreadEvent): Thread | null {
  if (event.kind !== 'participant_added') return null
  const { thread, participant } = event
  const isOwnerPair =
    participant.kind === 'sms' && participant.person === thread.person && participant.number === thread.number
  return thread.queueId && isOwnerPair && thread.state !== 'closed' && !thread.deletedAt ? thread : null
}

async function linkPrevious(step: Act, newcomers: Newcomer[]): Promise<void> {
  const linked = newcomers.filter(({ thread, owner }) => owner.linksPrevious && thread.previousThreadId === null)
  if (linked.length === 0) return
  const asked = linked.map(({ thread: { id, person, number, queueId } }) => ({ id, person, number, queueId }))
  const rows = await step.load<{ id: string; previousId: string | null }>(loadPreviousThreads, [
    step.accountId,
    JSON.stringify(asked),
  ])
  const previous = new Map(rows.map(row => [row.id, row.previousId]))
  for (const { thread } of linked) thread.previousThreadId = previous.get(thread.id) ?? null
}
