/**
 * How many replies of apps persons were sent lately, by the number they came from: `$1` account, `$2` JSON array of
 * persons, `$3` since when.
 */
export const countRecentReplies = `select asked.person, recent.number, recent.replies
  from json_array_elements_text($2::json) as asked(person)
  cross join lateral (
    select s.number, count(*)::integer as replies
    from sms s
    where s.account_id = $1 and s.person = asked.person and s.direction = 'out' and s.listed_at > $3
      and s.origin = 'reply' and s.deleted_at is null
    group by s.number
  ) as recent`
