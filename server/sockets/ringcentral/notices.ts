import { changedBody, type Envelope, envelopeOf, filtersOn } from '../../core/subscriptions/envelope.ts'
import { concerns } from '../../core/subscriptions/queue-pushes.ts'
import { grantBody } from '../../core/subscriptions/tell-grants.ts'
import type { InboxNews } from '../../domain/inbox-news.ts'
import { newsOf } from '../../domain/inbox-news.ts'
import type { EventFilter, Subscription } from '../../domain/subscription.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { findHandlersOf, listGrantChanges, listInboxChanges } from '../../store/read/inbox-news.ts'

/** What happened in a stretch of an account's versions, for all its subscribers. */
export interface Notices {
  /** By version. */
  news: InboxNews[]
  grants: { userId: string; version: number }[]
  /** Who handles the queues of the news. */
  handlers: ReadonlyMap<string, ReadonlySet<string>>
  /** Up to which version it is told: less than was asked when there is more. */
  through: number
}

/** What one subscriber is told. */
export interface Notice {
  envelope: Envelope
  version: number
}

/** Rows read at a time. */
const MAX_ROWS = 2000

/** Reads once what all subscribers of an account are told, or the first part of it. */
export async function readNotices(
  db: Queryable,
  { accountId, since, through }: { accountId: string; since: number; through: number },
): Promise<Notices> {
  const asked = { since, through, limit: MAX_ROWS }
  const [changes, grants] = await Promise.all([
    listInboxChanges(db, accountId, asked),
    listGrantChanges(db, accountId, asked),
  ])
  const news = changes.flatMap(newsOf)
  const handlers = await findHandlersOf(db, accountId, [...new Set(news.map(each => each.queueId))])
  const ends = [changes, grants].flatMap(rows => (rows.length === MAX_ROWS ? (rows.at(-1)?.version ?? []) : []))
  return { news, grants, handlers, through: Math.min(through, ...ends) }
}

/**
 * What a subscription is told of it, of what came after a version. What reads the same is told once. Who has read the last
 * of it knows all of it.
 */
export function noticesFor(
  subscription: Subscription,
  { news, grants, handlers, through }: Notices,
  { after, now }: { after: number; now: Date },
): Notice[] {
  const found: Notice[] = []
  const told = new Set<string>()
  const tell = (filter: EventFilter, body: object, version: number) => {
    const key = `${filter.text} ${JSON.stringify(body)}`
    if (version <= after || version > through || told.has(key)) return
    told.add(key)
    found.push({ envelope: envelopeOf(subscription, filter, body, now), version })
  }
  for (const each of news) {
    if (!concerns(subscription, each, handlers)) continue
    for (const filter of filtersOn(subscription, each.topic)) tell(filter, changedBody(each.at), each.version)
  }
  for (const { userId, version } of grants) {
    if (userId !== subscription.userId) continue
    for (const filter of filtersOn(subscription, 'grants')) tell(filter, grantBody(subscription), version)
  }
  found.sort((a, b) => a.version - b.version)
  const last = found.at(-1)
  if (last) last.version = through
  return found
}
