import type { Queryable } from '../../kit/queryable.ts'
import { type Application, applicationColumns, loadApplication } from '../applications.ts'
import { bornRange, type ListRange } from './list-range.ts'

export type { Application, KeptSettings } from '../applications.ts'

export async function findApplication(db: Queryable, accountId: string, id: string): Promise<Application | null> {
  return (await db.query<Application>(loadApplication, [accountId, id]))[0] ?? null
}

/** An account's applications, newest first. */
export function listApplications(
  db: Queryable,
  accountId: string,
  range: ListRange,
  filter: { friendlyName?: string | undefined },
): Promise<Application[]> {
  const { below, above, order, limit, offset } = bornRange(range)
  return db.query<Application>(
    `select ${applicationColumns}
     from applications a
     where a.account_id = $1
       and a.born < $2
       and a.born > $3
       and ($4::text is null or a.friendly_name = $4)
     order by a.born ${order}
     limit $5 offset $6`,
    [accountId, below, above, filter.friendlyName ?? null, limit, offset],
  )
}
