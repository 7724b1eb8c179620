import type { Queryable } from '../../kit/queryable.ts'
import { type AddressRule, addressColumns } from '../addresses.ts'
import { bornRange, type ListRange } from './list-range.ts'

export type { AddressRule, AutoCreation } from '../addresses.ts'

/** An account's address rules, newest first. */
export function listAddresses(
  db: Queryable,
  accountId: string,
  range: ListRange,
  filter: { kind?: string | undefined },
): Promise<AddressRule[]> {
  const { below, above, order, limit, offset } = bornRange(range)
  return db.query<AddressRule>(
    `select ${addressColumns}
     from addresses a
     where a.account_id = $1
       and a.born < $2
       and a.born > $3
       and ($4::text is null or a.kind = $4)
     order by a.born ${order}
     limit $5 offset $6`,
    [accountId, below, above, filter.kind ?? null, limit, offset],
  )
}

/** A rule by its id or its address. */
export async function findAddress(
  db: Queryable,
  accountId: string,
  name: { id: string } | { address: string },
): Promise<AddressRule | null> {
  const isId = 'id' in name
  const rows = await db.query<AddressRule>(
    `select ${addressColumns} from addresses a where a.account_id = $1 and ${isId ? 'a.id = $2' : 'a.address = $2'}`,
    [accountId, isId ? name.id : name.address],
  )
  return rows[0] ?? null
}
