import type { Thread, ThreadState } from '../../domain/thread.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { threadColumns } from '../threads.ts'
import { bornRange, type ListRange } from './list-range.ts'

export interface ThreadFilter {
  serviceId: string
  state?: ThreadState | undefined
  /** Created at that time or later. */
  from?: Date | undefined
  /** Created before that time. */
  until?: Date | undefined
}

const FIRST = new Date(-62_135_596_800_000)
const LAST = new Date(253_402_300_799_999)

/** A service's threads that are not deleted, newest first; the key is `[createdAtMs, born]`. */
export function listThreads(
  db: Queryable,
  accountId: string,
  range: ListRange,
  filter: ThreadFilter,
): Promise<Thread[]> {
  const { start } = range
  const { order, limit, offset } = bornRange(range)
  const keyAt = start.kind === 'offset' ? null : new Date(Number(start.key[0]))
  const keyBorn = start.kind === 'offset' ? 0 : Number(start.key[1])
  const isBelow = start.kind === 'after'
  return db.query<Thread>(
    `select ${threadColumns}
     from threads t
     where t.account_id = $1
       and t.service_id = $2
       and t.deleted_at is null
       ${filter.state ? 'and t.state = $11' : 'and $11::text is null'}
       and t.created_at >= $3
       and t.created_at < $4
       and (t.created_at, t.born) < ($5, $6)
       and (t.created_at, t.born) > ($7, $8)
     order by t.created_at ${order}, t.born ${order}
     limit $9 offset $10`,
    [
      accountId,
      filter.serviceId,
      filter.from ?? FIRST,
      filter.until ?? LAST,
      keyAt && isBelow ? keyAt : LAST,
      keyAt && isBelow ? keyBorn : Number.MAX_SAFE_INTEGER,
      keyAt && !isBelow ? keyAt : FIRST,
      keyAt && !isBelow ? keyBorn : -1,
      limit,
      offset,
      filter.state ?? null,
    ],
  )
}

/** A thread of the service by its id or unique name; null when there is none, or it is deleted. */
export async function findThread(
  db: Queryable,
  accountId: string,
  serviceId: string,
  name: { id: string } | { uniqueName: string },
): Promise<Thread | null> {
  const isId = 'id' in name
  const rows = await db.query<Thread>(
    `select ${threadColumns}
     from threads t
     where t.account_id = $1
       and t.service_id = $2
       and t.deleted_at is null
       and ${isId ? 't.id = $3' : 't.unique_name = $3'}`,
    [accountId, serviceId, isId ? name.id : name.uniqueName],
  )
  return rows[0] ?? null
}
