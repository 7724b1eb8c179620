import type { Queryable } from '../../kit/queryable.ts'
import { type User, userColumns } from '../users.ts'
import { bornRange, type ListRange } from './list-range.ts'

export type { User } from '../users.ts'

/** A service's users, newest first. */
export function listUsers(db: Queryable, accountId: string, serviceId: string, range: ListRange): Promise<User[]> {
  const { below, above, order, limit, offset } = bornRange(range)
  return db.query<User>(
    `select ${userColumns}
     from users u
     where u.account_id = $1
       and u.service_id = $2
       and u.deleted_at is null
       and u.born < $3
       and u.born > $4
     order by u.born ${order}
     limit $5 offset $6`,
    [accountId, serviceId, below, above, limit, offset],
  )
}

/** A user of the service by id or identity. */
export async function findUser(
  db: Queryable,
  accountId: string,
  serviceId: string,
  name: { id: string } | { identity: string },
): Promise<User | null> {
  const isId = 'id' in name
  const rows = await db.query<User>(
    `select ${userColumns}
     from users u
     where u.account_id = $1
       and u.service_id = $2
       and u.deleted_at is null
       and ${isId ? 'u.id = $3' : 'u.identity = $3'}`,
    [accountId, serviceId, isId ? name.id : name.identity],
  )
  return rows[0] ?? null
}
