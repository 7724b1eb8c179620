import type { Call } from '../../domain/call.ts'
import type { Due } from '../../kit/drain.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { callColumns } from '../calls.ts'

/** With more than this waiting for another try, each row is looked up in its turn. */
export const MAX_HELD_KEYS = 1000

interface LaneAsked {
  accountId: string
  lane: string
}

/**
 * Calls of a lane that are due, in order, up to `limit`. One that waits for another try holds back those of its key
 * that came after it; which keys so wait is told too, unless there is more due than was asked for.
 */
export async function findDueCalls(db: Queryable, asked: LaneAsked, now: Date, limit: number): Promise<Due<Call>> {
  const rows = await db.query<Call>(
    `select ${callColumns}
     from calls c
     where c.account_id = $1 and c.lane = $2 and c.next_attempt_at is not null and not ${isHeld('c')}
       and not exists (
         select from calls earlier
         where earlier.account_id = $1 and earlier.lane = $2 and ${isHeld('earlier')}
           and earlier.order_key = c.order_key and earlier.born < c.born)
     order by c.born
     limit $4`,
    [asked.accountId, asked.lane, now, limit],
  )
  return { rows, heldKeys: rows.length === limit ? [] : await findHeldKeys(db, asked, now) }
}

/** Only what was tried waits for its time. What was never tried is due, whatever the clock of the node said that queued it. */
function isHeld(call: string): string {
  return `(${call}.attempts > 0 and ${call}.next_attempt_at > $3)`
}

async function findHeldKeys(db: Queryable, { accountId, lane }: LaneAsked, now: Date): Promise<string[] | null> {
  const held = await db.query<{ key: string }>(
    `select c.order_key as key
     from calls c
     where c.account_id = $1 and c.lane = $2 and ${isHeld('c')}
     limit $4`,
    [accountId, lane, now, MAX_HELD_KEYS + 1],
  )
  return held.length > MAX_HELD_KEYS ? null : held.map(row => row.key)
}
