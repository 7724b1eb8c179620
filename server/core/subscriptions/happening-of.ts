import type { Happening } from '../../domain/inbox-news.ts'
import type { ThreadEvent } from '../threads/thread-events.ts'

/** What an event is to the programs of handlers; null when they see nothing of it. */
export function happeningOf(event: ThreadEvent): Happening | null {
  switch (event.kind) {
    case 'thread_opened':
      return 'opened'
    case 'thread_assigned':
      return 'assigned'
    case 'state_changed':
      return event.to === 'closed' ? 'resolved' : null
    case 'thread_deleted':
      return 'deleted'
    case 'message_added':
      return 'message_added'
    case 'message_updated':
    case 'delivery_changed':
      return 'message_changed'
    case 'message_deleted':
      return 'message_deleted'
    case 'note_changed':
      return 'noted'
    case 'thread_updated':
    case 'participant_added':
    case 'participant_updated':
    case 'participant_removed':
      return null
    default:
      return event satisfies never
  }
}
