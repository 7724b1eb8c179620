import type { Queryable } from '../../kit/queryable.ts'
import type { AccountSettings } from '../account-settings.ts'

export type { AccountSettings } from '../account-settings.ts'

/** What the owner of an account has set for it; null when there is no such account. */
export async function findAccountSettings(db: Queryable, accountId: string): Promise<AccountSettings | null> {
  const rows = await db.query<{ settings: AccountSettings }>('select settings from accounts where account_id = $1', [
    accountId,
  ])
  return rows[0]?.settings ?? null
}
