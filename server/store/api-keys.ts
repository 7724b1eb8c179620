import type { Write } from './changes.ts'

export interface ApiKey {
  id: string
  name: string
  /** Sealed, base64. */
  secret: string
  createdAt: Date
  updatedAt: Date
  version: number
  born: number
}

/** A key as it is shown: its secret was shown once, when it was made. */
export type ApiKeyRecord = Omit<ApiKey, 'secret'>

export const apiKeyColumns = `k.id, k.name, k.created_at as "createdAt", k.updated_at as "updatedAt", k.version, k.born`

/** Inserts keys that are not there. */
export const insertApiKey: Write<ApiKey> = {
  name: 'new_api_keys',
  sql: parameter => `insert into api_keys
      (account_id, id, name, secret, created_at, updated_at, version, born)
    select $1, r.id, r.name, decode(r.secret, 'base64'), r."createdAt", r."updatedAt", r.version, r.born
    from json_to_recordset($${parameter}::json) as r(id uuid, name text, secret text, "createdAt" timestamptz,
      "updatedAt" timestamptz, version bigint, born bigint)
    on conflict (account_id, id) do nothing`,
}

export const renameApiKey: Write<Pick<ApiKey, 'id' | 'name' | 'updatedAt' | 'version'>> = {
  name: 'renamed_api_keys',
  sql: parameter => `update api_keys as k
    set name = r.name, updated_at = r."updatedAt", version = r.version
    from json_to_recordset($${parameter}::json) as r(id uuid, name text, "updatedAt" timestamptz, version bigint)
    where k.account_id = $1 and k.id = r.id`,
}

/** Revokes keys for good: only a tombstone without the secret stays. */
export const deleteApiKey: Write<{ id: string; at: Date; version: number }> = {
  name: 'deleted_api_keys',
  sql: parameter => `update api_keys as k
    set secret = '', deleted_at = r.at, version = r.version
    from json_to_recordset($${parameter}::json) as r(id uuid, at timestamptz, version bigint)
    where k.account_id = $1 and k.id = r.id`,
}

/** One key that was not revoked: `$1` account, `$2` id. */
export const loadApiKey = `select ${apiKeyColumns} from api_keys k where k.account_id = $1 and k.id = $2
  and k.deleted_at is null`
