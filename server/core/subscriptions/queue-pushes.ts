import type { Call } from '../../domain/call.ts'
import { type InboxNews, newsOf } from '../../domain/inbox-news.ts'
import type { EventFilter, Subscription } from '../../domain/subscription.ts'
import type { Thread } from '../../domain/thread.ts'
import { type HandledQueue, loadQueues } from '../../store/queues.ts'
import { newCall } from '../calls/new-call.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { threadsOf } from '../threads/event-threads.ts'
import type { ThreadEvent } from '../threads/thread-events.ts'
import { type Envelope, filtersOn } from './envelope.ts'
import { happeningOf } from './happening-of.ts'
import { noticesFor } from './notices.ts'
import { textNewsOf } from './text-news.ts'

/** What threads' events may be told as. */
const TOPICS: EventFilter['topic'][] = ['threads', 'entries', 'texts', 'instant_texts']

/** Queues, in the act's own transaction, calls for the webhooks that are to be told of the events. */
export async function queuePushes(core: Core, step: Act, events: ThreadEvent[]): Promise<void> {
  const happened = events.filter(event => happeningOf(event) !== null)
  if (happened.length === 0) return
  const webhooks = (await liveWebhooks(step)).filter(each => TOPICS.some(topic => filtersOn(each, topic).length > 0))
  if (webhooks.length === 0) return
  const threads = await threadsOf(step, happened)
  const queues = await queuesOf(step, threads)
  const news: InboxNews[] = []
  const texts = []
  for (const event of happened) {
    const thread = threads.get('thread' in event ? event.thread.id : event.threadId)
    const queue = queues.get(thread?.queueId ?? '')
    if (!thread || !queue) continue
    news.push(...newsOfEvent(step, event, { ...thread, queueId: queue.id }))
    texts.push(...textNewsOf(event, thread, { queue, now: step.now }))
  }
  const handlers = new Map([...queues.values()].map(queue => [queue.id, new Set(queue.handlers)]))
  // An act is told whole: versions play no part.
  const all = { news, texts, grants: [], handlers, through: 0 }
  for (const webhook of webhooks) {
    const telling = { after: -1, now: step.now, origin: core.publicUrl }
    for (const { envelope } of noticesFor(webhook, all, telling)) step.addCall(pushCall(step, webhook, envelope))
  }
}

/** The webhooks that have not run out. */
export async function liveWebhooks(step: Act): Promise<Subscription[]> {
  return (await step.webhooks()).filter(({ expiresAt }) => expiresAt > step.now)
}

/** One call to a webhook. Calls of one subscription keep their order. */
export function pushCall(step: Act, subscription: Subscription, envelope: Envelope): Call {
  return newCall(step, {
    kind: 'push',
    orderKey: `push ${subscription.id}`,
    url: subscription.address ?? '',
    json: envelope,
    subscriptionId: subscription.id,
  })
}

function newsOfEvent(step: Act, event: ThreadEvent, thread: Thread & { queueId: string }): InboxNews[] {
  const what = happeningOf(event)
  if (!what) return []
  const assigneeId = event.kind === 'thread_opened' ? event.assigneeId : thread.assigneeId
  return newsOf({ what, queueId: thread.queueId, assigneeId, at: step.now, version: 0 })
}

async function queuesOf(step: Act, threads: Map<string, Thread>): Promise<Map<string, HandledQueue>> {
  const ids = new Set([...threads.values()].flatMap(({ queueId }) => queueId ?? []))
  if (ids.size === 0) return new Map()
  const rows = await step.load<HandledQueue>(loadQueues, [step.accountId, JSON.stringify([...ids])])
  return new Map(rows.map(queue => [queue.id, queue]))
}
