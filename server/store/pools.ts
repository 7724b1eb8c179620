import type { Write } from './changes.ts'
import { insertFrom, table } from './rows.ts'

/** What a pool is told to do, beyond its numbers. All of it is optional. */
export interface PoolSettings extends Record<string, unknown> {
  statusCallback?: string
  smartEncoding?: boolean
  /** A person keeps the number they were texted from before. On unless false. */
  stickySender?: boolean
  validForMs?: number
}

/** A pool as acts use it, with its numbers in the order they joined. */
export interface PoolRoute {
  id: string
  settings: PoolSettings
  numbers: string[]
}

/** Pools by id: `$1` account, `$2` JSON array of ids. */
export const loadPoolRoutes = `select p.id, p.settings,
    coalesce((select array_agg(n.number order by n.born) from numbers n
      where n.account_id = $1 and n.pool_id = p.id and n.released_at is null), '{}') as numbers
  from json_array_elements_text($2::json) as asked(id)
  join pools p on p.account_id = $1 and p.id = asked.id::uuid and p.deleted_at is null`

/** The number that each person was last texted from in a pool: `$1` account, `$2` JSON array of `{ poolId, person }`. */
export const loadLastNumbers = `select asked."poolId", asked.person, last.number
  from json_to_recordset($2::json) as asked("poolId" uuid, person text)
  cross join lateral (
    select s.number
    from sms s
    where s.account_id = $1 and s.person = asked.person and s.direction = 'out' and s.pool_id = asked."poolId"
      and s.number is not null and s.deleted_at is null
    order by s.listed_at desc, s.id desc
    limit 1
  ) as last`

export interface Pool {
  id: string
  name: string
  settings: PoolSettings
  createdAt: Date
  updatedAt: Date
  version: number
  born: number
}

const poolTable = table('pools', {
  id: 'uuid',
  name: 'text',
  settings: 'jsonb',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

/** Inserts pools that are not there. */
export const insertPool: Write<Pool> = {
  name: 'new_pools',
  sql: parameter => insertFrom(poolTable, parameter, 'on conflict (account_id, id) do nothing'),
}
