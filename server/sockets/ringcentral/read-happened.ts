import type { Happened } from '../../core/subscriptions/notices.ts'
import { newsOf } from '../../domain/inbox-news.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { findHandlersOf, listGrantChanges, listInboxChanges, listTextNews } from '../../store/read/inbox-news.ts'

/** Rows read at a time. */
const MAX_ROWS = 2000

export interface HappenedAsked {
  accountId: string
  since: number
  through: number
  /** Whether anybody is told of single texts. */
  withTexts: boolean
}

/** Reads what happened in a stretch of an account's versions, or the first part of it: `through` tells. */
export async function readHappened(db: Queryable, asked: HappenedAsked, maxRows = MAX_ROWS): Promise<Happened> {
  const { accountId, since, withTexts } = asked
  const range = { since, through: asked.through, limit: maxRows }
  const [changes, grants, texts] = await Promise.all([
    listInboxChanges(db, accountId, range),
    listGrantChanges(db, accountId, range),
    withTexts ? listTextNews(db, accountId, range) : [],
  ])
  const ends = [changes, grants, texts].flatMap(rows => (rows.length === maxRows ? (rows.at(-1)?.version ?? []) : []))
  const through = Math.min(asked.through, ...ends)
  // What came in the part and changed after it is new in the part, and was read as if it had come later.
  if (through < asked.through) return readHappened(db, { ...asked, through }, maxRows)
  const queueIds = new Set([...changes, ...texts].map(each => each.queueId))
  const handlers = await findHandlersOf(db, accountId, [...queueIds])
  return { news: changes.flatMap(newsOf), texts, grants, handlers, through }
}
