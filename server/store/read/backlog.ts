import type { Queryable } from '../../kit/queryable.ts'

/** What waits to be carried out, of all accounts. */
export interface Backlog {
  /** Counted up to `MOST_COUNTED`. */
  texts: number
  calls: number
  /** World time since which the longest due lane waits to be worked off; null: none is due. */
  lateSince: Date | null
}

/** Counting more would cost more than it tells. */
const MOST_COUNTED = 100_000

export async function readBacklog(db: Queryable, now: Date): Promise<Backlog> {
  const [backlog] = await db.query<Backlog>(
    `select
       (select count(*)::integer from (
          select from sms where next_attempt_at is not null and apart <> 'scheduled' limit ${MOST_COUNTED}
        ) as waiting) as texts,
       (select count(*)::integer from (
          select from calls where next_attempt_at is not null limit ${MOST_COUNTED}
        ) as waiting) as calls,
       (select min(due_at) from lanes where due_at <= $1) as "lateSince"`,
    [now],
  )
  return backlog ?? { texts: 0, calls: 0, lateSince: null }
}
