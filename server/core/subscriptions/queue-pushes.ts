import type { Call } from '../../domain/call.ts'
import { newId } from '../../domain/ids.ts'
import { type InboxChange, type InboxNews, newsOf } from '../../domain/inbox-news.ts'
import { ACCOUNT_LANE } from '../../domain/lane.ts'
import type { Subscription } from '../../domain/subscription.ts'
import type { Thread } from '../../domain/thread.ts'
import { type HandledQueue, loadQueues } from '../../store/queues.ts'
import { loadThreads } from '../../store/threads.ts'
import type { Act } from '../step.ts'
import type { ThreadEvent } from '../threads/thread-events.ts'
import { changedBody, type Envelope, envelopeOf, filtersOn } from './envelope.ts'
import { happeningOf } from './happening-of.ts'

/**
 * Queues, in the act's own transaction, a call for each webhook that is to be told of the events. What reads the same
 * is told once, however much of it an act brought about.
 */
export async function queuePushes(step: Act, events: ThreadEvent[]): Promise<void> {
  const happened = events.filter(event => happeningOf(event) !== null)
  if (happened.length === 0) return
  const webhooks = await liveWebhooks(step)
  const isTold = webhooks.some(each => filtersOn(each, 'threads').length + filtersOn(each, 'entries').length > 0)
  if (!isTold) return
  const news = (await changesOf(step, happened)).flatMap(newsOf)
  if (news.length === 0) return
  const handlers = await handlersOf(step, news)
  for (const webhook of webhooks) {
    const mine = news.filter(each => concerns(webhook, each, handlers))
    for (const topic of ['threads', 'entries'] as const) {
      if (!mine.some(each => each.topic === topic)) continue
      for (const filter of filtersOn(webhook, topic)) {
        step.addCall(pushCall(step, webhook, envelopeOf(webhook, filter, changedBody(step.now), step.now)))
      }
    }
  }
}

/** The webhooks that have not run out. */
export async function liveWebhooks(step: Act): Promise<Subscription[]> {
  return (await step.webhooks()).filter(({ expiresAt }) => expiresAt > step.now)
}

/** Whether a user's program is told of it: the user handles the queue, and it is for all handlers or for that one. */
export function concerns(
  { userId }: Subscription,
  news: InboxNews,
  handlers: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  return (news.userId === null || news.userId === userId) && (handlers.get(news.queueId)?.has(userId) ?? false)
}

/** One call to a webhook. Calls of one subscription keep their order. */
export function pushCall(step: Act, subscription: Subscription, envelope: Envelope): Call {
  const version = step.tick()
  return {
    id: newId(step.now.getTime()),
    kind: 'push',
    lane: ACCOUNT_LANE,
    orderKey: `push ${subscription.id}`,
    smsId: null,
    threadId: null,
    number: null,
    person: null,
    url: subscription.address ?? '',
    method: 'POST',
    fallbackUrl: null,
    fallbackMethod: null,
    parameters: [],
    json: envelope,
    subscriptionId: subscription.id,
    sessionStartedAt: null,
    arrivedAt: step.now,
    attempts: 0,
    nextAttemptAt: step.now,
    version,
    born: version,
  }
}

async function changesOf(step: Act, events: ThreadEvent[]): Promise<InboxChange[]> {
  const threads = await threadsOf(step, events)
  return events.flatMap(event => {
    const what = happeningOf(event)
    const thread = threads.get('thread' in event ? event.thread.id : event.threadId)
    if (!what || !thread?.queueId) return []
    // A thread that is assigned later in the act is told of as such.
    const assigneeId = event.kind === 'thread_opened' ? event.assigneeId : thread.assigneeId
    return [{ what, queueId: thread.queueId, assigneeId, at: step.now, version: 0 }]
  })
}

/** The threads of the events; those of deliveries are read. */
async function threadsOf(step: Act, events: ThreadEvent[]): Promise<Map<string, Thread>> {
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

async function handlersOf(step: Act, news: InboxNews[]): Promise<Map<string, Set<string>>> {
  const ids = [...new Set(news.map(each => each.queueId))]
  const rows = await step.load<HandledQueue>(loadQueues, [step.accountId, JSON.stringify(ids)])
  return new Map(rows.map(queue => [queue.id, new Set(queue.handlers)]))
}
