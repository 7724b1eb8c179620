import type { ThreadState } from '../../domain/thread.ts'
import type { Queryable } from '../../kit/queryable.ts'

/** A thread of a pool, as its opener sees it. */
export interface PoolThreadRecord {
  id: string
  state: ThreadState
  room: string | null
  poolId: string
  pool: string
  person: string
  number: string | null
  settings: Record<string, unknown> | null
  activeAt: Date
  closesAfterMs: number | null
  expiresAt: Date | null
  createdAt: Date
  closedAt: Date | null
  closedReason: string | null
  messages: number
  born: number
}

export interface PoolThreadFilter {
  accountId: string
  room?: string | undefined
  person?: string | undefined
  /** Any of these. */
  states?: ThreadState[] | undefined
  poolId?: string | undefined
  before?: number | undefined
  limit: number
}

const COLUMNS = `t.id, t.state, t.room, t.pool_id as "poolId", p.name as pool, t.person, t.number, t.settings,
  t.active_at as "activeAt", t.closes_after_ms as "closesAfterMs", t.expires_at as "expiresAt",
  t.created_at as "createdAt", t.closed_at as "closedAt", t.closed_reason as "closedReason",
  t.next_index as messages, t.born`
const FROM = `from threads t
  join pools p on p.account_id = $1 and p.id = t.pool_id
  where t.account_id = $1 and t.pool_id is not null and t.person is not null and t.deleted_at is null`

/** Threads of pools, newest first. */
export function listPoolThreads(db: Queryable, filter: PoolThreadFilter): Promise<PoolThreadRecord[]> {
  const values: unknown[] = [filter.accountId, filter.before ?? Number.MAX_SAFE_INTEGER, filter.limit]
  // Only what is asked stands in the statement, so that each question finds its index.
  const and = (condition: string, value: unknown) =>
    value === undefined ? '' : `and ${condition.replace('?', `$${values.push(value)}`)}`
  return db.query<PoolThreadRecord>(
    `select ${COLUMNS} ${FROM} and t.born < $2
       ${and('t.room = ?', filter.room)}
       ${and('t.person = ?', filter.person)}
       ${and('t.pool_id = ?', filter.poolId)}
       ${and('t.state = any(?)', filter.states)}
     order by t.born desc
     limit $3`,
    values,
  )
}

export async function findPoolThread(db: Queryable, accountId: string, id: string): Promise<PoolThreadRecord | null> {
  const rows = await db.query<PoolThreadRecord>(`select ${COLUMNS} ${FROM} and t.id = $2`, [accountId, id])
  return rows[0] ?? null
}

/** What was said in a thread. */
export interface PoolMessageRecord {
  id: string
  index: number
  origin: 'sms' | 'api' | 'chat'
  author: string
  body: string | null
  media: { id: string; contentType: string; fileName: string | null; size: number }[] | null
  smsId: string | null
  replyToId: string | null
  isLate: boolean
  createdAt: Date
}

/** A thread's messages, oldest first, up to `limit`. */
export function listPoolMessages(
  db: Queryable,
  asked: { accountId: string; threadId: string; limit: number },
): Promise<PoolMessageRecord[]> {
  return db.query<PoolMessageRecord>(
    `select m.id, m.index, m.origin, m.author, m.body, m.media, m.sms_id as "smsId", m.reply_to_id as "replyToId",
       m.is_late as "isLate", m.created_at as "createdAt"
     from messages m
     where m.account_id = $1 and m.thread_id = $2 and m.deleted_at is null
     order by m.index
     limit $3`,
    [asked.accountId, asked.threadId, asked.limit],
  )
}
