import type { QueueOwner } from '../../store/numbers.ts'
import type { Participant } from '../../store/participants.ts'
import type { Pair } from '../sessions/sessions.ts'
import type { Act } from '../step.ts'
import type { LiveThread, ThreadBook } from '../threads/thread-book.ts'
import type { Cause } from '../threads/thread-events.ts'
import { writeJoined } from './history.ts'

/**
 * Opens a thread of a queue for a pair that no thread holds; the pair was looked up in the book. It has no assignee
 * unless a handler starts it. Source: RingCentral, message threads, "Message thread lifecycle".
 */
export function openQueueThread(
  book: ThreadBook,
  owner: QueueOwner,
  { person, number }: Pair,
  assigneeId: string | null,
  cause: Cause,
): { live: LiveThread; participant: Participant } {
  const live = book.open(
    {
      serviceId: owner.serviceId,
      queueId: owner.id,
      person,
      number,
      assigneeId,
      closesAfterMs: owner.closesAfterMs,
      createdBy: 'system',
    },
    cause,
  )
  return { live, participant: book.addParticipant(live, { kind: 'sms', person, number }, cause) }
}

/**
 * Makes a thread the queue's whose number its only pair has, whoever opened it: call it when a thread without an owner
 * gets its first pair. What was said in it before stays out of the queue's lists.
 */
export function giveToQueue(
  step: Act,
  book: ThreadBook,
  live: LiveThread,
  owner: QueueOwner,
  { person, number }: Pair,
): void {
  const { thread } = live
  if (thread.queueId || thread.poolId) return
  thread.queueId = owner.id
  thread.person = person
  thread.number = number
  thread.closesAfterMs ??= owner.closesAfterMs
  book.touch(thread)
  book.restartTimers(thread)
  // One that this act opens is told of anyway.
  if (!book.isNew(live)) writeJoined(step, thread)
}
