import type { Subscription } from '../domain/subscription.ts'
import type { Queryable } from '../kit/queryable.ts'
import type { Write } from './changes.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'

const subscriptionTable = table('subscriptions', {
  id: 'uuid',
  user_id: 'uuid',
  client_id: 'text',
  transport: 'text',
  filters: 'jsonb',
  extension_id: 'bigint',
  address: 'text',
  status: 'text',
  failures: 'integer',
  blacklisted_at: 'timestamptz',
  blacklist_reason: 'text',
  session_id: 'uuid',
  connection_id: 'uuid',
  alive_until: 'timestamptz',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  expires_at: 'timestamptz',
  timer_at: 'timestamptz',
  deleted_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const subscriptionColumns = selectList(subscriptionTable, 's')

/** What a webhook shows to its receiver, sealed: `\\x` and hex digits, as PostgreSQL writes bytes. Never read back by acts. */
export type NewSubscription = Subscription & { verificationToken: string | null }

const newTable = {
  ...subscriptionTable,
  columns: [...subscriptionTable.columns, ['verification_token', 'verificationToken', 'bytea'] as const],
}

export const insertSubscription: Write<NewSubscription> = {
  name: 'new_subscriptions',
  sql: parameter => insertFrom(newTable, parameter),
}

export const updateSubscription: Write<Subscription> = {
  name: 'changed_subscriptions',
  sql: parameter => updateFrom(subscriptionTable, ['id'], parameter),
}

/** Forgets subscriptions that ended a while ago: rows are `{ before, aliveBefore }` in world and machine time. */
export const purgeSubscriptions: Write<{ before: Date; aliveBefore: Date }> = {
  name: 'old_subscriptions',
  sql: parameter => `delete from subscriptions as s
    using json_to_recordset($${parameter}::json) as r(before timestamptz, "aliveBefore" timestamptz)
    where s.account_id = $1 and (s.deleted_at < r.before or s.alive_until < r."aliveBefore")`,
}

const THERE = 's.deleted_at is null'

/** Subscriptions by id, deleted ones left out: `$1` account, `$2` JSON array of ids. */
export const loadSubscriptions = `select ${subscriptionColumns}
  from json_array_elements_text($2::json) as asked(id)
  join subscriptions s on s.account_id = $1 and s.id = asked.id::uuid
  where ${THERE}`

/** The webhooks that are told: `$1` account. */
export const loadActiveWebhooks = `select ${subscriptionColumns}
  from subscriptions s
  where s.account_id = $1 and s.transport = 'webhook' and s.status = 'active' and ${THERE}`

/** The webhooks of a user and program: `$1` account, `$2` user, `$3` client, `$4` world time. */
export const countWebhooks = `select count(*)::integer as count
  from subscriptions s
  where s.account_id = $1 and s.user_id = $2 and s.client_id = $3 and s.transport = 'webhook' and s.expires_at > $4
    and ${THERE}`

/** The subscription of a WebSocket's session: `$1` account, `$2` session. */
export const loadSessionSubscriptions = `select ${subscriptionColumns}
  from subscriptions s
  where s.account_id = $1 and s.session_id = $2 and ${THERE}`

/** Subscriptions whose reminder or end is due: `$1` account, `$2` world time, `$3` at most so many. */
export const loadDueSubscriptions = `select ${subscriptionColumns}
  from subscriptions s
  where s.account_id = $1 and s.timer_at <= $2
  order by s.timer_at
  limit $3`

/** Keeps the sessions of standing connections alive. No client sees it, so that it moves no clock. */
export async function keepAlive(
  db: Queryable,
  accountId: string,
  connectionIds: string[],
  aliveUntil: Date,
): Promise<void> {
  await db.query(
    `update subscriptions as s set alive_until = $3
     where s.account_id = $1 and s.connection_id = any($2::uuid[]) and s.session_id is not null and ${THERE}`,
    [accountId, connectionIds, aliveUntil],
  )
}
