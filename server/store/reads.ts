import type { Write } from './changes.ts'
import { selectList, table, upsertFrom } from './rows.ts'

/** What a handler has read of a thread: messages up to `readIndex`, but for the flipped ones, of which the opposite holds. */
export interface Reading {
  userId: string
  threadId: string
  /** -1: nothing. */
  readIndex: number
  flipped: number[]
  updatedAt: Date
  version: number
}

const readTable = table('reads', {
  user_id: 'uuid',
  thread_id: 'uuid',
  read_index: 'integer',
  flipped: 'integer[]',
  updated_at: 'timestamptz',
  version: 'bigint',
})

export const putReading: Write<Reading> = {
  name: 'put_readings',
  sql: parameter => upsertFrom(readTable, ['user_id', 'thread_id'], parameter),
}

/** What a user has read of a thread: `$1` account, `$2` user, `$3` thread. */
export const loadReading = `select ${selectList(readTable, 'r')}
  from reads r
  where r.account_id = $1 and r.user_id = $2 and r.thread_id = $3`
