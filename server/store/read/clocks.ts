import type { Queryable } from '../../kit/queryable.ts'

/**
 * An account's clock, for a reader to take before the rows: all versions up to it are committed. Versions up to
 * `purgedThrough` may be gone.
 */
export async function readClock(db: Queryable, accountId: string): Promise<{ clock: number; purgedThrough: number }> {
  const rows = await db.query<{ clock: number; purgedThrough: number }>(
    'select clock, purged_through as "purgedThrough" from clocks where account_id = $1',
    [accountId],
    { isPrepared: true },
  )
  return rows[0] ?? { clock: 0, purgedThrough: 0 }
}

/** The clocks of several accounts. */
export async function readClocks(db: Queryable, accountIds: string[]): Promise<Map<string, number>> {
  const rows = await db.query<{ accountId: string; clock: number }>(
    'select account_id as "accountId", clock from clocks where account_id = any($1::uuid[])',
    [accountIds],
  )
  return new Map(rows.map(row => [row.accountId, row.clock]))
}
