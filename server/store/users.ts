import type { Write } from './changes.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'

/** Somebody with an identity in a service: takes part by a chat client or the inbox. */
export interface User {
  id: string
  serviceId: string
  identity: string
  friendlyName: string | null
  /** JSON text. */
  attributes: string
  roleId: string | null
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
  version: number
  born: number
}

const userTable = table('users', {
  id: 'uuid',
  service_id: 'uuid',
  identity: 'text',
  friendly_name: 'text',
  attributes: 'text',
  role_id: 'uuid',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  deleted_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const userColumns = selectList(userTable, 'u')

export const insertUser: Write<User> = { name: 'new_users', sql: parameter => insertFrom(userTable, parameter) }

export const updateUser: Write<User> = {
  name: 'changed_users',
  sql: parameter => updateFrom(userTable, ['id'], parameter),
}

/** Users by id: `$1` account, `$2` JSON array of ids. */
export const loadUsers = `select ${userColumns}
  from json_array_elements_text($2::json) as asked(id)
  join users u on u.account_id = $1 and u.id = asked.id::uuid
  where u.deleted_at is null`

/** Users by identity: `$1` account, `$2` JSON array of `{ serviceId, identity }`. */
export const loadUsersByIdentity = `select ${userColumns}
  from json_to_recordset($2::json) as asked("serviceId" uuid, identity text)
  join users u on u.account_id = $1 and u.service_id = asked."serviceId" and u.identity = asked.identity
  where u.deleted_at is null`
