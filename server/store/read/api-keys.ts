import type { Queryable } from '../../kit/queryable.ts'
import { type ApiKeyRecord, apiKeyColumns, loadApiKey } from '../api-keys.ts'
import { bornRange, type ListRange } from './list-range.ts'

export type { ApiKeyRecord } from '../api-keys.ts'

export async function findApiKey(db: Queryable, accountId: string, id: string): Promise<ApiKeyRecord | null> {
  return (await db.query<ApiKeyRecord>(loadApiKey, [accountId, id]))[0] ?? null
}

/** An account's API keys that count, newest first. */
export function listApiKeys(db: Queryable, accountId: string, range: ListRange): Promise<ApiKeyRecord[]> {
  const { below, above, order, limit, offset } = bornRange(range)
  return db.query<ApiKeyRecord>(
    `select ${apiKeyColumns}
     from api_keys k
     where k.account_id = $1
       and k.deleted_at is null
       and k.born < $2
       and k.born > $3
     order by k.born ${order}
     limit $4 offset $5`,
    [accountId, below, above, limit, offset],
  )
}
