import type { PoolRules, PoolSettings } from '../domain/pool.ts'
import type { Write } from './changes.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'

export type { PoolRules, PoolSettings } from '../domain/pool.ts'

/** A pool as acts use it, with its numbers in the order they joined. */
export interface PoolRoute extends PoolRules {
  id: string
  settings: PoolSettings
  numbers: string[]
  /** Those of them that are short codes, which leave before all others in their country. */
  shortCodes: { number: string; country: string }[]
  /** Those of them that cannot carry all texts. */
  unfit: { number: string; sms: boolean; mms: boolean }[]
  /** The conversation service that its threads belong to: the account's default one. */
  serviceId: string
}

const RULE_COLUMNS = `p.name, p.picks, p.prefers, p.exhausted, p.cooldown_ms as "cooldownMs", p.is_strict as "isStrict",
    p.late_for_ms as "lateForMs", p.remember_for_ms as "rememberForMs", p.expires_after_ms as "expiresAfterMs"`

/** Pools by id: `$1` account, `$2` JSON array of ids. */
export const loadPoolRoutes = `select p.id, p.settings, ${RULE_COLUMNS},
    coalesce((select array_agg(n.number order by n.born) from numbers n
      where n.account_id = $1 and n.pool_id = p.id and n.released_at is null), '{}') as numbers,
    coalesce((select json_agg(json_build_object('number', n.number, 'country', n.country) order by n.born) from numbers n
      where n.account_id = $1 and n.pool_id = p.id and n.released_at is null and n.kind = 'short_code'), '[]')
      as "shortCodes",
    coalesce((select json_agg(json_build_object('number', n.number, 'sms', able.sms, 'mms', able.mms)) from numbers n
      cross join lateral (
        select coalesce((n.settings -> 'capabilities' ->> 'sms')::boolean, true) as sms,
          coalesce((n.settings -> 'capabilities' ->> 'mms')::boolean, true) as mms
      ) as able
      where n.account_id = $1 and n.pool_id = p.id and n.released_at is null and not (able.sms and able.mms)), '[]')
      as unfit,
    coalesce(a.settings ->> 'defaultServiceId', a.account_id::text) as "serviceId"
  from json_array_elements_text($2::json) as asked(id)
  join pools p on p.account_id = $1 and p.id = asked.id::uuid and p.deleted_at is null
  join accounts a on a.account_id = $1`

/** Pools by name: `$1` account, `$2` JSON array of names. */
export const loadPoolsByName = `select p.id, p.name
  from json_array_elements_text($2::json) as asked(name)
  join pools p on p.account_id = $1 and p.name = asked.name and p.deleted_at is null`

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

export interface Pool extends PoolRules {
  id: string
  settings: PoolSettings
  /** A month of one number, for the capacity report. */
  pricePerNumber: number
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
  version: number
  born: number
}

const poolTable = table('pools', {
  id: 'uuid',
  name: 'text',
  settings: 'jsonb',
  picks: 'text',
  prefers: 'text[]',
  exhausted: 'text',
  cooldown_ms: 'bigint',
  is_strict: 'boolean',
  late_for_ms: 'bigint',
  remember_for_ms: 'bigint',
  expires_after_ms: 'bigint',
  price_per_number: 'numeric',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  deleted_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const poolColumns = selectList(poolTable, 'p')

/** Inserts pools that are not there. */
export const insertPool: Write<Pool> = {
  name: 'new_pools',
  sql: parameter => insertFrom(poolTable, parameter, 'on conflict (account_id, id) do nothing'),
}

export const updatePool: Write<Pool> = {
  name: 'changed_pools',
  sql: parameter => updateFrom(poolTable, ['id'], parameter),
}

/** Pools by id with all that is set: `$1` account, `$2` JSON array of ids. */
export const loadPools = `select ${poolColumns}
  from json_array_elements_text($2::json) as asked(id)
  join pools p on p.account_id = $1 and p.id = asked.id::uuid and p.deleted_at is null`
