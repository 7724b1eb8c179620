import type { Write } from './changes.ts'
import { insertFrom, table } from './rows.ts'

export type HintKind = 'created' | 'assigned' | 'resolved' | 'deleted'

/** A line of a queue thread's history, never changed once written. */
export interface Hint {
  id: string
  threadId: string
  queueId: string
  kind: HintKind
  /** The user who did it; null: the house, a phone or a program. */
  initiatorId: string | null
  /** Who is assigned from then on. */
  assigneeId: string | null
  /** Who was assigned until then. */
  previousId: string | null
  at: Date
  version: number
}

const hintTable = table('hints', {
  version: 'bigint',
  id: 'uuid',
  thread_id: 'uuid',
  queue_id: 'uuid',
  kind: 'text',
  initiator_id: 'uuid',
  assignee_id: 'uuid',
  previous_id: 'uuid',
  at: 'timestamptz',
})

export const insertHint: Write<Hint> = { name: 'new_hints', sql: parameter => insertFrom(hintTable, parameter) }
