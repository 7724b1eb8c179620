/** How many texts wait on senders, counted no further than `$3`: `$1` account, `$2` JSON array of senders. */
export const countQueued = `select asked.number, waiting.queued
  from json_array_elements_text($2::json) as asked(number)
  cross join lateral (
    select count(*)::integer as queued
    from (
      select
      from sms s
      where s.account_id = $1 and s.number = asked.number and s.next_attempt_at is not null
        and s.apart <> 'scheduled'
      limit $3
    ) as counted
  ) as waiting`
