import type { Queryable } from '../../kit/queryable.ts'
import { type Role, roleColumns } from '../roles.ts'
import { bornRange, type ListRange } from './list-range.ts'

export type { Role } from '../roles.ts'

/** A service's roles, newest first. */
export function listRoles(db: Queryable, accountId: string, serviceId: string, range: ListRange): Promise<Role[]> {
  const { below, above, order, limit, offset } = bornRange(range)
  return db.query<Role>(
    `select ${roleColumns}
     from roles r
     where r.account_id = $1
       and r.service_id = $2
       and r.deleted_at is null
       and r.born < $3
       and r.born > $4
     order by r.born ${order}
     limit $5 offset $6`,
    [accountId, serviceId, below, above, limit, offset],
  )
}

export async function findRole(db: Queryable, accountId: string, serviceId: string, id: string): Promise<Role | null> {
  const rows = await db.query<Role>(
    `select ${roleColumns}
     from roles r
     where r.account_id = $1 and r.id = $3 and r.service_id = $2 and r.deleted_at is null`,
    [accountId, serviceId, id],
  )
  return rows[0] ?? null
}
