import { newId } from '../../domain/ids.ts'
import type { EventFilter, Subscription } from '../../domain/subscription.ts'
import { formatIsoMilliseconds } from '../../domain/wire-time.ts'

/** What a subscription is told, as it goes out by every transport. Source: RingCentral, "Notifications". */
export interface Envelope {
  uuid: string
  event: string
  timestamp: string
  subscriptionId: string
  ownerId: string
  body: unknown
}

/** One notification. `now` is world time. */
export function envelopeOf(subscription: Subscription, filter: EventFilter, body: unknown, now: Date): Envelope {
  return {
    uuid: newId(now.getTime()),
    event: filter.text,
    timestamp: formatIsoMilliseconds(now),
    subscriptionId: subscription.id,
    ownerId: String(subscription.extensionId),
    body,
  }
}

/** What is told of threads and of what is in them: that something changed, and when. */
export function changedBody(at: Date): { lastModifiedTime: string } {
  return { lastModifiedTime: formatIsoMilliseconds(at) }
}

/** The filters of a topic that tell something, each text once. */
export function filtersOn(subscription: Subscription, topic: EventFilter['topic']): EventFilter[] {
  const found = new Map<string, EventFilter>()
  for (const filter of subscription.filters) {
    if (filter.topic === topic && !filter.lacks) found.set(filter.text, filter)
  }
  return [...found.values()]
}
