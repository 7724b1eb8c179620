import type { Queryable } from '../../kit/queryable.ts'

export interface JarAsked {
  accountId: string
  person: string
  number: string
  /** The session whose jar is wanted. */
  startedAt: Date
}

/** The jars of sessions, in the order asked; null where that session has none. */
export async function findJars(db: Queryable, asked: JarAsked[]): Promise<unknown[]> {
  const rows = await db.query<{ at: number; cookies: unknown }>(
    `select asked.at, s.cookies
     from json_to_recordset($1::json)
       as asked(at integer, "accountId" uuid, person text, number text, "startedAt" timestamptz)
     join sessions s
       on s.account_id = asked."accountId" and s.person = asked.person and s.number = asked.number
      and s.cookies_started_at = asked."startedAt"`,
    [JSON.stringify(asked.map((each, at) => ({ ...each, at })))],
  )
  const jars: unknown[] = asked.map(() => null)
  for (const row of rows) jars[row.at] = row.cookies
  return jars
}
