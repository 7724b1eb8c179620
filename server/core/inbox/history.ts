import { newId } from '../../domain/ids.ts'
import type { Thread } from '../../domain/thread.ts'
import { type Hint, insertHint } from '../../store/hints.ts'
import { bumpMessage, hideMessages } from '../../store/queue-messages.ts'
import type { Act } from '../step.ts'
import type { ThreadEvent } from '../threads/thread-events.ts'

/**
 * Writes what handlers are to learn of an act beyond the rows it wrote: lines of the threads' history, a new version for
 * each message whose delivery moved on, and of deleted threads that their messages are gone.
 */
export function writeHistory(step: Act, events: ThreadEvent[]): void {
  const moved = new Set<string>()
  for (const event of events) {
    if (event.kind === 'delivery_changed') {
      if (event.sms.messageId) moved.add(event.sms.messageId)
    } else if ('thread' in event && event.thread.queueId) {
      for (const line of linesOf(event)) step.changes.add(insertHint, hint(step, event.thread, line))
      if (event.kind === 'thread_deleted') {
        step.changes.add(hideMessages, { threadId: event.thread.id, deletedAt: event.thread.deletedAt })
      }
    }
  }
  for (const id of moved) step.changes.add(bumpMessage, { id, version: step.tick() })
}

type Line = Pick<Hint, 'kind' | 'initiatorId' | 'assigneeId' | 'previousId'>

function linesOf(event: Extract<ThreadEvent, { thread: Thread }>): Line[] {
  const initiatorId = event.cause.userId
  switch (event.kind) {
    case 'thread_opened': {
      const { assigneeId } = event
      const created: Line = { kind: 'created', initiatorId, assigneeId: null, previousId: null }
      if (!assigneeId) return [created]
      return [created, { kind: 'assigned', initiatorId, assigneeId, previousId: null }]
    }
    case 'thread_assigned':
      return [{ kind: 'assigned', initiatorId, assigneeId: event.to, previousId: event.from }]
    case 'state_changed':
      if (event.to !== 'closed') return []
      return [{ kind: 'resolved', initiatorId, assigneeId: null, previousId: event.formerAssigneeId }]
    case 'thread_deleted':
      return [{ kind: 'deleted', initiatorId, assigneeId: null, previousId: event.formerAssigneeId }]
    default:
      return []
  }
}

/** The line of a thread that comes to its queue after it was opened. */
export function writeJoined(step: Act, thread: Thread): void {
  const line: Line = { kind: 'created', initiatorId: null, assigneeId: null, previousId: null }
  step.changes.add(insertHint, hint(step, thread, line))
}

function hint(step: Act, thread: Thread, line: Line): Hint {
  return {
    ...line,
    id: newId(step.now.getTime()),
    threadId: thread.id,
    queueId: thread.queueId ?? '',
    at: step.now,
    version: step.tick(),
  }
}
