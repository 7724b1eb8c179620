import type { QueueExtras, QueueKind } from '../domain/queue.ts'
import type { Write } from './changes.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'

/** What owns numbers together: a call queue, a site, or the main site. */
export interface Queue extends QueueExtras {
  id: string
  kind: QueueKind
  name: string
  /** A thread that hears nothing for so long is resolved. */
  closesAfterMs: number
  /** Whether any handler may assign any thread to anyone. */
  anyoneReassigns: boolean
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
  version: number
  born: number
}

const queueTable = table('queues', {
  id: 'uuid',
  kind: 'text',
  name: 'text',
  closes_after_ms: 'bigint',
  anyone_reassigns: 'boolean',
  links_previous: 'boolean',
  claims_on_reply: 'boolean',
  assigns: 'text',
  counts_unread: 'boolean',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  deleted_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const queueColumns = selectList(queueTable, 'q')

export const insertQueue: Write<Queue> = { name: 'new_queues', sql: parameter => insertFrom(queueTable, parameter) }

export const updateQueue: Write<Queue> = {
  name: 'changed_queues',
  sql: parameter => updateFrom(queueTable, ['id'], parameter),
}

export interface HandledQueue extends Queue {
  /** Ids of the users who handle it. */
  handlers: string[]
}

/** Users who are gone handle nothing. */
const HANDLERS = `coalesce((select array_agg(h.user_id) from handlers h
    join users u on u.account_id = h.account_id and u.id = h.user_id and u.deleted_at is null
    where h.account_id = q.account_id and h.queue_id = q.id), '{}') as handlers`

/** Queues by id, deleted ones included: `$1` account, `$2` JSON array of ids. */
export const loadQueues = `select ${queueColumns}, ${HANDLERS}
  from json_array_elements_text($2::json) as asked(id)
  join queues q on q.account_id = $1 and q.id = asked.id::uuid`

/** The queues of threads, each once, deleted or not: `$1` account, `$2` JSON array of thread ids. */
export const loadQueuesOfThreads = `select ${queueColumns}, ${HANDLERS}
  from queues q
  where q.account_id = $1 and q.id in (
    select t.queue_id
    from json_array_elements_text($2::json) as asked(id)
    join threads t on t.account_id = $1 and t.id = asked.id::uuid)`

/** All queues that are there: `$1` account. */
export const loadAllQueues = `select ${queueColumns}, ${HANDLERS}
  from queues q
  where q.account_id = $1 and q.deleted_at is null
  order by q.born`

export interface Handler {
  queueId: string
  userId: string
  addedAt: Date
}

const handlerTable = table('handlers', { queue_id: 'uuid', user_id: 'uuid', added_at: 'timestamptz' })

/** Makes users handlers; one who is stays so. */
export const insertHandler: Write<Handler> = {
  name: 'new_handlers',
  sql: parameter => insertFrom(handlerTable, parameter, 'on conflict do nothing'),
}

export const deleteHandler: Write<{ queueId: string; userId: string }> = {
  name: 'former_handlers',
  sql: parameter => `delete from handlers as h
    using json_to_recordset($${parameter}::json) as r("queueId" uuid, "userId" uuid)
    where h.account_id = $1 and h.queue_id = r."queueId" and h.user_id = r."userId"`,
}

/** Gives numbers to queues, or to none. */
export const setNumberQueue: Write<{ number: string; queueId: string | null; updatedAt: Date; version: number }> = {
  name: 'number_queues',
  sql: parameter => `update numbers as n
    set queue_id = r."queueId", updated_at = r."updatedAt", version = r.version
    from json_to_recordset($${parameter}::json) as r(number text, "queueId" uuid, "updatedAt" timestamptz, version bigint)
    where n.account_id = $1 and n.number = r.number and n.released_at is null`,
}

/** The numbers of a queue: `$1` account, `$2` queue. */
export const loadNumbersOfQueue = `select n.number
  from numbers n
  where n.account_id = $1 and n.queue_id = $2 and n.released_at is null`

/** Open threads of a queue: `$1` account, `$2` queue, `$3` at most so many. */
export const loadOpenThreadsOfQueue = `select t.id
  from threads t
  where t.account_id = $1 and t.queue_id = $2 and t.state <> 'closed' and t.deleted_at is null
  order by t.created_at, t.born
  limit $3`

/** Those of one of its numbers: `$4`. */
export const loadOpenThreadsOfNumber = `select t.id
  from threads t
  where t.account_id = $1 and t.queue_id = $2 and t.number = $4 and t.state <> 'closed' and t.deleted_at is null
  order by t.created_at, t.born
  limit $3`

/** Names of all queues there ever were: `$1` account. */
export const loadQueueNames = `select q.id, q.name, q.deleted_at as "deletedAt" from queues q where q.account_id = $1`

/**
 * The last thread of the queue that each pair had before: `$1` account, `$2` JSON array of `{ id, person, number, queueId }`
 * of the threads that come after.
 */
export const loadPreviousThreads = `select asked.id,
    (select t.id from threads t
      where t.account_id = $1 and t.person = asked.person and t.number = asked.number and t.queue_id = asked."queueId"
        and t.queue_id is not null and t.id <> asked.id and t.deleted_at is null
      order by t.created_at desc, t.born desc
      limit 1) as "previousId"
  from json_to_recordset($2::json) as asked(id uuid, person text, number text, "queueId" uuid)`
