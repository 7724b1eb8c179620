import type { Queryable } from '../../kit/queryable.ts'

export interface CallRecord {
  id: string
  kind: string
  smsId: string | null
  /** Whether the text is an MMS: with media or in a group. */
  isMms: boolean
  threadId: string | null
  number: string | null
  person: string | null
  url: string
  method: string
  fallbackUrl: string | null
  parameters: [string, string][]
  attempts: number
  nextAttemptAt: Date | null
  arrivedAt: Date
  finishedAt: Date | null
  durationMs: number | null
  errorCode: number | null
  errorMessage: string | null
  warnings: unknown
  hops: unknown
  born: number
}

export interface CallFilter {
  accountId: string
  number?: string | undefined
  person?: string | undefined
  smsId?: string | undefined
  threadId?: string | undefined
  kind?: string | undefined
  hasError?: boolean | undefined
  /** Only calls born before this: where the page before ended. */
  before?: number | undefined
  limit: number
}

const COLUMNS = `c.id, c.kind, c.sms_id as "smsId",
  coalesce(s.media_count > 0 or s.others is not null, false) as "isMms", c.thread_id as "threadId", c.number, c.person,
  c.url, c.method, c.fallback_url as "fallbackUrl", c.parameters, c.attempts, c.next_attempt_at as "nextAttemptAt",
  c.arrived_at as "arrivedAt", c.finished_at as "finishedAt", c.duration_ms as "durationMs",
  c.error_code as "errorCode", c.error_message as "errorMessage", c.warnings, c.hops, c.born`

const FROM = `from calls c left join sms s on s.account_id = c.account_id and s.id = c.sms_id`

/** An account's calls, newest first. */
export function listCalls(db: Queryable, filter: CallFilter): Promise<CallRecord[]> {
  return db.query<CallRecord>(
    `select ${COLUMNS}
     ${FROM}
     where c.account_id = $1
       and c.born < $2
       and ($3::text is null or c.number = $3)
       and ($4::text is null or c.person = $4)
       and ($5::uuid is null or c.sms_id = $5)
       and ($6::text is null or c.kind = $6)
       and ($7::boolean is null or (c.error_code is not null) = $7)
       and ($8::uuid is null or c.thread_id = $8)
     order by c.born desc
     limit $9`,
    [
      filter.accountId,
      filter.before ?? Number.MAX_SAFE_INTEGER,
      filter.number ?? null,
      filter.person ?? null,
      filter.smsId ?? null,
      filter.kind ?? null,
      filter.hasError ?? null,
      filter.threadId ?? null,
      filter.limit,
    ],
  )
}

export async function findCall(db: Queryable, accountId: string, id: string): Promise<CallRecord | null> {
  const rows = await db.query<CallRecord>(`select ${COLUMNS} ${FROM} where c.account_id = $1 and c.id = $2`, [
    accountId,
    id,
  ])
  return rows[0] ?? null
}
