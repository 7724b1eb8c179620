import type { Call, CallKind } from '../domain/call.ts'
import type { Write } from './changes.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'

export const callTable = table('calls', {
  id: 'uuid',
  kind: 'text',
  lane: 'text',
  order_key: 'text',
  sms_id: 'uuid',
  thread_id: 'uuid',
  number: 'text',
  person: 'text',
  url: 'text',
  method: 'text',
  fallback_url: 'text',
  fallback_method: 'text',
  parameters: 'json',
  json: 'json',
  subscription_id: 'uuid',
  session_started_at: 'timestamptz',
  arrived_at: 'timestamptz',
  attempts: 'smallint',
  next_attempt_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const callColumns = selectList(callTable, 'c')

export const insertCall: Write<Call> = { name: 'new_calls', sql: parameter => insertFrom(callTable, parameter) }

/** What came of a call: kept on its row and readable. */
export interface CallOutcome {
  id: string
  attempts: number
  nextAttemptAt: Date | null
  finishedAt: Date | null
  durationMs: number
  errorCode: number | null
  errorMessage: string | null
  warnings: unknown
  hops: unknown
  version: number
}

const outcomeTable = table('calls', {
  id: 'uuid',
  attempts: 'smallint',
  next_attempt_at: 'timestamptz',
  finished_at: 'timestamptz',
  duration_ms: 'integer',
  error_code: 'integer',
  error_message: 'text',
  warnings: 'json',
  hops: 'json',
  version: 'bigint',
})

export const finishCall: Write<CallOutcome> = {
  name: 'call_outcomes',
  sql: parameter => updateFrom(outcomeTable, ['id'], parameter),
}

/** Which of the calls are still waiting: `$1` account, `$2` JSON array of ids. */
export const loadWaitingCalls = `select c.id
  from json_array_elements_text($2::json) as asked(id)
  join calls c on c.account_id = $1 and c.id = asked.id::uuid
  where c.next_attempt_at is not null`

/** How a call stands. */
export interface CallStanding {
  id: string
  kind: CallKind
  lane: string
  nextAttemptAt: Date | null
  finishedAt: Date | null
  errorCode: number | null
}

/** How a call stands: `$1` account, `$2` id. */
export const loadCallStanding = `select c.id, c.kind, c.lane, c.next_attempt_at as "nextAttemptAt",
    c.finished_at as "finishedAt", c.error_code as "errorCode"
  from calls c
  where c.account_id = $1 and c.id = $2`

/** A finished call that waits again, as if it had not been made yet. */
export interface RequeuedCall {
  id: string
  attempts: number
  nextAttemptAt: Date
  finishedAt: null
  version: number
}

const requeuedTable = table('calls', {
  id: 'uuid',
  attempts: 'smallint',
  next_attempt_at: 'timestamptz',
  finished_at: 'timestamptz',
  version: 'bigint',
})

export const requeueCall: Write<RequeuedCall> = {
  name: 'requeued_calls',
  sql: parameter => updateFrom(requeuedTable, ['id'], parameter),
}
