import type { Write } from './changes.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'

/** What a chat user may do, in a thread or in a whole service. Programs with the account's credentials may do all. */
export interface Role {
  id: string
  serviceId: string
  friendlyName: string
  kind: 'conversation' | 'service'
  permissions: string[]
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
  version: number
  born: number
}

const roleTable = table('roles', {
  id: 'uuid',
  service_id: 'uuid',
  friendly_name: 'text',
  kind: 'text',
  permissions: 'jsonb',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  deleted_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const roleColumns = selectList(roleTable, 'r')

export const insertRole: Write<Role> = { name: 'new_roles', sql: parameter => insertFrom(roleTable, parameter) }

export const updateRole: Write<Role> = {
  name: 'changed_roles',
  sql: parameter => updateFrom(roleTable, ['id'], parameter),
}

/** Roles that are not deleted: `$1` account, `$2` JSON array of ids. */
export const loadRoles = `select ${roleColumns}
  from json_array_elements_text($2::json) as asked(id)
  join roles r on r.account_id = $1 and r.id = asked.id::uuid
  where r.deleted_at is null`
