import type { Write } from './changes.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'

/** The hooks of an account or of a service: what is asked before and told after. */
export interface HookSettings extends Record<string, unknown> {
  method?: 'GET' | 'POST'
  /** Names of the events that are asked about or told; others are not. */
  filters?: string[]
  preUrl?: string | null
  postUrl?: string | null
  target?: 'webhook' | 'flex'
}

/** What a hook of one thread is set to. */
export interface ThreadHookSettings extends Record<string, unknown> {
  url?: string
  method?: 'GET' | 'POST'
  filters?: string[]
  /** Words, one of which a message must hold. */
  triggers?: string[]
  flowSid?: string
  /** The index of the first message that it was told of when it was added. */
  replayFrom?: number
}

/** A hook of one thread. */
export interface ThreadHook {
  id: string
  threadId: string
  target: 'webhook' | 'trigger' | 'studio'
  settings: ThreadHookSettings
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
  version: number
  born: number
}

const threadHookTable = table('thread_hooks', {
  id: 'uuid',
  thread_id: 'uuid',
  target: 'text',
  settings: 'jsonb',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  deleted_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const threadHookColumns = selectList(threadHookTable, 'h')

export const insertThreadHook: Write<ThreadHook> = {
  name: 'new_thread_hooks',
  sql: parameter => insertFrom(threadHookTable, parameter),
}

export const updateThreadHook: Write<ThreadHook> = {
  name: 'changed_thread_hooks',
  sql: parameter => updateFrom(threadHookTable, ['id'], parameter),
}

/** The hooks of threads, in order: `$1` account, `$2` JSON array of thread ids. */
export const loadThreadHooks = `select ${threadHookColumns}
  from json_array_elements_text($2::json) as asked(id)
  join thread_hooks h on h.account_id = $1 and h.thread_id = asked.id::uuid
  where h.deleted_at is null
  order by h.born`

/** An inbound text that waits for hooks to be asked, or behind one of its pair that does. Both parts are plain JSON. */
export interface HeldText<Arrival = unknown, Inquiry = unknown> {
  smsId: string
  person: string
  number: string
  arrival: Arrival
  inquiry: Inquiry | null
  /** The call that asks now; null for a text that is not the first of its line. */
  callId: string | null
  born: number
}

const heldTextTable = table('held_texts', {
  sms_id: 'uuid',
  person: 'text',
  number: 'text',
  arrival: 'jsonb',
  inquiry: 'jsonb',
  call_id: 'uuid',
  born: 'bigint',
})

export const insertHeldText: Write<HeldText> = {
  name: 'new_held_texts',
  sql: parameter => insertFrom(heldTextTable, parameter),
}

export const updateHeldText: Write<HeldText> = {
  name: 'changed_held_texts',
  sql: parameter => updateFrom(heldTextTable, ['sms_id'], parameter),
}

/** Lets held texts go: rows are `{ smsId }`. */
export const deleteHeldText: Write<{ smsId: string }> = {
  name: 'old_held_texts',
  sql: parameter => `delete from held_texts as h
    using json_to_recordset($${parameter}::json) as r("smsId" uuid)
    where h.account_id = $1 and h.sms_id = r."smsId"`,
}

const HELD_COLUMNS = selectList(heldTextTable, 'h')

/** Those of the pairs that have texts in line, however many: `$1` account, `$2` JSON array of `{ person, number }`. */
export const loadPairsInLine = `select distinct asked.person, asked.number
  from json_to_recordset($2::json) as asked(person text, number text)
  where exists (
    select 1 from held_texts h
    where h.account_id = $1 and h.person = asked.person and h.number = asked.number
  )`

/** The whole lines of the texts that calls ask about: `$1` account, `$2` JSON array of call ids. */
export const loadLinesOfCalls = `select ${HELD_COLUMNS}
  from json_array_elements_text($2::json) as asked(id)
  join held_texts first on first.account_id = $1 and first.call_id = asked.id::uuid
  join held_texts h on h.account_id = $1 and h.person = first.person and h.number = first.number
  order by h.born`
