import type { Write } from './changes.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'

/** URLs under one name, for the numbers that go by it. */
export interface Application {
  id: string
  friendlyName: string
  /** Empty: none, like every URL here. */
  smsUrl: string
  smsMethod: 'GET' | 'POST'
  smsFallbackUrl: string
  smsFallbackMethod: 'GET' | 'POST'
  /** Where the statuses of texts sent under the application are told. */
  messageStatusCallback: string
  kept: KeptSettings
  createdAt: Date
  updatedAt: Date
  version: number
  born: number
}

/** What is stored for programs to read back, under the vendor's names, and has no effect here. */
export type KeptSettings = Record<string, string | boolean | null>

const applicationTable = table('applications', {
  id: 'uuid',
  friendly_name: 'text',
  sms_url: 'text',
  sms_method: 'text',
  sms_fallback_url: 'text',
  sms_fallback_method: 'text',
  message_status_callback: 'text',
  kept: 'jsonb',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const applicationColumns = selectList(applicationTable, 'a')

export const insertApplication: Write<Application> = {
  name: 'new_applications',
  sql: parameter => insertFrom(applicationTable, parameter),
}

export const updateApplication: Write<Application> = {
  name: 'changed_applications',
  sql: parameter => updateFrom(applicationTable, ['id'], parameter),
}

export const deleteApplication: Write<{ id: string }> = {
  name: 'deleted_applications',
  sql: parameter => `delete from applications as a
    using json_to_recordset($${parameter}::json) as r(id uuid)
    where a.account_id = $1 and a.id = r.id`,
}

/** One application: `$1` account, `$2` id. */
export const loadApplication = `select ${applicationColumns} from applications a where a.account_id = $1 and a.id = $2`
