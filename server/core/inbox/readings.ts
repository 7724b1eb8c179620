import { Refusal } from '../../domain/refusal.ts'
import { loadReading, putReading, type Reading } from '../../store/reads.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { loadHandled } from './handled-thread.ts'

/**
 * Notes up to which message a handler has read a thread, or with null that he has read nothing. It may go back: what comes
 * after is unread again. Refuses `not_found` and `not_handler`. Gives the index noted, -1 for nothing.
 */
export async function markRead(
  core: Core,
  accountId: string,
  { threadId, userId, index }: { threadId: string; userId: string; index: number | null },
): Promise<number> {
  return act(core, accountId, async step => {
    const { live } = await loadHandled(step, threadId, userId)
    if (live.thread.deletedAt) throw new Refusal('not_found', `There is no thread ${threadId}.`)
    const readIndex = Math.min(index ?? -1, live.thread.nextIndex - 1)
    noteRead(step, { threadId, userId, readIndex })
    return readIndex
  })
}

/** A handler has read a thread up to a message: one who answers has. */
export function noteRead(step: Act, read: Pick<Reading, 'threadId' | 'userId' | 'readIndex'>): void {
  step.changes.add(putReading, { ...read, flipped: [], updatedAt: step.now, version: step.tick() })
}

/** Notes that a handler has read one message, or has not, whatever he read of the others. */
export async function noteOneRead(
  step: Act,
  { threadId, userId, index, isRead }: { threadId: string; userId: string; index: number; isRead: boolean },
): Promise<void> {
  const [known] = await step.load<Reading>(loadReading, [step.accountId, userId, threadId])
  const reading = known ?? { threadId, userId, readIndex: -1, flipped: [], updatedAt: step.now, version: 0 }
  if (hasRead(reading, index) === isRead) return
  const flipped = reading.flipped.includes(index)
    ? reading.flipped.filter(each => each !== index)
    : [...reading.flipped, index]
  step.changes.add(putReading, { ...reading, flipped, updatedAt: step.now, version: step.tick() })
}

function hasRead({ readIndex, flipped }: Reading, index: number): boolean {
  return index <= readIndex !== flipped.includes(index)
}
