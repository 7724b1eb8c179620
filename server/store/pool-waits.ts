import type { Write } from './changes.ts'
import { messageColumns } from './messages.ts'
import { insertFrom, selectList, table } from './rows.ts'

/** A thread that waits for a number. `dueAt`: a number may be free by then; null: nothing is known of. */
export interface PoolWait {
  threadId: string
  poolId: string
  person: string
  born: number
  dueAt: Date | null
}

const waitTable = table('pool_waits', {
  thread_id: 'uuid',
  pool_id: 'uuid',
  person: 'text',
  born: 'bigint',
  due_at: 'timestamptz',
})

export const insertWait: Write<PoolWait> = {
  name: 'new_pool_waits',
  sql: parameter => insertFrom(waitTable, parameter),
}

export const deleteWait: Write<{ threadId: string }> = {
  name: 'old_pool_waits',
  sql: parameter => `delete from pool_waits as w
    using json_to_recordset($${parameter}::json) as r("threadId" uuid)
    where w.account_id = $1 and w.thread_id = r."threadId"`,
}

/** Says when waits are looked at again. */
export const postponeWait: Write<{ threadId: string; dueAt: Date | null }> = {
  name: 'postponed_pool_waits',
  sql: parameter => `update pool_waits as w
    set due_at = r."dueAt"
    from json_to_recordset($${parameter}::json) as r("threadId" uuid, "dueAt" timestamptz)
    where w.account_id = $1 and w.thread_id = r."threadId"`,
}

/** A number may be free for those who wait in the pool: all of them, or one person's. */
export const wakeWaits: Write<{ poolId: string; person: string | null; dueAt: Date }> = {
  name: 'woken_pool_waits',
  sql: parameter => `update pool_waits as w
    set due_at = r."dueAt"
    from (select "poolId", person, min("dueAt") as "dueAt"
      from json_to_recordset($${parameter}::json) as asked("poolId" uuid, person text, "dueAt" timestamptz)
      group by 1, 2) as r
    where w.account_id = $1 and w.pool_id = r."poolId" and (r.person is null or w.person = r.person)`,
}

/** Waits that are due, first come first: `$1` account, `$2` time, `$3` at most so many. */
export const loadDueWaits = `select ${selectList(waitTable, 'w')}
  from pool_waits w
  where w.account_id = $1 and w.due_at <= $2
  order by w.born
  limit $3`

/** Messages of waiting threads that were not sent yet, in order: `$1` account, `$2` JSON array of thread ids. */
export const loadUnsent = `select ${messageColumns}
  from json_array_elements_text($2::json) as asked(id)
  join messages m on m.account_id = $1 and m.thread_id = asked.id::uuid
  where m.origin <> 'sms' and m.deleted_at is null
  order by m.thread_id, m.index`
