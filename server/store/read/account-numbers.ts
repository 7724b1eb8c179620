import type { Queryable } from '../../kit/queryable.ts'

export interface AccountNumber {
  id: string
  number: string
  kind: string
  country: string
  name: string
  /** The name of the pool that it is in. */
  pool: string | null
  openThreads: number
  settings: Record<string, unknown>
  born: number
}

/** The numbers that an account holds, newest first, with what holds them. */
export function listAccountNumbers(
  db: Queryable,
  { accountId, before, limit }: { accountId: string; before: number | undefined; limit: number },
): Promise<AccountNumber[]> {
  return db.query<AccountNumber>(
    `select n.id, n.number, n.kind, n.country, n.friendly_name as name, p.name as pool, n.born, n.settings,
       (select count(*)::integer from pairs b where b.account_id = $1 and b.number = n.number) as "openThreads"
     from numbers n
     left join pools p on p.account_id = $1 and p.id = n.pool_id and p.deleted_at is null
     where n.account_id = $1 and n.released_at is null and n.born < $2
     order by n.born desc
     limit $3`,
    [accountId, before ?? Number.MAX_SAFE_INTEGER, limit],
  )
}
