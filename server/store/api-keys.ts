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
