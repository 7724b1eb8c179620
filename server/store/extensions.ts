import type { Write } from './changes.ts'
import { insertFrom, table } from './rows.ts'

/** The decimal id under which RingCentral's clients know a user or a queue. */
export interface Extension {
  id: number
  kind: 'user' | 'queue'
  /** UUID of the user or queue. */
  ownerId: string
  extensionNumber: string
  /** Whether a user may change queues and their handlers. */
  isAdmin: boolean
  createdAt: Date
  deletedAt: Date | null
  born: number
}

const extensionTable = table('extensions', {
  id: 'bigint',
  kind: 'text',
  owner_id: 'uuid',
  extension_number: 'text',
  is_admin: 'boolean',
  created_at: 'timestamptz',
  deleted_at: 'timestamptz',
  born: 'bigint',
})

export const insertExtension: Write<Extension> = {
  name: 'new_extensions',
  sql: parameter => insertFrom(extensionTable, parameter),
}

export const deleteExtension: Write<{ id: number; deletedAt: Date }> = {
  name: 'former_extensions',
  sql: parameter => `update extensions as e
    set deleted_at = r."deletedAt"
    from json_to_recordset($${parameter}::json) as r(id bigint, "deletedAt" timestamptz)
    where e.account_id = $1 and e.id = r.id`,
}

const COLUMNS = `e.id, e.kind, e.owner_id as "ownerId", e.extension_number as "extensionNumber", e.is_admin as "isAdmin",
  e.created_at as "createdAt", e.deleted_at as "deletedAt", e.born`

/** Extensions that are there: `$1` account, `$2` JSON array of ids. */
export const loadExtensions = `select ${COLUMNS}
  from json_array_elements_text($2::json) as asked(id)
  join extensions e on e.account_id = $1 and e.id = asked.id::bigint and e.deleted_at is null`

/** All extensions of an account, former ones included: `$1` account. */
export const loadAllExtensions = `select ${COLUMNS} from extensions e where e.account_id = $1 order by e.born`
