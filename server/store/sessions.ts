import type { Write } from './changes.ts'
import type { Lookup } from './lookup.ts'
import { insertFrom, table } from './rows.ts'
import { typed } from './typed-rows.ts'

export interface SessionActivity {
  person: string
  number: string
  startedAt: Date
  activeAt: Date
}

/** The activity of a pair and, where an act changed it, its jar. */
export interface SessionChange extends SessionActivity {
  /** Set when the jar changed: the session that the cookies belong to; they are void in another. */
  cookiesStartedAt?: Date
  cookies?: unknown
}

const sessionTable = typed(
  table('sessions', {
    person: 'text',
    number: 'text',
    started_at: 'timestamptz',
    active_at: 'timestamptz',
    cookies_started_at: 'timestamptz',
    cookies: 'jsonb',
  }),
)

/** When pairs were active. */
export const sessionsOfPairs: Lookup<SessionActivity> = {
  table: 'sessions',
  key: ['person', 'number'],
  sql: `select s.person, s.number, s.started_at as "startedAt", s.active_at as "activeAt"
    from json_to_recordset($2::json) as asked(person text, number text)
    join sessions s on s.account_id = $1 and s.person = asked.person and s.number = asked.number`,
}

/**
 * One row a pair and act: a statement cannot touch a row twice. A jar of an earlier session than the kept one's, as a
 * replayed call may leave, is not kept.
 */
export const changeSession: Write<SessionChange> = {
  name: 'session_changes',
  as: sessionTable,
  leaves: {
    lookup: sessionsOfPairs,
    row: ({ person, number, startedAt, activeAt }) => ({ person, number, startedAt, activeAt }),
  },
  sql: parameter =>
    insertFrom(
      sessionTable,
      parameter,
      `on conflict (account_id, person, number) do update
       set started_at = excluded.started_at,
         active_at = excluded.active_at,
         cookies = case
           when excluded.cookies_started_at is null or excluded.cookies_started_at < sessions.cookies_started_at
           then sessions.cookies
           else excluded.cookies
         end,
         cookies_started_at = greatest(excluded.cookies_started_at, sessions.cookies_started_at)`,
    ),
}

/** Forgets sessions, with their jars. */
export const deleteSession: Write<{ person: string; number: string }> = {
  name: 'ended_sessions',
  leaves: { lookup: sessionsOfPairs, row: () => null },
  sql: parameter => `delete from sessions as s
    using json_to_recordset($${parameter}::json) as r(person text, number text)
    where s.account_id = $1 and s.person = r.person and s.number = r.number`,
}
