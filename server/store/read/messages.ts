import type { Sms } from '../../domain/sms.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { type Message, messageColumns } from '../messages.ts'
import { bornRange, type ListRange } from './list-range.ts'

export type { Message } from '../messages.ts'

/** How far the texts of a message have come: how many recipients are at each status. */
export type DeliveryCounts = Partial<Record<Sms['status'], number>>

export interface MessageRecord extends Message {
  delivery: DeliveryCounts | null
}

/** The recipients of texts s, one row each; of a group text some may have a status of their own. */
const RECIPIENTS = `left join lateral (
      select each.id::uuid as id, each.at
      from jsonb_array_elements_text(s.settings -> 'recipientIds') with ordinality as each(id, at)
    ) as member on true
    left join sms_recipients r on r.account_id = $1 and r.sms_id = s.id and r.participant_id = member.id`

const DELIVERY = `(select json_object_agg(each.status, each.count)
    from (
      select coalesce(r.status, s.status) as status, count(*)::int as count
      from sms s ${RECIPIENTS}
      where s.account_id = $1 and s.message_id = m.id and s.direction = 'out'
      group by 1
    ) as each
  ) as delivery`

/** The messages of a thread that are not deleted, by index; the key is `[index]`. */
export function listMessages(
  db: Queryable,
  accountId: string,
  threadId: string,
  range: ListRange,
  direction: 'asc' | 'desc',
): Promise<MessageRecord[]> {
  const { below, above, order, limit, offset } = bornRange(range, direction)
  return db.query<MessageRecord>(
    `with page as (
       select m.id
       from messages m
       where m.account_id = $1
         and m.thread_id = $2
         and m.deleted_at is null
         and m.index < $3
         and m.index > $4
       order by m.index ${order}
       limit $5 offset $6
     )
     select ${messageColumns}, ${DELIVERY}
     from page
     join messages m on m.account_id = $1 and m.id = page.id
     order by m.index ${order}`,
    [accountId, threadId, Math.min(below, MAX_INDEX), above, limit, offset],
  )
}

/** The largest value of an SQL integer. */
const MAX_INDEX = 2_147_483_647

export async function findMessage(
  db: Queryable,
  accountId: string,
  threadId: string,
  id: string,
): Promise<MessageRecord | null> {
  const rows = await db.query<MessageRecord>(
    `select ${messageColumns}, ${DELIVERY}
     from messages m
     where m.account_id = $1
       and m.id = $2
       and m.thread_id = $3
       and m.deleted_at is null`,
    [accountId, id, threadId],
  )
  return rows[0] ?? null
}

/** How a text that carries a message fared, as far as one recipient is concerned. */
export interface Delivery
  extends Pick<Sms, 'id' | 'status' | 'errorCode' | 'mediaCount' | 'others' | 'createdAt' | 'updatedAt'> {
  participantId: string
  /** One of several recipients of the same text. */
  isOfGroup: boolean
}

/** The deliveries of a message, by text and recipient, in order. */
export function listDeliveries(db: Queryable, accountId: string, messageId: string): Promise<Delivery[]> {
  return db.query<Delivery>(
    `select s.id, coalesce(r.status, s.status) as status,
       case when r.status is null then s.error_code else r.error_code end as "errorCode",
       coalesce(member.id, s.participant_id) as "participantId", member.id is not null as "isOfGroup",
       s.media_count as "mediaCount", s.others, s.created_at as "createdAt",
       greatest(s.updated_at, r.updated_at) as "updatedAt"
     from sms s ${RECIPIENTS}
     where s.account_id = $1 and s.message_id = $2 and s.direction = 'out'
       and coalesce(member.id, s.participant_id) is not null
     order by s.born, member.at`,
    [accountId, messageId],
  )
}
