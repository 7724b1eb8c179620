/**
 * What persons texted groups lately, oldest first: `$1` account, `$2` JSON array of `{ threadId, person }`, `$3` since
 * when.
 */
export const loadGroupCopies = `select s.person, s.number, s.others, s.body, s.media_count as "mediaCount",
    s.thread_id as "threadId", s.message_id as "messageId"
  from json_to_recordset($2::json) as asked("threadId" uuid, person text)
  join sms s
    on s.account_id = $1 and s.person = asked.person and s.direction = 'in' and s.listed_at >= $3
      and s.thread_id = asked."threadId" and s.message_id is not null and s.deleted_at is null
  order by s.born`
