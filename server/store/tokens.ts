import type { Queryable } from '../kit/queryable.ts'

/** A program that users sign in with. */
export interface OAuthClient {
  clientId: string
  /** Sealed. */
  secret: Buffer
  redirectUris: string[]
}

/** Registers a program, unless it is. */
export async function insertClient(db: Queryable, accountId: string, client: OAuthClient, now: Date): Promise<void> {
  await db.query(
    `insert into oauth_clients (account_id, client_id, secret, redirect_uris, created_at) values ($1, $2, $3, $4, $5)
     on conflict (account_id, client_id) do nothing`,
    [accountId, client.clientId, client.secret, client.redirectUris, now],
  )
}

export async function findClient(db: Queryable, accountId: string, clientId: string): Promise<OAuthClient | null> {
  const rows = await db.query<OAuthClient>(
    `select client_id as "clientId", secret, redirect_uris as "redirectUris"
     from oauth_clients where account_id = $1 and client_id = $2`,
    [accountId, clientId],
  )
  return rows[0] ?? null
}

/** A sign-in with its pair of tokens, as hashes. All times are machine time. */
export interface OAuthSession {
  id: string
  userId: string
  clientId: string
  /** Opened by a program without a secret. */
  isPublic: boolean
  /** Space-separated. */
  scope: string
  endpointId: string | null
  accessHash: Buffer
  accessExpiresAt: Date
  /** When the access token was first used. */
  accessUsedAt: Date | null
  refreshHash: Buffer
  refreshExpiresAt: Date
  earlierRefreshHash: Buffer | null
  /** The pair, sealed under the earlier refresh token. */
  sealedPair: Buffer | null
  refreshedAt: Date
}

const COLUMNS = `s.id, s.user_id as "userId", s.client_id as "clientId", s.is_public as "isPublic", s.scope,
  s.endpoint_id as "endpointId", s.access_hash as "accessHash", s.access_expires_at as "accessExpiresAt",
  s.access_used_at as "accessUsedAt", s.refresh_hash as "refreshHash", s.refresh_expires_at as "refreshExpiresAt",
  s.earlier_refresh_hash as "earlierRefreshHash", s.sealed_pair as "sealedPair", s.refreshed_at as "refreshedAt"`

/** Keeps a new session, and forgets those of its user that have run out. */
export async function insertSession(db: Queryable, accountId: string, session: OAuthSession): Promise<void> {
  await db.query(
    `with old as (
       delete from oauth_sessions where account_id = $1 and user_id = $3 and refresh_expires_at < $13
     )
     insert into oauth_sessions (account_id, id, user_id, client_id, is_public, scope, endpoint_id, access_hash,
       access_expires_at, access_used_at, refresh_hash, refresh_expires_at, refreshed_at, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)`,
    [
      accountId,
      session.id,
      session.userId,
      session.clientId,
      session.isPublic,
      session.scope,
      session.endpointId,
      session.accessHash,
      session.accessExpiresAt,
      session.accessUsedAt,
      session.refreshHash,
      session.refreshExpiresAt,
      session.refreshedAt,
    ],
  )
}

/** The session whose refresh token, or the one before it, has this hash. */
export async function findSessionByRefresh(
  db: Queryable,
  accountId: string,
  refreshHash: Buffer,
): Promise<OAuthSession | null> {
  const rows = await db.query<OAuthSession>(
    `select ${COLUMNS} from oauth_sessions s
     where s.account_id = $1 and (s.refresh_hash = $2 or s.earlier_refresh_hash = $2)
     limit 1`,
    [accountId, refreshHash],
  )
  return rows[0] ?? null
}

/** Gives a session its next pair, if its refresh token is still the one given: of two at once the first has it. */
export async function replacePair(
  db: Queryable,
  accountId: string,
  refreshHash: Buffer,
  next: Pick<
    OAuthSession,
    'accessHash' | 'accessExpiresAt' | 'refreshHash' | 'refreshExpiresAt' | 'sealedPair' | 'refreshedAt'
  >,
): Promise<boolean> {
  const rows = await db.query(
    `update oauth_sessions
     set access_hash = $3, access_expires_at = $4, access_used_at = null, refresh_hash = $5, refresh_expires_at = $6,
       earlier_refresh_hash = $2, sealed_pair = $7, refreshed_at = $8
     where account_id = $1 and refresh_hash = $2
     returning id`,
    [
      accountId,
      refreshHash,
      next.accessHash,
      next.accessExpiresAt,
      next.refreshHash,
      next.refreshExpiresAt,
      next.sealedPair,
      next.refreshedAt,
    ],
  )
  return rows.length > 0
}

/** Notes that an access token is in use. */
export async function markAccessUsed(db: Queryable, accountId: string, id: string, at: Date): Promise<void> {
  await db.query(
    'update oauth_sessions set access_used_at = $3 where account_id = $1 and id = $2 and access_used_at is null',
    [accountId, id, at],
  )
}

/** Ends the session that an access or refresh token belongs to, with its tickets. */
export async function deleteSession(db: Queryable, accountId: string, tokenHash: Buffer): Promise<void> {
  await db.query(
    `with ended as (
       delete from oauth_sessions
       where account_id = $1 and (access_hash = $2 or refresh_hash = $2 or earlier_refresh_hash = $2)
       returning id
     )
     delete from oauth_tickets t using ended where t.account_id = $1 and t.session_id = ended.id`,
    [accountId, tokenHash],
  )
}

/** A short-lived token that stands for something. */
export interface Ticket<Facts extends Record<string, unknown> = Record<string, unknown>> {
  kind: 'code' | 'websocket'
  userId: string
  sessionId: string | null
  facts: Facts
  /** Machine time. */
  expiresAt: Date
}

/** Keeps a ticket, and forgets those that have run out. */
export async function insertTicket(
  db: Queryable,
  accountId: string,
  hash: Buffer,
  ticket: Ticket,
  now: Date,
): Promise<void> {
  await db.query(
    `with old as (delete from oauth_tickets where account_id = $1 and expires_at < $8)
     insert into oauth_tickets (account_id, hash, kind, user_id, session_id, facts, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [accountId, hash, ticket.kind, ticket.userId, ticket.sessionId, ticket.facts, ticket.expiresAt, now],
  )
}

const TICKET_COLUMNS = `t.kind, t.user_id as "userId", t.session_id as "sessionId", t.facts, t.expires_at as "expiresAt"`

/** Takes a ticket away: it counts once. */
export async function takeTicket(
  db: Queryable,
  accountId: string,
  hash: Buffer,
  kind: Ticket['kind'],
): Promise<Ticket | null> {
  const rows = await db.query<Ticket>(
    `delete from oauth_tickets t where t.account_id = $1 and t.hash = $2 and t.kind = $3 returning ${TICKET_COLUMNS}`,
    [accountId, hash, kind],
  )
  return rows[0] ?? null
}

/** Looks at a ticket that may be shown several times. */
export async function findTicket(
  db: Queryable,
  accountId: string,
  hash: Buffer,
  kind: Ticket['kind'],
): Promise<Ticket | null> {
  const rows = await db.query<Ticket>(
    `select ${TICKET_COLUMNS} from oauth_tickets t where t.account_id = $1 and t.hash = $2 and t.kind = $3`,
    [accountId, hash, kind],
  )
  return rows[0] ?? null
}
