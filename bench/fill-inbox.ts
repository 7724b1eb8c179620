import type pg from 'pg'
import { ACCOUNT_ID } from './measured-heddle.ts'

export const QUEUES = 100
export const HANDLERS = 50
/** Open threads of each queue; all others are resolved. */
export const OPEN_A_QUEUE = 50
/** Each handler's queues are those whose number ends like his own; the first handler supervises all. */
const SHARE = 10

export const handlerAt = (at: number) => `handler-${at}`
export const numberAt = (queue: number) => `+1555600${String(queue).padStart(4, '0')}`

/** What the seed says of an account with a large inbox. */
export const INBOX = {
  ringcentral: { clientId: 'bench', clientSecret: 'bench', accountId: 400001 },
  users: Array.from({ length: HANDLERS }, (_, at) => ({
    identity: handlerAt(at),
    jwt: handlerAt(at),
    password: 'bench',
  })),
  queues: Array.from({ length: QUEUES }, (_, queue) => ({
    name: `Queue ${queue}`,
    anyoneReassigns: true,
    handlers: Array.from({ length: HANDLERS }, (_, at) => at)
      .filter(at => at === 0 || at % SHARE === queue % SHARE)
      .map(handlerAt),
  })),
}
export const NUMBERS = Array.from({ length: QUEUES }, (_, queue) => ({
  number: numberAt(queue),
  queue: `Queue ${queue}`,
}))

/**
 * Stores so many threads, evenly over the queues, a minute apart in each, each with its guest's one text: the last of each
 * queue are open and assigned by turns, one in five of them to nobody.
 */
export async function fillInbox(database: pg.Client, threads: number): Promise<void> {
  const perQueue = threads / QUEUES
  const values = [ACCOUNT_ID, perQueue, OPEN_A_QUEUE]
  const { rows } = await database.query('select clock from clocks where account_id = $1', [ACCOUNT_ID])
  const clock = Number(rows[0]?.clock)
  await database.query('begin')
  await database.query(
    `create temporary table filled on commit drop as
     select $1::uuid as account_id, md5('thread ' || t)::uuid as id, md5('participant ' || t)::uuid as participant_id,
       md5('message ' || t)::uuid as message_id, md5('hint ' || t)::uuid as hint_id,
       q.id as queue_id, n.number, '+1777' || lpad(t::text, 8, '0') as person,
       place > $2::int - $3::int as is_open,
       case when place > $2::int - $3::int and t % 5 > 0 then u.users[1 + t % ${HANDLERS}] end as assignee_id,
       timestamptz '2026-01-01' + place * interval '1 minute' as at, ${clock} + t * 4 as version
     from generate_series(1, ${threads}) t
     cross join lateral (select t % ${QUEUES} as queue, (t - 1) / ${QUEUES} + 1 as place) as placed
     join numbers n on n.account_id = $1 and n.number = '+1555600' || lpad(placed.queue::text, 4, '0')
     join queues q on q.account_id = $1 and q.id = n.queue_id
     cross join (select array_agg(u.id order by u.born) as users from users u where u.account_id = $1) as u`,
    values,
  )
  for (const sql of [THREADS, PARTICIPANTS, PAIRS, MESSAGES, HINTS]) await database.query(sql)
  await database.query('update clocks set clock = $2, config_version = $2 where account_id = $1', [
    ACCOUNT_ID,
    clock + threads * 4 + 4,
  ])
  await database.query('commit')
  await database.query('vacuum analyze')
}

const THREADS = `insert into threads (account_id, id, service_id, state, closed_reason, queue_id, assignee_id, person,
    number, label, next_index, closes_after_ms, active_at, created_at, updated_at, closed_at, version, born)
  select account_id, id, account_id, case when is_open then 'active' else 'closed' end,
    case when is_open then null else 'manual' end, queue_id, assignee_id, person, number, 'Is my order on its way?', 1,
    259200000, at, at, at, case when is_open then null else at end, version, version
  from filled`

const PARTICIPANTS = `insert into participants (account_id, id, thread_id, kind, person, number, created_at, updated_at,
    version, born)
  select account_id, participant_id, id, 'sms', person, number, at, at, version + 1, version + 1 from filled`

const PAIRS = `insert into pairs (account_id, person, number, thread_id, participant_id)
  select account_id, person, number, id, participant_id from filled where is_open`

const MESSAGES = `insert into messages (account_id, id, thread_id, queue_id, index, origin, author, participant_id, body,
    created_at, updated_at, version, born)
  select account_id, message_id, id, queue_id, 0, 'sms', person, participant_id, 'Is my order on its way?', at, at,
    version + 2, version + 2
  from filled`

const HINTS = `insert into hints (account_id, version, id, thread_id, queue_id, kind, at)
  select account_id, version + 3, hint_id, id, queue_id, 'created', at from filled`

/** Changes the so many last threads and their messages, one version each: as if each had heard something. */
export async function changeThreads(database: pg.Client, count: number): Promise<void> {
  const changed = `select t.id, row_number() over (order by t.born) as at,
      (select c.clock from clocks c where c.account_id = $1) as clock
    from (select t.id, t.born from threads t where t.account_id = $1 and t.queue_id is not null order by t.born desc limit $2) as t`
  await database.query('begin')
  await database.query(
    `with changed as (${changed})
     update threads as t set version = c.clock + 2 * c.at from changed c where t.account_id = $1 and t.id = c.id`,
    [ACCOUNT_ID, count],
  )
  await database.query(
    `with changed as (${changed})
     update messages as m set version = c.clock + 2 * c.at - 1 from changed c where m.account_id = $1 and m.thread_id = c.id`,
    [ACCOUNT_ID, count],
  )
  await database.query('update clocks set clock = clock + 2 * $2 where account_id = $1', [ACCOUNT_ID, count])
  await database.query('commit')
  await database.query('vacuum analyze threads, messages')
}
