import type { Write } from './changes.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'

/** A user whose change is still to be told to those who see their threads and entries. */
export interface UserChange {
  born: number
  userId: string
  kind: 'renamed' | 'gone' | 'left'
  /** The queue that the user left. */
  queueId: string | null
  /** What was born up to here is done. */
  toldBorn: number
}

const userChangeTable = table('user_changes', {
  born: 'bigint',
  user_id: 'uuid',
  kind: 'text',
  queue_id: 'uuid',
  told_born: 'bigint',
})

export const insertUserChange: Write<UserChange> = {
  name: 'new_user_changes',
  sql: parameter => insertFrom(userChangeTable, parameter),
}

export const updateUserChange: Write<UserChange> = {
  name: 'told_user_changes',
  sql: parameter => updateFrom(userChangeTable, ['born'], parameter),
}

export const deleteUserChange: Write<{ born: number }> = {
  name: 'done_user_changes',
  sql: parameter => `delete from user_changes as c
    using json_to_recordset($${parameter}::json) as r(born bigint)
    where c.account_id = $1 and c.born = r.born`,
}

/** The first change that is still to be told: `$1` account. */
export const loadUserChange = `select ${selectList(userChangeTable, 'c')}
  from user_changes c
  where c.account_id = $1
  order by c.born
  limit 1`

export interface BornRow {
  id: string
  born: number
}

/** Threads assigned to a user: `$1` account, `$2` user, `$3` born after, `$4` at most so many, `$5` a queue or null. */
export const loadAssignedThreads = `select t.id, t.born
  from threads t
  where t.account_id = $1 and t.assignee_id = $2 and t.born > $3 and t.deleted_at is null
    and ($5::uuid is null or t.queue_id = $5)
  order by t.born
  limit $4`

/** What a user said in queues' threads: `$1` to `$4` as above. */
export const loadSaidMessages = `select m.id, m.born
  from messages m
  where m.account_id = $1 and m.user_id = $2 and m.born > $3 and m.queue_id is not null and m.deleted_at is null
  order by m.born
  limit $4`

/** What a user noted: `$1` to `$4` as above. */
export const loadWrittenNotes = `select n.id, n.born
  from notes n
  where n.account_id = $1 and n.author_id = $2 and n.born > $3 and n.deleted_at is null
  order by n.born
  limit $4`

/** The queues that a user handles: `$1` account, `$2` user. */
export const loadQueuesOfHandler = `select h.queue_id as "queueId"
  from handlers h
  where h.account_id = $1 and h.user_id = $2`
