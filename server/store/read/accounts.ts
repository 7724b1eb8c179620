import type { Queryable } from '../../kit/queryable.ts'
import { ACCOUNT_COLUMNS, type AccountRow } from '../accounts.ts'

export { type AccountRow, type AccountStatus, findAuthToken, findKeySecret, findOwners } from '../accounts.ts'

/** An account as its owner sees it: with the token, sealed. */
export interface AccountWithToken extends AccountRow {
  authToken: Buffer
}

export async function findAccountWithToken(db: Queryable, accountId: string): Promise<AccountWithToken | null> {
  const rows = await db.query<AccountWithToken>(
    `select ${ACCOUNT_COLUMNS}, auth_token as "authToken" from accounts where account_id = $1`,
    [accountId],
  )
  return rows[0] ?? null
}

/** The account and its children, newest first. */
export function listFamily(
  db: Queryable,
  accountId: string,
  filter: { name?: string | undefined; status?: AccountRow['status'] | undefined },
): Promise<AccountWithToken[]> {
  return db.query<AccountWithToken>(
    `select ${ACCOUNT_COLUMNS}, auth_token as "authToken"
     from accounts
     where (account_id = $1 or parent_id = $1)
       and ($2::text is null or name = $2)
       and ($3::text is null or status = $3)
     order by created_at desc, account_id desc`,
    [accountId, filter.name ?? null, filter.status ?? null],
  )
}
