import type { Queryable } from '../../kit/queryable.ts'
import type { PoolNumberState } from '../pool-numbers.ts'
import { type Pool, poolColumns } from '../pools.ts'

export interface PoolRecord extends Pool {
  numbers: number
  openThreads: number
}

const COUNTS = `(select count(*)::integer from numbers n
      where n.account_id = $1 and n.pool_id = p.id and n.released_at is null) as numbers,
    (select count(*)::integer from threads t
      where t.account_id = $1 and t.pool_id = p.id and t.number is not null
        and t.state <> 'closed' and t.deleted_at is null) as "openThreads"`

/** An account's pools, newest first, born before `before`. */
export function listPools(
  db: Queryable,
  { accountId, before, limit }: { accountId: string; before: number | undefined; limit: number },
): Promise<PoolRecord[]> {
  return db.query<PoolRecord>(
    `select ${poolColumns}, ${COUNTS}
     from pools p
     where p.account_id = $1 and p.born < $2 and p.deleted_at is null
     order by p.born desc
     limit $3`,
    [accountId, before ?? Number.MAX_SAFE_INTEGER, limit],
  )
}

/** A pool by its id or, when there is none of that id, by its name. */
export async function findPool(
  db: Queryable,
  accountId: string,
  asked: { id: string | null; name: string },
): Promise<PoolRecord | null> {
  const rows = await db.query<PoolRecord>(
    `select ${poolColumns}, ${COUNTS}
     from pools p
     where p.account_id = $1 and p.deleted_at is null and (p.id = $2 or $2::uuid is null and p.name = $3)`,
    [accountId, asked.id, asked.name],
  )
  return rows[0] ?? null
}

export interface PoolNumberRecord {
  id: string
  number: string
  state: PoolNumberState
  country: string
  areaCode: string | null
  openThreads: number
  position: number
}

/** The numbers of a pool in its order, placed after `after`. */
export function listPoolNumbers(
  db: Queryable,
  asked: { accountId: string; poolId: string; after: number | undefined; limit: number },
): Promise<PoolNumberRecord[]> {
  return db.query<PoolNumberRecord>(
    `select o.id, n.number, n.state, n.country, n.area_code as "areaCode", n.position,
       (select count(*)::integer from pairs b where b.account_id = $1 and b.number = n.number) as "openThreads"
     from pool_numbers n
     join numbers o on o.account_id = $1 and o.number = n.number and o.released_at is null and o.pool_id = n.pool_id
     where n.account_id = $1 and n.pool_id = $2 and n.position > $3
     order by n.position
     limit $4`,
    [asked.accountId, asked.poolId, asked.after ?? 0, asked.limit],
  )
}

export interface PoolRefusalRecord {
  id: string
  person: string
  room: string | null
  held: number
  needed: number
  refusedAt: Date
  born: number
}

/** The threads that a pool refused, newest first, born before `before`. */
export function listPoolRefusals(
  db: Queryable,
  asked: { accountId: string; poolId: string; before: number | undefined; limit: number },
): Promise<PoolRefusalRecord[]> {
  return db.query<PoolRefusalRecord>(
    `select r.id, r.person, r.room, r.held, r.needed, r.refused_at as "refusedAt", r.born
     from pool_refusals r
     where r.account_id = $1 and r.pool_id = $2 and r.born < $3
     order by r.born desc
     limit $4`,
    [asked.accountId, asked.poolId, asked.before ?? Number.MAX_SAFE_INTEGER, asked.limit],
  )
}

/** All pools that an account has or had. */
export function poolsEver(db: Queryable, accountId: string): Promise<{ id: string; name: string }[]> {
  return db.query('select p.id, p.name from pools p where p.account_id = $1', [accountId])
}
