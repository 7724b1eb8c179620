import type { Queryable } from '../../kit/queryable.ts'

/** A text that may or may not have been sent. */
export interface UnknownText {
  id: string
  number: string
  /** Null where the sender asked to hide it. */
  person: string | null
  /** By name; null: one that the account does not see. */
  carrier: string | null
  createdAt: Date
  /** When it was last heard of. */
  since: Date
  born: number
}

export interface UnknownTextsAsked {
  accountId: string
  /** Only those born after. */
  after?: number | undefined
  limit: number
}

/** Texts of an account that may or may not have been sent, oldest first. */
export async function listUnknownTexts(
  db: Queryable,
  { accountId, after = 0, limit }: UnknownTextsAsked,
): Promise<UnknownText[]> {
  return db.query(
    `select s.id, s.number, case when s.settings ? 'hidesPerson' then null else s.person end as person,
       coalesce(c.name, s.carrier) as carrier, s.created_at as "createdAt",
       s.updated_at as since, s.born
     from sms s
     left join carriers c on c.account_id = s.account_id and c.id::text = s.carrier
     where s.account_id = $1 and s.apart = 'unknown' and s.deleted_at is null and s.born > $2
     order by s.born
     limit $3`,
    [accountId, after, limit],
  )
}
