import type { PoolDay, PoolFigures } from '../../domain/pool-capacity.ts'
import type { Queryable } from '../../kit/queryable.ts'

/** What a pool has, holds and was asked for since a day (UTC, `2026-01-31`). */
export async function readPoolFigures(
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
