import { isUuid } from '../../domain/ids.ts'
import type { SmsStatus } from '../../domain/sms.ts'
import type { Queryable } from '../../kit/queryable.ts'

/** How a text fared, and by whom. */
export interface TextFate {
  id: string
  direction: 'in' | 'out'
  number: string | null
  /** Null where the sender asked to hide it. */
  person: string | null
  status: SmsStatus
  rank: number
  /** By name, where the account sees it. */
  carrier: string | null
  carrierMessageId: string | null
  carrierCode: string | null
  errorCode: number | null
  errorMessage: string | null
  attempts: number
  nextAttemptAt: Date | null
  validUntil: Date | null
  createdAt: Date
}

/** A text of the account; null when there is none of that id. */
export async function findTextFate(db: Queryable, accountId: string, id: string): Promise<TextFate | null> {
  if (!isUuid(id)) return null
  const [found = null] = await db.query<TextFate>(
    `select s.id, s.direction, s.number,
       case when s.settings ? 'hidesPerson' then null else s.person end as person, s.status, s.rank, coalesce(c.name, s.carrier) as carrier,
       s.carrier_message_id as "carrierMessageId", s.carrier_code as "carrierCode", s.error_code as "errorCode",
       s.error_message as "errorMessage", s.attempts, s.next_attempt_at as "nextAttemptAt",
       s.valid_until as "validUntil", s.created_at as "createdAt"
     from sms s
     left join carriers c on c.account_id = s.account_id and c.id::text = s.carrier
     where s.account_id = $1 and s.id = $2 and s.deleted_at is null`,
    [accountId, id],
  )
  return found
}
