import type { Queryable } from '../db.ts'

/** What the owner of an account has set for it; null when there is no such account. */
export async function findAccountSettings(db: Queryable, accountId: string): Promise<Record<string, unknown> | null> {
  const rows = await db.query<{ settings: Record<string, unknown> }>(
    'select settings from accounts where account_id = $1',
    [accountId],
  )
  return rows[0]?.settings ?? null
}
