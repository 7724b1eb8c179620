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
         updated_at = excluded.updated_at, deleted_at = excluded.deleted_at, version = excluded.version`,
    ),
}

/** The senders of a pool: `$1` account, `$2` pool. */
export const loadPoolSenders = `select ${senderColumns}
  from pool_senders s
  where s.account_id = $1 and s.pool_id = $2 and s.deleted_at is null
  order by s.born`
