import type { Sms } from '../../domain/sms.ts'
import type { Due } from '../../kit/drain.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { smsColumns } from '../sms.ts'
import { MAX_HELD_KEYS } from './due-calls.ts'

interface LaneAsked {
  accountId: string
  lane: string
}

/**
 * Texts of a lane that are due, in order, up to `limit`. One that waits for another try holds back those of its pair
 * that came after it; whose texts so wait is told too, unless there is more due than was asked for.
 */
export async function findDueSms(db: Queryable, asked: LaneAsked, now: Date, limit: number): Promise<Due<Sms>> {
  const rows = await db.query<Sms>(
    `select ${smsColumns}
     from sms s
     where s.account_id = $1 and s.number = $2 and s.next_attempt_at <= $3 and s.status = 'queued'
       and not exists (
         select from sms earlier
         where earlier.account_id = $1 and earlier.number = $2 and earlier.next_attempt_at > $3
           and earlier.person = s.person and earlier.status = 'queued' and earlier.born < s.born)
     order by s.born
     limit $4`,
    [asked.accountId, asked.lane, now, limit],
  )
  return { rows, heldKeys: rows.length === limit ? [] : await findHeldPersons(db, asked, now) }
}

async function findHeldPersons(db: Queryable, { accountId, lane }: LaneAsked, now: Date): Promise<string[] | null> {
  const held = await db.query<{ person: string }>(
    `select s.person
     from sms s
     where s.account_id = $1 and s.number = $2 and s.next_attempt_at > $3 and s.status = 'queued'
     limit $4`,
    [accountId, lane, now, MAX_HELD_KEYS + 1],
  )
  return held.length > MAX_HELD_KEYS ? null : held.map(row => row.person)
}
