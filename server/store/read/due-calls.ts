import { type Call, callColumns } from '../calls.ts'
import type { Queryable } from '../db.ts'

/**
 * Calls of a lane that are due, in order, up to `limit`. One that waits for another try holds back those of its key
 * that came after it.
 */
export function findDueCalls(
  db: Queryable,
  { accountId, lane }: { accountId: string; lane: string },
  now: Date,
  limit: number,
): Promise<Call[]> {
  return db.query<Call>(
    `select ${callColumns}
     from calls c
     where c.account_id = $1 and c.lane = $2 and c.next_attempt_at <= $3
       and not exists (
         select from calls earlier
         where earlier.account_id = $1 and earlier.lane = $2 and earlier.next_attempt_at > $3
           and earlier.order_key = c.order_key and earlier.born < c.born)
     order by c.born
     limit $4`,
    [accountId, lane, now, limit],
  )
}
