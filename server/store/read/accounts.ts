import type { Queryable } from '../../kit/queryable.ts'
import { ACCOUNT_COLUMNS, type AccountRow } from '../accounts.ts'
import type { ListRange } from './list-range.ts'

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

/** The account and its children, newest first; in reverse for `before`. A key is `[createdAt in milliseconds, id]`. */
export function listFamily(
  db: Queryable,
  accountId: string,
  filter: { name?: string | undefined; status?: AccountRow['status'] | undefined },
  { start, size }: ListRange,
): Promise<AccountWithToken[]> {
  const [createdAtMs = null, id = null] = start.kind === 'offset' ? [] : start.key
  const [order, sign] = start.kind === 'before' ? ['asc', '>'] : ['desc', '<']
  return db.query<AccountWithToken>(
    `select ${ACCOUNT_COLUMNS}, auth_token as "authToken"
     from accounts
     where (account_id = $1 or parent_id = $1)
       and ($2::text is null or name = $2)
       and ($3::text is null or status = $3)
       and ($4::timestamptz is null or (created_at, account_id) ${sign} ($4, $5::uuid))
     order by created_at ${order}, account_id ${order}
     limit $6 offset $7`,
    [
      accountId,
      filter.name ?? null,
      filter.status ?? null,
      createdAtMs === null ? null : new Date(Number(createdAtMs)),
      id,
      size + 1,
      start.kind === 'offset' ? start.offset : 0,
    ],
  )
}

/** The ids of an account's children. */
export async function listChildren(db: Queryable, accountId: string): Promise<string[]> {
  const rows = await db.query<{ accountId: string }>(
    'select account_id as "accountId" from accounts where parent_id = $1',
    [accountId],
  )
  return rows.map(row => row.accountId)
}
