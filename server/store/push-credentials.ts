import type { Write } from './changes.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'

/** What push notifications would be sent with: Apple's or Google's. */
export interface PushCredential {
  id: string
  kind: 'apn' | 'gcm' | 'fcm'
  friendlyName: string | null
  isSandbox: boolean | null
  /** Sealed, in base64: a JSON object of the vendor's certificate, keys and secrets. */
  secrets: string
  createdAt: Date
  updatedAt: Date
  version: number
  born: number
}

const pushCredentialTable = table('push_credentials', {
  id: 'uuid',
  kind: 'text',
  friendly_name: 'text',
  is_sandbox: 'boolean',
  secrets: 'text',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const pushCredentialColumns = selectList(pushCredentialTable, 'p')

export const insertPushCredential: Write<PushCredential> = {
  name: 'new_push_credentials',
  sql: parameter => insertFrom(pushCredentialTable, parameter),
}

export const updatePushCredential: Write<PushCredential> = {
  name: 'changed_push_credentials',
  sql: parameter => updateFrom(pushCredentialTable, ['id'], parameter),
}

/** Takes credentials away: rows are `{ id }`. */
export const deletePushCredential: Write<{ id: string }> = {
  name: 'old_push_credentials',
  sql: parameter => `delete from push_credentials as p
    using json_to_recordset($${parameter}::json) as r(id uuid)
    where p.account_id = $1 and p.id = r.id`,
}

/** One credential: `$1` account, `$2` id. */
export const loadPushCredential = `select ${pushCredentialColumns}
  from push_credentials p
  where p.account_id = $1 and p.id = $2`
