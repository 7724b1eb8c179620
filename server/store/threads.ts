import type { Thread } from '../domain/thread.ts'
import type { Write } from './changes.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'

export const threadTable = table('threads', {
  id: 'uuid',
  service_id: 'uuid',
  state: 'text',
  closed_reason: 'text',
  unique_name: 'text',
  friendly_name: 'text',
  attributes: 'text',
  pool_id: 'uuid',
  queue_id: 'uuid',
  assignee_id: 'uuid',
  room: 'text',
  person: 'text',
  number: 'text',
  label: 'text',
  next_index: 'integer',
  labels_senders: 'boolean',
  inactive_after_ms: 'bigint',
  closes_after_ms: 'bigint',
  expires_at: 'timestamptz',
  active_at: 'timestamptz',
  timer_at: 'timestamptz',
  previous_thread_id: 'uuid',
  created_by: 'text',
  settings: 'jsonb',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  closed_at: 'timestamptz',
  deleted_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const threadColumns = selectList(threadTable, 't')

export const insertThread: Write<Thread> = { name: 'new_threads', sql: parameter => insertFrom(threadTable, parameter) }

export const updateThread: Write<Thread> = {
  name: 'changed_threads',
  sql: parameter => updateFrom(threadTable, ['id'], parameter),
}

/** Threads by id, deleted ones included: `$1` account, `$2` JSON array of ids. */
export const loadThreads = `select ${threadColumns}
  from json_array_elements_text($2::json) as asked(id)
  join threads t on t.account_id = $1 and t.id = asked.id::uuid`

/** Threads whose timer is due: `$1` account, `$2` time, `$3` at most so many. */
export const loadDueThreads = `select ${threadColumns}
  from threads t
  where t.account_id = $1 and t.timer_at <= $2
  order by t.timer_at
  limit $3`

/**
 * Ids of conversations that are open in a service: `$1` account, `$2` service, `$3` at most so many. Those of queues, pools
 * and sessions that mask are in one only because it was the default once: they are not the service's.
 */
export const loadThreadIdsOfService = `select t.id
  from threads t
  where t.account_id = $1 and t.service_id = $2 and t.deleted_at is null
    and t.state in ('initializing', 'active', 'inactive')
    and t.queue_id is null and (t.pool_id is null or t.person is null) and t.settings -> 'proxy' is null
  limit $3`

/** Threads by unique name: `$1` account, `$2` JSON array of `{ serviceId, uniqueName }`. */
export const loadNamedThreads = `select t.id, t.service_id as "serviceId", t.unique_name as "uniqueName"
  from json_to_recordset($2::json) as asked("serviceId" uuid, "uniqueName" text)
  join threads t on t.account_id = $1 and t.service_id = asked."serviceId" and t.unique_name = asked."uniqueName"
  where t.deleted_at is null`
