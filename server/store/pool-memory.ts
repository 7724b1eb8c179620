/** What pools need not remember any more: who held a pair last, and the threads they refused. */
import { LONGEST_MS } from '../domain/duration.ts'
import type { Write } from './changes.ts'

/** A late reply or a rest may need what the pool's owner would have forgotten sooner. What is longer than a duration may be is as long as one may be. */
const REMEMBERED = `least(greatest(p.remember_for_ms, p.late_for_ms, p.cooldown_ms), ${LONGEST_MS}) * interval '1 millisecond'`

/** A pair's row in the history. */
export interface PastHolder {
  person: string
  number: string
}

/** Pairs that were released too long ago: `$1` account, `$2` time, `$3` at most so many. */
export const loadForgottenHolders = `select old.person, old.number
  from pools p
  cross join lateral (
    select h.person, h.number
    from pair_history h
    where h.account_id = $1 and h.pool_id = p.id and h.freed_at <= $2::timestamptz - ${REMEMBERED}
    order by h.freed_at
    limit $3
  ) as old
  where p.account_id = $1
  limit $3`

/** Refusals of too long ago: `$1` account, `$2` time, `$3` at most so many. */
export const loadForgottenRefusals = `select old.id
  from pools p
  cross join lateral (
    select r.id
    from (select r.id, r.refused_at
      from pool_refusals r
      where r.account_id = $1 and r.pool_id = p.id
      order by r.born
      limit $3) as r
    where r.refused_at <= $2::timestamptz - ${REMEMBERED}
  ) as old
  where p.account_id = $1
  limit $3`

export const forgetHolders: Write<PastHolder> = {
  name: 'forgotten_holders',
  sql: parameter => `delete from pair_history as h
    using json_to_recordset($${parameter}::json) as r(person text, number text)
    where h.account_id = $1 and h.person = r.person and h.number = r.number`,
}

export const forgetRefusals: Write<{ id: string }> = {
  name: 'forgotten_refusals',
  sql: parameter => `delete from pool_refusals as f
    using json_to_recordset($${parameter}::json) as r(id uuid)
    where f.account_id = $1 and f.id = r.id`,
}

/** When an account's pools have something to forget: at the first midnight (UTC) by which it is too old. `$1` account. */
export const nextForgotten = `select min(date_trunc('day', first.at + ${REMEMBERED}, 'UTC') + interval '24 hours')
  from pools p
  cross join lateral (
    select least(
      (select min(h.freed_at) from pair_history h where h.account_id = $1 and h.pool_id = p.id),
      (select r.refused_at from pool_refusals r where r.account_id = $1 and r.pool_id = p.id order by r.born limit 1)
    ) as at
  ) as first
  where p.account_id = $1`
