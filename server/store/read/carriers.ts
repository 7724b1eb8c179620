import type { Queryable } from '../../kit/queryable.ts'

/** A carrier of an account as its owner may see it. */
export interface CarrierRecord {
  id: string
  name: string
  kind: string
  settings: Record<string, unknown>
  /** How many of the account's numbers it carries. */
  numbers: number
  /** When the oldest of the account's texts was made that waits for it. */
  waitingSince: Date | null
}

/** Carriers of an account by name. A text waits for the carrier that its number has now. */
export async function listCarrierRecords(db: Queryable, accountId: string): Promise<CarrierRecord[]> {
  return db.query(
    `select
       c.id,
       c.name,
       c.kind,
       c.settings,
       count(n.id)::integer as numbers,
       min(first.created_at) as "waitingSince"
     from carriers c
     left join numbers n on n.account_id = c.account_id and n.carrier = c.id::text and n.released_at is null
     left join lateral (
       select min(oldest.created_at) as created_at
       from generate_series(0, 2) as ranks(rank)
       cross join lateral (
         select s.created_at
         from sms s
         where s.account_id = n.account_id and s.number = n.number and s.rank = ranks.rank
           and s.next_attempt_at is not null and s.apart <> 'scheduled'
         order by s.born
         limit 1
       ) as oldest
     ) as first on true
     where c.account_id = $1
     group by c.account_id, c.id
     order by c.name`,
    [accountId],
  )
}
