import type { Write } from './changes.ts'
import { insertFrom, table } from './rows.ts'

/** A pair of a pool that became free, and the thread that held it. */
export interface FreedPair {
  person: string
  number: string
  poolId: string
  threadId: string
  freedAt: Date
}

const historyTable = table('pair_history', {
  person: 'text',
  number: 'text',
  pool_id: 'uuid',
  thread_id: 'uuid',
  freed_at: 'timestamptz',
})

/** Notes who held pairs last: one row a pair. */
export const noteFreed: Write<FreedPair> = {
  name: 'noted_pairs',
  sql: parameter =>
    insertFrom(
      historyTable,
      parameter,
      `on conflict (account_id, person, number) do update
       set pool_id = excluded.pool_id, thread_id = excluded.thread_id, freed_at = excluded.freed_at`,
    ),
}

/**
 * The closed thread that held each free pair last, with how long it takes late replies: `$1` account, `$2` JSON array of
 * `{ person, number }`.
 */
export const loadLastHolders = `select h.person, h.number, h.thread_id as "threadId", h.freed_at as "freedAt",
    p.late_for_ms as "lateForMs", t.closed_reason as "closedReason"
  from json_to_recordset($2::json) as asked(person text, number text)
  join pair_history h on h.account_id = $1 and h.person = asked.person and h.number = asked.number
  join pools p on p.account_id = $1 and p.id = h.pool_id
  left join threads t on t.account_id = $1 and t.id = h.thread_id`

export interface LastHolder {
  person: string
  number: string
  threadId: string
  freedAt: Date
  lateForMs: number
  /** Why its thread closed; null while it is open. */
  closedReason: string | null
}
