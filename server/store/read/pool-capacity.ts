import { uuidOfSid } from '../../domain/ids.ts'
import { capacityOf, type PoolDay, type PoolFigures } from '../../domain/pool-capacity.ts'
import type { Queryable } from '../../kit/queryable.ts'

const DAY_MS = 86_400_000

/** What a pool has, holds and was asked for since a day (UTC, `2026-01-31`). */
async function readPoolFigures(
  db: Queryable,
  { accountId, poolId, since }: { accountId: string; poolId: string; since: string },
): Promise<PoolFigures> {
  const [now] = await db.query<Omit<PoolFigures, 'days'>>(
    `with holders as (
       select t.person, count(*)::integer as held
       from threads t
       where t.account_id = $1 and t.pool_id = $2 and t.number is not null
         and t.state <> 'closed' and t.deleted_at is null
       group by t.person)
     select p.name as pool, p.price_per_number as "pricePerNumber",
       (select count(*)::integer from numbers n
         where n.account_id = $1 and n.pool_id = p.id and n.released_at is null) as numbers,
       (select coalesce(sum(h.held), 0)::integer from holders h) as "openThreads",
       (select coalesce(max(h.held), 0)::integer from holders h) as "mostNow"
     from pools p
     where p.account_id = $1 and p.id = $2`,
    [accountId, poolId],
  )
  if (!now) throw new Error(`No pool ${poolId}`)
  const days = await db.query<PoolDay>(
    `select to_char(d.day, 'YYYY-MM-DD') as day, d.opened, d.closed, d.refused as refusals, d.waited as waits,
       d.most_at_once as "mostAtOnce", d.most_needed as "mostWanted"
     from pool_days d
     where d.account_id = $1 and d.pool_id = $2 and d.day >= $3
     order by d.day`,
    [accountId, poolId, since],
  )
  return { ...now, days }
}

/** The capacity of an account's pool over the last days, today included. */
export async function readCapacity(
  db: Queryable,
  { accountId, poolId, days, now }: { accountId: string; poolId: string; days: number; now: Date },
): Promise<ReturnType<typeof capacityOf>> {
  const since = new Date(now.getTime() - (days - 1) * DAY_MS).toISOString().slice(0, 10)
  return capacityOf(await readPoolFigures(db, { accountId, poolId, since }))
}

/** The capacity of all pools, or of those of one name or account: for the operator. */
export async function readPoolReports(
  db: Queryable,
  asked: { name: string | undefined; account: string | undefined; days: number; now: Date },
): Promise<ReturnType<typeof capacityOf>[]> {
  const accountId = asked.account === undefined ? null : uuidOfSid('AC', asked.account)
  if (asked.account !== undefined && !accountId) return []
  const pools = await db.query<{ accountId: string; poolId: string }>(
    `select p.account_id as "accountId", p.id as "poolId"
     from pools p
     where p.deleted_at is null and ($1::uuid is null or p.account_id = $1) and ($2::text is null or p.name = $2)
     order by p.account_id, p.born`,
    [accountId, asked.name ?? null],
  )
  const { days, now } = asked
  return Promise.all(pools.map(pool => readCapacity(db, { ...pool, days, now })))
}
