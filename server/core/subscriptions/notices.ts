import type { InboxNews, TextNews } from '../../domain/inbox-news.ts'
import type { EventFilter, Subscription } from '../../domain/subscription.ts'
import { changedBody, type Envelope, envelopeOf, filtersOn } from './envelope.ts'
import { instantBody, storeBody } from './text-bodies.ts'

/** Something that happened in an account, for all its subscriptions alike. */
export interface Happened {
  news: InboxNews[]
  texts: TextNews[]
  /** Users who handle other queues now. */
  grants: { userId: string; version: number }[]
  /** Who handles the queues of the news and texts. */
  handlers: ReadonlyMap<string, ReadonlySet<string>>
  /** Up to which version it is all that happened. */
  through: number
}

/** What one subscription is told. */
export interface Notice {
  envelope: Envelope
  /** Who has read the series so far knows all that happened up to this version. */
  version: number
}

export interface Telling {
  /** The version that the subscription knows: what came later is told. */
  after: number
  now: Date
  /** Where absolute URLs begin. */
  origin: string
}

/** What a subscription is told of what happened, by version. What reads the same is told once. */
export function noticesFor(subscription: Subscription, happened: Happened, telling: Telling): Notice[] {
  const { after, now, origin } = telling
  const { news, texts, grants, handlers, through } = happened
  const found: Notice[] = []
  const told = new Set<string>()
  const handles = (queueId: string) => handlers.get(queueId)?.has(subscription.userId) ?? false
  const isNews = ({ version }: { version: number }) => version > after && version <= through

  function tell(filter: EventFilter, body: object, version: number): void {
    const key = `${filter.text} ${JSON.stringify(body)}`
    if (told.has(key)) return
    told.add(key)
    found.push({ envelope: envelopeOf(subscription, filter, body, now), version })
  }

  for (const each of news.filter(isNews)) {
    const isMine = each.userId === null || each.userId === subscription.userId
    if (!isMine || !handles(each.queueId)) continue
    for (const filter of filtersOn(subscription, each.topic)) tell(filter, changedBody(each.at), each.version)
  }
  const mine = texts.filter(text => isNews(text) && handles(text.queueId))
  for (const filter of filtersOn(subscription, 'texts')) {
    const body = storeBody(filter, subscription, mine, now)
    if (body) tell(filter, body, Math.min(...mine.map(({ version }) => version)))
  }
  for (const text of mine) {
    if (!text.isNew || text.isDeleted || !text.isInbound) continue
    for (const filter of filtersOn(subscription, 'instant_texts')) {
      tell(filter, instantBody(filter, subscription, text, origin), text.version)
    }
  }
  for (const { userId, version } of grants.filter(isNews)) {
    if (userId !== subscription.userId) continue
    for (const filter of filtersOn(subscription, 'grants')) tell(filter, grantBody(subscription), version)
  }
  return inOrder(found, through)
}

/**
 * Orders notices by the first version that each tells of. A connection may break after any of them: each vouches only for
 * what lies before all that follow.
 */
function inOrder(found: Notice[], through: number): Notice[] {
  found.sort((a, b) => a.version - b.version)
  return found.map(({ envelope }, at) => ({ envelope, version: (found[at + 1]?.version ?? through + 1) - 1 }))
}

/** What is told of grants: whose changed. */
function grantBody({ extensionId }: Subscription): { extensionId: string } {
  return { extensionId: String(extensionId) }
}

/** Whether a subscription is told of texts one by one, which costs reading them. */
export function wantsTexts(subscription: Subscription): boolean {
  return filtersOn(subscription, 'texts').length + filtersOn(subscription, 'instant_texts').length > 0
}
