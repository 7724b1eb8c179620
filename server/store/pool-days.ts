import type { Write } from './changes.ts'
import { insertFrom, table } from './rows.ts'

/** What an act did in a pool for one person: adds to the pool's day. */
export interface PoolDayPart {
  poolId: string
  person: string
  /** UTC, `2026-01-31`. */
  day: string
  opened: number
  closed: number
  refused: number
  waited: number
  /** How many more threads than before the act the person held at its height. */
  peak: number
  /** Numbers that would have been enough; 0: there were enough. */
  needed: number
}

/** Adds to the days of pools. What the person held before is counted here, in the state before the act. */
export const countPoolDay: Write<PoolDayPart> = {
  name: 'counted_pool_days',
  sql: parameter => `insert into pool_days as d
      (account_id, pool_id, day, opened, closed, refused, waited, most_at_once, most_needed)
    select $1, r."poolId", r.day, sum(r.opened), sum(r.closed), sum(r.refused), sum(r.waited),
      max(r.peak + before.held), max(r.needed)
    from json_to_recordset($${parameter}::json) as r("poolId" uuid, person text, day date, opened integer,
      closed integer, refused integer, waited integer, peak integer, needed integer)
    cross join lateral (select count(*) as held from threads t
      where t.account_id = $1 and t.pool_id = r."poolId" and t.person = r.person and t.number is not null
        and t.state <> 'closed' and t.deleted_at is null) as before
    group by r."poolId", r.day
    on conflict (account_id, pool_id, day) do update
    set opened = d.opened + excluded.opened, closed = d.closed + excluded.closed,
      refused = d.refused + excluded.refused, waited = d.waited + excluded.waited,
      most_at_once = greatest(d.most_at_once, excluded.most_at_once),
      most_needed = greatest(d.most_needed, excluded.most_needed)`,
}

/** A thread that was wanted and refused. */
export interface PoolRefusal {
  id: string
  poolId: string
  person: string
  room: string | null
  /** Numbers of the pool that the person held. */
  held: number
  needed: number
  refusedAt: Date
  born: number
}

const refusalTable = table('pool_refusals', {
  id: 'uuid',
  pool_id: 'uuid',
  person: 'text',
  room: 'text',
  held: 'integer',
  needed: 'integer',
  refused_at: 'timestamptz',
  born: 'bigint',
})

export const insertRefusal: Write<PoolRefusal> = {
  name: 'new_pool_refusals',
  sql: parameter => insertFrom(refusalTable, parameter),
}
