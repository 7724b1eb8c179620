import type { Queryable } from '../../kit/queryable.ts'
import { type AccountSettings, loadAccountSettings } from '../account-settings.ts'
import { type Service, serviceColumns } from '../services.ts'
import { bornRange, type ListRange } from './list-range.ts'

export type { AccountSettings } from '../account-settings.ts'
export type { Service, ServiceSettings } from '../services.ts'

/** What the account's owner set for all its threads. */
export async function findAccountSettings(db: Queryable, accountId: string): Promise<AccountSettings> {
  const rows = await db.query<{ settings: AccountSettings }>(loadAccountSettings, [accountId])
  return rows[0]?.settings ?? {}
}

/** A service; null when there is none, or it is deleted. */
export async function findService(db: Queryable, accountId: string, id: string): Promise<Service | null> {
  const rows = await db.query<Service>(
    `select ${serviceColumns} from services s where s.account_id = $1 and s.id = $2 and s.deleted_at is null`,
    [accountId, id],
  )
  return rows[0] ?? null
}

/** An account's services, newest first. */
export function listServices(db: Queryable, accountId: string, range: ListRange): Promise<Service[]> {
  const { below, above, order, limit, offset } = bornRange(range)
  return db.query<Service>(
    `select ${serviceColumns}
     from services s
     where s.account_id = $1
       and s.deleted_at is null
       and s.born < $2
       and s.born > $3
     order by s.born ${order}
     limit $4 offset $5`,
    [accountId, below, above, limit, offset],
  )
}
