export interface DoubtfulSms {
  id: string
  status: 'unknown' | 'sending'
  person: string
  number: string
  segments: number
}

/**
 * Of pairs, the texts that may or may not have been sent, and those that a carrier is being handed: `$1` account,
 * `$2` carrier, `$3` JSON array of `{ person, number }`.
 */
export const loadDoubtfulOfPairs = `select s.id, s.status, s.person, s.number, s.segments
  from json_to_recordset($3::json) as asked(person text, number text)
  join sms s
    on s.account_id = $1 and s.person = asked.person and s.direction = 'out' and s.number = asked.number
      and s.carrier = $2 and s.status in ('unknown', 'sending')`
