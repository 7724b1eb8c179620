import type { Thread } from '../../domain/thread.ts'
import { loadThreads } from '../../store/threads.ts'
import type { Act } from '../step.ts'
import type { ThreadEvent, UserEvent } from './thread-events.ts'

/** The threads of the events by id; those of deliveries are read, so ask only when somebody may be told. */
export async function threadsOf(step: Act, events: (ThreadEvent | UserEvent)[]): Promise<Map<string, Thread>> {
  const threads = new Map<string, Thread>()
  for (const event of events) if ('thread' in event) threads.set(event.thread.id, event.thread)
  const missing = events.flatMap(event =>
    event.kind === 'delivery_changed' && !threads.has(event.threadId) ? [event.threadId] : [],
  )
  if (missing.length === 0) return threads
  const rows = await step.load<Thread>(loadThreads, [step.accountId, JSON.stringify([...new Set(missing)])])
  for (const row of rows) threads.set(row.id, row)
  return threads
}
