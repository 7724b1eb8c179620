import type { Queryable } from '../../kit/queryable.ts'
import { loadPushCredential, type PushCredential, pushCredentialColumns } from '../push-credentials.ts'
import { bornRange, type ListRange } from './list-range.ts'

export type { PushCredential } from '../push-credentials.ts'

export async function findPushCredential(db: Queryable, accountId: string, id: string): Promise<PushCredential | null> {
  return (await db.query<PushCredential>(loadPushCredential, [accountId, id]))[0] ?? null
}

/** An account's credentials, newest first. */
export function listPushCredentials(db: Queryable, accountId: string, range: ListRange): Promise<PushCredential[]> {
  const { below, above, order, limit, offset } = bornRange(range)
  return db.query<PushCredential>(
    `select ${pushCredentialColumns}
     from push_credentials p
     where p.account_id = $1
       and p.born < $2
       and p.born > $3
     order by p.born ${order}
     limit $4 offset $5`,
    [accountId, below, above, limit, offset],
  )
}
