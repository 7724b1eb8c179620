import type { Write } from './changes.ts'
import { insertFrom, selectList, table } from './rows.ts'

/** A name, a name for one country, or a sender of another channel. */
export type PoolSenderKind = 'alpha' | 'destination_alpha' | 'channel'

/** A sender of a pool that is no number of ours. */
export interface PoolSender {
  id: string
  poolId: string
  kind: PoolSenderKind
  /** Null: of a channel that is not served here. */
  sender: string | null
  /** Where the name may be used, two letters; null: wherever names may. */
  country: string | null
  /** Who carries what a name sends; null: who carries the pool's numbers. */
  carrier: string | null
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
  version: number
  born: number
}

const senderTable = table('pool_senders', {
  id: 'uuid',
  pool_id: 'uuid',
  kind: 'text',
  sender: 'text',
  country: 'text',
  carrier: 'text',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  deleted_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const senderColumns = selectList(senderTable, 's')

/** Writes senders; one that was there is back. */
export const putPoolSender: Write<PoolSender> = {
  name: 'put_pool_senders',
  sql: parameter =>
    insertFrom(
      senderTable,
      parameter,
      `on conflict (account_id, id) do update
       set pool_id = excluded.pool_id, sender = excluded.sender, country = excluded.country,
         carrier = excluded.carrier, updated_at = excluded.updated_at, deleted_at = excluded.deleted_at, version = excluded.version`,
    ),
}

/** The senders of a pool: `$1` account, `$2` pool. */
export const loadPoolSenders = `select ${senderColumns}
  from pool_senders s
  where s.account_id = $1 and s.pool_id = $2 and s.deleted_at is null
  order by s.born`

/**
 * The account's names with who carries them, oldest first: `$1` account. Where nobody was named it is the carrier of the
 * pool's first number, else of the account's.
 */
export const loadNames = `select 'name' as kind, s.sender as number, s.pool_id as "poolId", s.country,
    coalesce(s.carrier,
      (select n.carrier from numbers n
       where n.account_id = $1 and n.pool_id = s.pool_id and n.released_at is null order by n.born limit 1),
      (select n.carrier from numbers n where n.account_id = $1 and n.released_at is null order by n.born limit 1),
      'simulator') as carrier,
    '{}'::json as settings, false as "isMasking", null as owner
  from pool_senders s
  join pools p on p.account_id = $1 and p.id = s.pool_id and p.deleted_at is null
  where s.account_id = $1 and s.deleted_at is null and s.sender is not null and s.kind <> 'channel'
  order by s.born`

/** Notes that the account sends by a name, for ever: receipts may come long after it gave the name up. */
export const rememberName: Write<{ name: string }> = {
  name: 'remembered_names',
  sql: parameter => `insert into sender_names (name, account_id)
    select r.name, $1
    from json_to_recordset($${parameter}::json) as r(name text)
    on conflict (name, account_id) do nothing`,
}
