import type { Write } from './changes.ts'
import type { Lookup } from './lookup.ts'
import { insertFrom, selectList, table } from './rows.ts'

/** A person who asked not to be texted from one of our numbers, or from any number of a pool. */
export interface OptOutRow {
  /** A number of ours, or the UUID of a pool. */
  scope: string
  person: string
  /** The person's own text, the account's owner, a list that the owner brought, or a carrier's refusal. */
  source: 'text' | 'owner' | 'import' | 'carrier'
  /** The text by which the person asked, or which the carrier refused. */
  said: string | null
  smsId: string | null
  beganAt: Date
  /** When it was lifted; null while it holds. */
  endedAt: Date | null
  version: number
  born: number
}

const optOutTable = table('opt_outs', {
  scope: 'text',
  person: 'text',
  source: 'text',
  said: 'text',
  sms_id: 'uuid',
  began_at: 'timestamptz',
  ended_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const optOutColumns = selectList(optOutTable, 'o')

/** Opt-outs of scopes and persons. */
export const optOutsOfScopes: Lookup<OptOutRow> = {
  table: 'opt_outs',
  key: ['scope', 'person'],
  sql: `select ${optOutColumns}
    from json_to_recordset($2::json) as asked(scope text, person text)
    join opt_outs o on o.account_id = $1 and o.scope = asked.scope and o.person = asked.person`,
}

/** One row a scope and person; the row keeps the `born` of its first time. */
export const putOptOut: Write<OptOutRow> = {
  name: 'put_opt_outs',
  leaves: { lookup: optOutsOfScopes, row: row => ({ ...row }) },
  sql: parameter =>
    insertFrom(
      optOutTable,
      parameter,
      `on conflict (account_id, scope, person) do update
       set source = excluded.source, said = excluded.said, sms_id = excluded.sms_id, began_at = excluded.began_at,
         ended_at = excluded.ended_at, version = excluded.version`,
    ),
}

/** A text that may be a wish for no more texts, to be looked at by a person. */
export interface OptOutWish {
  smsId: string
  scope: string
  heardAt: Date
  born: number
}

const wishTable = table('opt_out_wishes', { sms_id: 'uuid', scope: 'text', heard_at: 'timestamptz', born: 'bigint' })

export const insertWish: Write<OptOutWish> = {
  name: 'new_opt_out_wishes',
  sql: parameter => insertFrom(wishTable, parameter),
}

/** Marks wishes as looked at. */
export const reviewWish: Write<{ smsId: string; reviewedAt: Date }> = {
  name: 'reviewed_opt_out_wishes',
  sql: parameter => `update opt_out_wishes as w
    set reviewed_at = r."reviewedAt"
    from json_to_recordset($${parameter}::json) as r("smsId" uuid, "reviewedAt" timestamptz)
    where w.account_id = $1 and w.sms_id = r."smsId"`,
}

/** Of these texts, those whose wish waits to be looked at: `$1` account, `$2` JSON array of ids. */
export const loadOpenWishes = `select w.sms_id as "smsId"
  from json_array_elements_text($2::json) as asked(id)
  join opt_out_wishes w on w.account_id = $1 and w.sms_id = asked.id::uuid and w.reviewed_at is null`

const INTO_OPT_OUTS = `insert into opt_outs as p
      (account_id, scope, person, source, said, sms_id, began_at, ended_at, version, born)`
const BLOCK_AGAIN = `on conflict (account_id, scope, person) do update
    set source = excluded.source, said = excluded.said, sms_id = excluded.sms_id, began_at = excluded.began_at,
      ended_at = null, version = excluded.version
    where p.ended_at is not null`

/** Open opt-outs from numbers: `$1` account, `$2` JSON array of numbers. */
export const countOptOutsOfNumbers = `select count(*) as count
  from json_array_elements_text($2::json) as asked(number)
  join opt_outs o on o.account_id = $1 and o.scope = asked.number and o.ended_at is null`

/** Blocks for a pool whoever is blocked for numbers; rows are born from `version` on. */
export const enterPool: Write<{ poolId: string; numbers: string; version: number }> = {
  name: 'opt_outs_into_pools',
  sql: parameter => `${INTO_OPT_OUTS}
    select $1, o."poolId", o.person, o.source, o.said, o.sms_id, o.began_at, null, o.version + o.place, o.version + o.place
    from (
      select r."poolId", r.version, row_number() over (order by o.born, o.person) - 1 as place, o.person, o.source, o.said,
        o.sms_id, o.began_at
      from json_to_recordset($${parameter}::json) as r("poolId" text, numbers text, version bigint)
      cross join lateral (
        select distinct on (o.person) o.*
        from json_array_elements_text(r.numbers::json) as asked(number)
        join opt_outs o on o.account_id = $1 and o.scope = asked.number and o.ended_at is null
        order by o.person, o.began_at
      ) as o
    ) as o
    ${BLOCK_AGAIN}`,
}

/**
 * Of opt-outs `o` from a pool, the number `n` of it that the person said so to. Those that the account's owner set for the
 * pool are the pool's alone.
 */
const SAID_TO_NUMBERS = `join sms s on s.account_id = $1 and s.id = o.sms_id
    join numbers n on n.account_id = $1 and n.number = s.number and n.released_at is null and n.pool_id::text = o.scope`

/** Rows that a leave of a pool writes at most: `$1` account, `$2` pool, `$3` number, null for all. */
export const countOptOutsOfPool = `select count(*) as count
  from opt_outs o
  ${SAID_TO_NUMBERS}
  where o.account_id = $1 and o.scope = $2::text and ($3::text is null or n.number = $3)`

/** Blocks for the numbers that leave a pool whoever was blocked for the pool by way of them; `number` null: all leave. */
export const leavePool: Write<{ poolId: string; number: string | null; version: number }> = {
  name: 'opt_outs_out_of_pools',
  sql: parameter => `${INTO_OPT_OUTS}
    select $1, o.number, o.person, o.source, o.said, o.sms_id, o.began_at, null, o.version + o.place, o.version + o.place
    from (
      select n.number, r.version, row_number() over (order by o.born) - 1 as place, o.person, o.source, o.said, o.sms_id,
        o.began_at
      from json_to_recordset($${parameter}::json) as r("poolId" text, number text, version bigint)
      join opt_outs o on o.account_id = $1 and o.scope = r."poolId" and o.ended_at is null
      ${SAID_TO_NUMBERS}
      where r.number is null or n.number = r.number
    ) as o
    ${BLOCK_AGAIN}`,
}

/** Lifts for the numbers that leave a pool what was lifted for the pool since. */
export const liftOnLeaving: Write<{ poolId: string; number: string | null; version: number }> = {
  name: 'opt_outs_lifted_in_pools',
  sql: parameter => `update opt_outs as o
    set ended_at = p.ended_at, version = r.version
    from json_to_recordset($${parameter}::json) as r("poolId" uuid, number text, version bigint),
      numbers n, opt_outs p
    where n.account_id = $1 and n.pool_id = r."poolId" and n.released_at is null
      and (r.number is null or n.number = r.number)
      and o.account_id = $1 and o.scope = n.number and o.ended_at is null
      and p.account_id = $1 and p.scope = r."poolId"::text and p.person = o.person and p.ended_at > o.began_at`,
}

/**
 * Open opt-outs that hold for a number, by itself or by way of the pool it is in: `$1` account, `$2` number. The scope is
 * the number's.
 */
export const loadOptOutsOfNumber = `select distinct on (o.person) ${optOutColumns}
  from opt_outs o
  left join sms s on s.account_id = $1 and s.id = o.sms_id
  left join numbers n on n.account_id = $1 and n.number = $2 and n.released_at is null
  where o.account_id = $1 and o.ended_at is null and (o.scope = $2 or (o.scope = n.pool_id::text and s.number = $2))
  order by o.person, o.began_at`
