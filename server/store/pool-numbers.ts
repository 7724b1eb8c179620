import type { Write } from './changes.ts'
import { insertFrom, selectList, table } from './rows.ts'

/** Open ones are given to threads, reserved ones only when asked for by name, paused ones not at all. */
export type PoolNumberState = 'open' | 'reserved' | 'paused'

/** A number's place in its pool. */
export interface PoolNumber {
  number: string
  poolId: string
  state: PoolNumberState
  /** In the pool's order; the version of its joining. */
  position: number
  /** Counts before the position: see migrations/0008_pools.sql. */
  rank: number
  areaCode: string | null
  country: string
  version: number
  born: number
}

const poolNumberTable = table('pool_numbers', {
  number: 'text',
  pool_id: 'uuid',
  state: 'text',
  position: 'bigint',
  rank: 'bigint',
  area_code: 'text',
  country: 'text',
  version: 'bigint',
  born: 'bigint',
})

const poolNumberColumns = selectList(poolNumberTable, 'n')

/** Puts numbers into pools; a row that an earlier membership left is replaced. */
export const putPoolNumber: Write<PoolNumber> = {
  name: 'put_pool_numbers',
  sql: parameter =>
    insertFrom(
      poolNumberTable,
      parameter,
      `on conflict (account_id, number) do update
       set pool_id = excluded.pool_id, state = excluded.state, position = excluded.position, rank = excluded.rank,
         area_code = excluded.area_code, country = excluded.country, version = excluded.version, born = excluded.born`,
    ),
}

export const deletePoolNumber: Write<{ number: string }> = {
  name: 'old_pool_numbers',
  sql: parameter => `delete from pool_numbers as n
    using json_to_recordset($${parameter}::json) as r(number text)
    where n.account_id = $1 and n.number = r.number`,
}

/** Says which pool numbers are in; null for none. */
export const setNumberPool: Write<{ number: string; poolId: string | null; updatedAt: Date; version: number }> = {
  name: 'numbers_of_pools',
  sql: parameter => `update numbers as n
    set pool_id = r."poolId", updated_at = r."updatedAt", version = r.version
    from json_to_recordset($${parameter}::json)
      as r(number text, "poolId" uuid, "updatedAt" timestamptz, version bigint)
    where n.account_id = $1 and n.number = r.number and n.released_at is null`,
}

/** Takes all numbers out of pools. */
export const emptyPool: Write<{ poolId: string; updatedAt: Date; version: number }> = {
  name: 'numbers_of_old_pools',
  sql: parameter => `update numbers as n
    set pool_id = null, updated_at = r."updatedAt", version = r.version
    from json_to_recordset($${parameter}::json) as r("poolId" uuid, "updatedAt" timestamptz, version bigint)
    where n.account_id = $1 and n.pool_id = r."poolId"`,
}

export const forgetPlaces: Write<{ poolId: string }> = {
  name: 'forgotten_places',
  sql: parameter => `delete from pool_numbers as n
    using json_to_recordset($${parameter}::json) as r("poolId" uuid)
    where n.account_id = $1 and n.pool_id = r."poolId"`,
}

/** What an act did with a number: pairs that threads took on it, how many more they hold than before, and a version. */
export interface NumberUse {
  number: string
  taken: number
  more: number
  version: number
}

/** Moves numbers in the order in which they are tried, by their pool's rule. */
export const rankNumbers: Write<NumberUse> = {
  name: 'ranked_numbers',
  sql: parameter => `update pool_numbers as n
    set rank = case p.picks when 'fewest-open' then greatest(0, n.rank + r.more) else r.version end
    from json_to_recordset($${parameter}::json) as r(number text, taken integer, more integer, version bigint),
      pools p
    where n.account_id = $1 and n.number = r.number and p.account_id = $1 and p.id = n.pool_id
      and (p.picks = 'fewest-open' or p.picks = 'least-recently-used' and r.taken > 0)`,
}

/** Gives all numbers of pools the rank that a new rule asks for; rows are `{ poolId }`, the rule stands in the row too. */
export const rerankPools: Write<{ poolId: string; picks: string }> = {
  name: 'reranked_numbers',
  sql: parameter => `update pool_numbers as n
    set rank = case r.picks
      when 'fewest-open' then (select count(*) from pairs b where b.account_id = $1 and b.number = n.number)
      else 0 end
    from json_to_recordset($${parameter}::json) as r("poolId" uuid, picks text)
    where n.account_id = $1 and n.pool_id = r."poolId"`,
}

/** How many pairs threads hold on numbers: `$1` account, `$2` JSON array of numbers. */
export const countPairs = `select asked.number, count(*)::integer as held
  from json_array_elements_text($2::json) as asked(number)
  join pairs b on b.account_id = $1 and b.number = asked.number
  group by asked.number`

/** Numbers' places: `$1` account, `$2` JSON array of numbers. Only where the number is still in that pool. */
export const loadPoolNumbers = `select ${poolNumberColumns}
  from json_array_elements_text($2::json) as asked(number)
  join pool_numbers n on n.account_id = $1 and n.number = asked.number
  join numbers o on o.account_id = $1 and o.number = n.number and o.released_at is null and o.pool_id = n.pool_id`

/** How many numbers of a pool are in each state: `$1` account, `$2` pool. */
export const countPoolStates = `select n.state, count(*)::integer as count
  from pool_numbers n
  where n.account_id = $1 and n.pool_id = $2
  group by n.state`
