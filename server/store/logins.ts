import type { Queryable } from '../kit/queryable.ts'

/** What a user signs in with. */
export interface Login {
  userId: string
  /** Argon2id. */
  passwordHash: string | null
  failures: number
  /** Machine time until which no password is looked at. */
  lockedUntil: Date | null
}

const COLUMNS = `l.user_id as "userId", l.password_hash as "passwordHash", l.failures, l.locked_until as "lockedUntil"`

/** Keeps what a new user signs in with; one who has a login keeps theirs. */
export async function insertLogin(
  db: Queryable,
  accountId: string,
  login: { userId: string; passwordHash: string | null; jwtHash: Buffer | null },
): Promise<void> {
  await db.query(
    `insert into logins (account_id, user_id, password_hash, jwt_hash) values ($1, $2, $3, $4)
     on conflict (account_id, user_id) do nothing`,
    [accountId, login.userId, login.passwordHash, login.jwtHash],
  )
}

/** Ids of the account's users who have a login. */
export async function findUsersWithLogin(db: Queryable, accountId: string): Promise<Set<string>> {
  const rows = await db.query<{ userId: string }>('select user_id as "userId" from logins where account_id = $1', [
    accountId,
  ])
  return new Set(rows.map(row => row.userId))
}

/**
 * The login of the user whom a name means: an identity of the default service, an extension's number or decimal id, or
 * `<phone number>*<extension number>`, for which the caller passes the extension's number.
 */
export async function findLogin(db: Queryable, accountId: string, name: string): Promise<Login | null> {
  const rows = await db.query<Login>(
    `select ${COLUMNS}
     from logins l
     join users u on u.account_id = $1 and u.id = l.user_id and u.deleted_at is null
     join extensions e on e.account_id = $1 and e.owner_id = u.id and e.deleted_at is null
     where l.account_id = $1 and (u.identity = $2 or e.extension_number = $2 or e.id::text = $2)
     order by u.identity = $2 desc, e.extension_number = $2 desc
     limit 1`,
    [accountId, name],
  )
  return rows[0] ?? null
}

/** The user whose JWT credential has this hash. */
export async function findUserOfJwt(db: Queryable, accountId: string, jwtHash: Buffer): Promise<string | null> {
  const rows = await db.query<{ userId: string }>(
    `select l.user_id as "userId"
     from logins l
     join users u on u.account_id = $1 and u.id = l.user_id and u.deleted_at is null
     join extensions e on e.account_id = $1 and e.owner_id = u.id and e.deleted_at is null
     where l.account_id = $1 and l.jwt_hash = $2`,
    [accountId, jwtHash],
  )
  return rows[0]?.userId ?? null
}

/** Counts one more wrong password; the count after it. */
export async function countFailure(db: Queryable, accountId: string, userId: string): Promise<number> {
  const rows = await db.query<{ failures: number }>(
    'update logins set failures = failures + 1 where account_id = $1 and user_id = $2 returning failures',
    [accountId, userId],
  )
  return rows[0]?.failures ?? 0
}

export async function lockLogin(db: Queryable, accountId: string, userId: string, until: Date): Promise<void> {
  await db.query('update logins set locked_until = $3 where account_id = $1 and user_id = $2', [
    accountId,
    userId,
    until,
  ])
}

export async function clearFailures(db: Queryable, accountId: string, userId: string): Promise<void> {
  await db.query(
    `update logins set failures = 0, locked_until = null
     where account_id = $1 and user_id = $2 and (failures > 0 or locked_until is not null)`,
    [accountId, userId],
  )
}
