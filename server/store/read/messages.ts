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

/** A group text counts for each of its recipients. */
const DELIVERY = `(select json_object_agg(each.status, each.count)
    from (
      select s.status, sum(coalesce(jsonb_array_length(s.settings -> 'recipientIds'), 1))::int as count
      from sms s
      where s.account_id = $1 and s.message_id = m.id and s.direction = 'out'
      group by s.status
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

export type TextOfMessage = Pick<
  Sms,
  | 'id'
  | 'status'
  | 'errorCode'
  | 'participantId'
  | 'settings'
  | 'mediaCount'
  | 'others'
  | 'createdAt'
  | 'updatedAt'
  | 'born'
>

/** The texts that carry a message, in order. */
export function listTextsOfMessage(db: Queryable, accountId: string, messageId: string): Promise<TextOfMessage[]> {
  return db.query<TextOfMessage>(
    `select s.id, s.status, s.error_code as "errorCode", s.participant_id as "participantId", s.settings,
       s.media_count as "mediaCount", s.others, s.created_at as "createdAt", s.updated_at as "updatedAt", s.born
     from sms s
     where s.account_id = $1 and s.message_id = $2 and s.direction = 'out'
     order by s.born`,
    [accountId, messageId],
  )
}
