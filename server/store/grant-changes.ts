import type { Write } from './changes.ts'
import { insertFrom, table } from './rows.ts'

/** A user handles a queue now, or no longer. */
export interface GrantChange {
  userId: string
  at: Date
  version: number
}

const grantChangeTable = table('grant_changes', { version: 'bigint', user_id: 'uuid', at: 'timestamptz' })

export const insertGrantChange: Write<GrantChange> = {
  name: 'new_grant_changes',
  sql: parameter => insertFrom(grantChangeTable, parameter),
}
