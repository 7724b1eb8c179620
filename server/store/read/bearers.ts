import type { Queryable } from '../../kit/queryable.ts'

/** Whom an access token lets in. */
export interface BearerRow {
  sessionId: string
  userId: string
  clientId: string
  scope: string
  accessExpiresAt: Date
  accessUsedAt: Date | null
  extensionId: number
  isAdmin: boolean
  name: string
  accountStatus: string
  accountName: string
  accountSettings: Record<string, unknown>
}

const SELECT = `select s.id as "sessionId", s.user_id as "userId", s.client_id as "clientId", s.scope,
    s.access_expires_at as "accessExpiresAt", s.access_used_at as "accessUsedAt",
    e.id as "extensionId", e.is_admin as "isAdmin", coalesce(u.friendly_name, u.identity) as name,
    a.status as "accountStatus", a.name as "accountName",
    a.settings as "accountSettings"
  from oauth_sessions s
  join accounts a on a.account_id = $1
  join users u on u.account_id = $1 and u.id = s.user_id and u.deleted_at is null
  join extensions e on e.account_id = $1 and e.owner_id = s.user_id and e.deleted_at is null
  where s.account_id = $1`

/** The session of an access token, with its user; null when there is none, or the user is gone. */
export async function findBearer(db: Queryable, accountId: string, accessHash: Buffer): Promise<BearerRow | null> {
  const rows = await db.query<BearerRow>(`${SELECT} and s.access_hash = $2`, [accountId, accessHash], {
    isPrepared: true,
  })
  return rows[0] ?? null
}

/** A session that is there still, whatever became of the access token that it had; null when it was ended. */
export async function findBearerOfSession(
  db: Queryable,
  accountId: string,
  sessionId: string,
): Promise<BearerRow | null> {
  const rows = await db.query<BearerRow>(`${SELECT} and s.id = $2`, [accountId, sessionId])
  return rows[0] ?? null
}

/** Which of these sessions are there still. */
export async function findStandingSessions(db: Queryable, accountId: string, ids: string[]): Promise<Set<string>> {
  const rows = await db.query<{ sessionId: string }>(
    `select s.id as "sessionId"
     from oauth_sessions s
     join accounts a on a.account_id = $1 and a.status = 'active'
     join users u on u.account_id = $1 and u.id = s.user_id and u.deleted_at is null
     where s.account_id = $1 and s.id = any($2::uuid[])`,
    [accountId, ids],
  )
  return new Set(rows.map(row => row.sessionId))
}
