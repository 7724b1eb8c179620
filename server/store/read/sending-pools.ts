import type { Queryable } from '../../kit/queryable.ts'
import { numberColumns, type OwnedNumber } from '../numbers.ts'
import { type PoolSender, type PoolSenderKind, senderColumns } from '../pool-senders.ts'
import { type Pool, poolColumns } from '../pools.ts'
import { bornRange, type ListRange } from './list-range.ts'

export type { PoolSender, PoolSenderKind } from '../pool-senders.ts'
export type { Pool } from '../pools.ts'

/** Pools that mask persons from each other are not for sending; see `PoolSettings.proxy`. */
const IS_SERVICE = `p.account_id = $1 and p.deleted_at is null and not (p.settings ? 'proxy')`

/** A pool that sends texts; null when there is none. */
export async function findMessagingService(db: Queryable, accountId: string, id: string): Promise<Pool | null> {
  const rows = await db.query<Pool>(
    `select ${poolColumns}
     from pools p
     where ${IS_SERVICE} and p.id = $2`,
    [accountId, id],
  )
  return rows[0] ?? null
}

/** An account's pools that send texts, newest first. */
export function listMessagingServices(db: Queryable, accountId: string, range: ListRange): Promise<Pool[]> {
  const { below, above, order, limit, offset } = bornRange(range)
  return db.query<Pool>(
    `select ${poolColumns}
     from pools p
     where ${IS_SERVICE} and p.born < $2 and p.born > $3
     order by p.born ${order}
     limit $4 offset $5`,
    [accountId, below, above, limit, offset],
  )
}

/** The numbers of a pool that are short codes, or that are none, newest first. */
export function listSenderNumbers(
  db: Queryable,
  accountId: string,
  asked: { poolId: string; isShortCode: boolean },
  range: ListRange,
): Promise<OwnedNumber[]> {
  const { below, above, order, limit, offset } = bornRange(range)
  return db.query<OwnedNumber>(
    `select ${numberColumns}
     from numbers n
     where n.account_id = $1 and n.pool_id = $2 and n.released_at is null
       and (n.kind = 'short_code') = $3
       and n.born < $4 and n.born > $5
     order by n.born ${order}
     limit $6 offset $7`,
    [accountId, asked.poolId, asked.isShortCode, below, above, limit, offset],
  )
}

/** The senders of a pool that are no numbers, newest first. */
export function listPoolSenders(
  db: Queryable,
  accountId: string,
  asked: { poolId: string; kind: PoolSenderKind; country?: string | undefined },
  range: ListRange,
): Promise<PoolSender[]> {
  const { below, above, order, limit, offset } = bornRange(range)
  return db.query<PoolSender>(
    `select ${senderColumns}
     from pool_senders s
     where s.account_id = $1 and s.pool_id = $2 and s.kind = $3 and s.deleted_at is null
       and ($4::text is null or s.country = $4)
       and s.born < $5 and s.born > $6
     order by s.born ${order}
     limit $7 offset $8`,
    [accountId, asked.poolId, asked.kind, asked.country ?? null, below, above, limit, offset],
  )
}

/** The names that a pool sends by, oldest first. */
export function listPoolNames(db: Queryable, accountId: string, poolId: string): Promise<PoolSender[]> {
  return db.query<PoolSender>(
    `select ${senderColumns}
     from pool_senders s
     where s.account_id = $1 and s.pool_id = $2 and s.kind <> 'channel' and s.deleted_at is null
     order by s.born`,
    [accountId, poolId],
  )
}

/** One sender of a pool that is no number; null when there is none. */
export async function findPoolSender(
  db: Queryable,
  accountId: string,
  asked: { poolId: string; kind: PoolSenderKind; id: string },
): Promise<PoolSender | null> {
  const rows = await db.query<PoolSender>(
    `select ${senderColumns}
     from pool_senders s
     where s.account_id = $1 and s.pool_id = $2 and s.kind = $3 and s.id = $4 and s.deleted_at is null`,
    [accountId, asked.poolId, asked.kind, asked.id],
  )
  return rows[0] ?? null
}
