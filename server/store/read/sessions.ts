import type { Queryable } from '../../kit/queryable.ts'

export interface SessionRecord {
  person: string
  number: string
  startedAt: Date
  activeAt: Date
  cookies: unknown
  /** The session that the cookies belong to. */
  cookiesStartedAt: Date | null
}

/** The session of a pair, ended or not. */
export async function findSession(
  db: Queryable,
  accountId: string,
  person: string,
  number: string,
): Promise<SessionRecord | null> {
  const rows = await db.query<SessionRecord>(
    `select s.person, s.number, s.started_at as "startedAt", s.active_at as "activeAt", s.cookies,
       s.cookies_started_at as "cookiesStartedAt"
     from sessions s
     where s.account_id = $1 and s.person = $2 and s.number = $3`,
    [accountId, person, number],
  )
  return rows[0] ?? null
}
