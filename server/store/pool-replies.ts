/** What an answer in a thread of a pool is joined with: the question before it, and the conversation it goes on to. */

/** Our last message in a thread, and the text that carried it to the person. */
export interface LastQuestion {
  threadId: string
  messageId: string
  body: string | null
  /** Null while no text of it is known. */
  smsId: string | null
  number: string | null
}

/** Our last messages: `$1` account, `$2` JSON array of thread ids. */
export const loadLastQuestions = `select asked.id as "threadId", m.id as "messageId", m.body, s.id as "smsId", s.number
  from json_array_elements_text($2::json) as asked(id)
  cross join lateral (
    select q.id, q.body
    from messages q
    where q.account_id = $1 and q.thread_id = asked.id::uuid and q.origin <> 'sms' and q.deleted_at is null
    order by q.index desc
    limit 1
  ) as m
  left join lateral (
    select t.id, t.number
    from sms t
    where t.account_id = $1 and t.message_id = m.id and t.direction = 'out'
    order by t.born
    limit 1
  ) as s on true`

/** Open conversations that rooms name: `$1` account, `$2` JSON array of `{ room, id, serviceId }`; `id` where the room is a SID. */
export const loadRooms = `select asked.room, t.id
  from json_to_recordset($2::json) as asked(room text, id uuid, "serviceId" uuid)
  join threads t on t.account_id = $1
    and (t.id = asked.id or t.service_id = asked."serviceId" and t.unique_name = asked.room and t.deleted_at is null)
  where t.state <> 'closed' and t.deleted_at is null`
