import type { Write } from './changes.ts'
import { insertFrom, table } from './rows.ts'

/** A user who takes threads that queues give out. */
export interface Duty {
  userId: string
  since: Date
}

const dutyTable = table('duties', { user_id: 'uuid', since: 'timestamptz' })

/** Puts users on duty; one who is stays so. */
export const insertDuty: Write<Duty> = {
  name: 'new_duties',
  sql: parameter => insertFrom(dutyTable, parameter, 'on conflict do nothing'),
}

export const deleteDuty: Write<{ userId: string }> = {
  name: 'former_duties',
  sql: parameter => `delete from duties as d
    using json_to_recordset($${parameter}::json) as r("userId" uuid)
    where d.account_id = $1 and d.user_id = r."userId"`,
}

/** A handler on duty, as new threads are given out. */
export interface HandlerOnDuty {
  queueId: string
  userId: string
  /** The version of the last thread that the house gave them. */
  givenVersion: number | null
  /** Open threads assigned to them, of all queues. */
  openThreads: number
}

/** Handlers of queues who are on duty, in the order they were added: `$1` account, `$2` JSON array of queue ids. */
export const loadHandlersOnDuty = `select h.queue_id as "queueId", h.user_id as "userId",
    h.given_version as "givenVersion",
    (select count(*) from threads t
      where t.account_id = $1 and t.assignee_id = h.user_id and t.deleted_at is null) as "openThreads"
  from json_array_elements_text($2::json) as asked(id)
  join handlers h on h.account_id = $1 and h.queue_id = asked.id::uuid
  join duties d on d.account_id = $1 and d.user_id = h.user_id
  join users u on u.account_id = $1 and u.id = h.user_id and u.deleted_at is null
  order by h.added_at, h.user_id`

/** Notes that the house gave handlers a thread. */
export const noteGiven: Write<{ queueId: string; userId: string; givenVersion: number }> = {
  name: 'given_handlers',
  sql: parameter => `update handlers as h
    set given_version = r."givenVersion"
    from json_to_recordset($${parameter}::json) as r("queueId" uuid, "userId" uuid, "givenVersion" bigint)
    where h.account_id = $1 and h.queue_id = r."queueId" and h.user_id = r."userId"`,
}
