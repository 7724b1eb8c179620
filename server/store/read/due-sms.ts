import type { Queryable } from '../db.ts'
import { type Sms, smsColumns } from '../sms.ts'

/**
 * Texts of a lane that are due, in order, up to `limit`. One that waits for another try holds back those of its pair
 * that came after it.
 */
export function findDueSms(
  db: Queryable,
  { accountId, lane }: { accountId: string; lane: string },
  now: Date,
  limit: number,
): Promise<Sms[]> {
  return db.query<Sms>(
    `select ${smsColumns}
     from sms s
     where s.account_id = $1 and s.number = $2 and s.next_attempt_at <= $3 and s.status = 'queued'
       and not exists (
         select from sms earlier
         where earlier.account_id = $1 and earlier.number = $2 and earlier.next_attempt_at > $3
           and earlier.person = s.person and earlier.status = 'queued' and earlier.born < s.born)
     order by s.born
     limit $4`,
    [accountId, lane, now, limit],
  )
}
