import type { Queryable } from '../kit/queryable.ts'
import type { Seeding } from './account-settings.ts'
import type { Write } from './changes.ts'

export interface NewAccount {
  accountId: string
  parentId: string | null
  name: string
  /** Sealed. */
  authToken: Uint8Array
  settings: Record<string, unknown>
  now: Date
}

/** Makes an account with its clock at zero, unless it is there; true when it was made. */
export async function insertAccount(db: Queryable, account: NewAccount): Promise<boolean> {
  const made = await db.query(
    `with the_clock as (insert into clocks (account_id, clock) values ($1, 0) on conflict (account_id) do nothing)
     insert into accounts (account_id, parent_id, name, status, auth_token, settings, created_at, updated_at)
     values ($1, $2, $3, 'active', $4, $5, $6, $6)
     on conflict (account_id) do nothing
     returning account_id`,
    [account.accountId, account.parentId, account.name, account.authToken, account.settings, account.now],
  )
  return made.length > 0
}

export const updateAccountRow: Write<Pick<AccountRow, 'name' | 'status' | 'settings' | 'updatedAt'>> = {
  name: 'changed_account',
  sql: parameter => `update accounts as a
    set name = r.name, status = r.status, settings = r.settings, updated_at = r."updatedAt"
    from json_to_recordset($${parameter}::json) as r(name text, status text, settings jsonb, "updatedAt" timestamptz)
    where a.account_id = $1`,
}

/** Says whose a number or credential is. False when it is another account's already. */
export async function insertLookup(
  db: Queryable,
  kind: 'number' | 'key' | 'client',
  key: string,
  accountId: string,
): Promise<boolean> {
  const rows = await db.query<{ account_id: string }>(
    `insert into lookups as l (kind, key, account_id) values ($1, $2, $3)
     on conflict (kind, key) do update set account_id = l.account_id
     returning account_id`,
    [kind, key, accountId],
  )
  return rows[0]?.account_id === accountId
}

/** Forgets whose a number or credential is. */
export async function deleteLookup(
  db: Queryable,
  kind: 'number' | 'key' | 'client',
  key: string,
  accountId: string,
): Promise<void> {
  await db.query('delete from lookups where kind = $1 and key = $2 and account_id = $3', [kind, key, accountId])
}

/** The accounts that hold the given numbers or credentials, by key. */
export async function findOwners(
  db: Queryable,
  kind: 'number' | 'key' | 'client',
  keys: string[],
): Promise<Map<string, string>> {
  const rows = await db.query<{ key: string; account_id: string }>(
    'select key, account_id from lookups where kind = $1 and key = any($2)',
    [kind, keys],
  )
  return new Map(rows.map(row => [row.key, row.account_id]))
}

export type AccountStatus = 'active' | 'suspended' | 'closed'

export interface AccountRow {
  accountId: string
  parentId: string | null
  name: string
  status: AccountStatus
  kind: string
  settings: Record<string, unknown>
  createdAt: Date
  updatedAt: Date
}

export const ACCOUNT_COLUMNS = `account_id as "accountId", parent_id as "parentId", name, status, kind, settings,
  created_at as "createdAt", updated_at as "updatedAt"`

/** All accounts, oldest first: for the operator. */
export function listAccounts(db: Queryable): Promise<AccountRow[]> {
  return db.query<AccountRow>(`select ${ACCOUNT_COLUMNS} from accounts order by created_at, account_id`)
}

/** Accounts without a parent that a seed calls so, or that have this name and that no seed calls otherwise. */
export function findAccountsBySeedName(db: Queryable, name: string): Promise<{ accountId: string }[]> {
  return db.query(
    `select account_id as "accountId" from accounts
     where coalesce(settings ->> 'seedName', name) = $1 and parent_id is null`,
    [name],
  )
}

/** How far an account's seed has come; null when nothing is left to do, or there is no such account. */
export async function findSeeding(db: Queryable, accountId: string): Promise<Seeding | null> {
  const rows = await db.query<{ seeding: Seeding | null }>(
    `select settings -> 'seeding' as seeding from accounts where account_id = $1`,
    [accountId],
  )
  return rows[0]?.seeding ?? null
}

/** The account: `$1`. */
export const loadAccount = `select ${ACCOUNT_COLUMNS} from accounts where account_id = $1`

export async function findAccount(db: Queryable, accountId: string): Promise<AccountRow | null> {
  return (await db.query<AccountRow>(loadAccount, [accountId]))[0] ?? null
}

/** An account's sealed token with what decides whether it counts. */
export async function findAuthToken(
  db: Queryable,
  accountId: string,
): Promise<{ authToken: Buffer; status: AccountRow['status']; parentId: string | null } | null> {
  const rows = await db.query<{ authToken: Buffer; status: AccountRow['status']; parentId: string | null }>(
    'select auth_token as "authToken", status, parent_id as "parentId" from accounts where account_id = $1',
    [accountId],
  )
  return rows[0] ?? null
}

/** An API key's sealed secret. */
export async function findKeySecret(db: Queryable, accountId: string, keyId: string): Promise<Buffer | null> {
  const rows = await db.query<{ secret: Buffer }>(
    'select secret from api_keys where account_id = $1 and id = $2 and deleted_at is null',
    [accountId, keyId],
  )
  return rows[0]?.secret ?? null
}
