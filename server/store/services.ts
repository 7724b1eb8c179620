import type { Write } from './changes.ts'
import type { HookSettings } from './hooks.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'

/** What is set for the threads and users of a service. */
export interface ServiceSettings extends Record<string, unknown> {
  /** The role of an identity that opens a thread, and of one that is added. */
  creatorRoleId?: string
  threadRoleId?: string
  /** The role of a new user. */
  userRoleId?: string
  reachability?: boolean
  /** Whether texts to phones begin with their author's name, where the thread does not say. */
  labelsSenders?: boolean
  /** Apps that are asked and told about every thread of the service. */
  hooks?: HookSettings
}

/** A set of threads, users and settings with an identity of its own. */
export interface Service {
  id: string
  friendlyName: string
  settings: ServiceSettings
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
  version: number
  born: number
}

const serviceTable = table('services', {
  id: 'uuid',
  friendly_name: 'text',
  settings: 'jsonb',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  deleted_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const serviceColumns = selectList(serviceTable, 's')

export const insertService: Write<Service> = {
  name: 'new_services',
  sql: parameter => insertFrom(serviceTable, parameter),
}

export const updateService: Write<Service> = {
  name: 'changed_services',
  sql: parameter => updateFrom(serviceTable, ['id'], parameter),
}

/** Services that are not deleted: `$1` account, `$2` JSON array of ids. */
export const loadServices = `select ${serviceColumns}
  from json_array_elements_text($2::json) as asked(id)
  join services s on s.account_id = $1 and s.id = asked.id::uuid
  where s.deleted_at is null`
