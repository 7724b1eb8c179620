import type { Queryable } from '../../kit/queryable.ts'

export interface SmsOfCarrierId {
  carrierMessageId: string
  id: string
  mediaCount: number
  others: string[] | null
}

/** An account's texts by its carrier's ids. */
export function findSmsByCarrierIds(
  db: Queryable,
  accountId: string,
  carrier: string,
  carrierMessageIds: string[],
): Promise<SmsOfCarrierId[]> {
  return db.query<SmsOfCarrierId>(
    `select c.carrier_message_id as "carrierMessageId", s.id, s.media_count as "mediaCount", s.others
     from unnest($3::text[]) as asked(id)
     join carrier_texts c on c.account_id = $1 and c.carrier = $2 and c.carrier_message_id = asked.id
     join sms s on s.account_id = $1 and s.id = c.sms_id`,
    [accountId, carrier, carrierMessageIds],
  )
}
