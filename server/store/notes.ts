import type { Write } from './changes.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'

/** What a handler notes on a thread for the others; the guest never sees it. */
export interface Note {
  id: string
  threadId: string
  queueId: string
  /** UUID of the user. */
  authorId: string
  text: string
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
  version: number
  born: number
}

const noteTable = table('notes', {
  id: 'uuid',
  thread_id: 'uuid',
  queue_id: 'uuid',
  author_id: 'uuid',
  text: 'text',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  deleted_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const noteColumns = selectList(noteTable, 'n')

export const insertNote: Write<Note> = { name: 'new_notes', sql: parameter => insertFrom(noteTable, parameter) }

export const updateNote: Write<Note> = {
  name: 'changed_notes',
  sql: parameter => updateFrom(noteTable, ['id'], parameter),
}

/** Notes by id, deleted ones included: `$1` account, `$2` JSON array of ids. */
export const loadNotes = `select ${noteColumns}
  from json_array_elements_text($2::json) as asked(id)
  join notes n on n.account_id = $1 and n.id = asked.id::uuid`

/** Gives notes a new version: how their author is called changed, not what they say. */
export const bumpNote: Write<{ id: string; version: number }> = {
  name: 'bumped_notes',
  sql: parameter => `update notes as n
    set version = r.version
    from json_to_recordset($${parameter}::json) as r(id uuid, version bigint)
    where n.account_id = $1 and n.id = r.id`,
}
