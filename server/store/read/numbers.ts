import type { Queryable } from '../../kit/queryable.ts'
import { loadOwnedNumber, numberColumns, type OwnedNumber } from '../numbers.ts'
import { bornRange, type ListRange } from './list-range.ts'

export type { OwnedNumber } from '../numbers.ts'

export interface NumberFilter {
  kinds: OwnedNumber['kind'][]
  friendlyName?: string | undefined
  /** A LIKE pattern. */
  pattern?: string | undefined
  isBeta?: boolean | undefined
}

export async function findNumber(db: Queryable, accountId: string, id: string): Promise<OwnedNumber | null> {
  return (await db.query<OwnedNumber>(loadOwnedNumber, [accountId, id]))[0] ?? null
}

/** The numbers that an account holds, newest first. */
export function listNumbers(
  db: Queryable,
  accountId: string,
  range: ListRange,
  filter: NumberFilter,
): Promise<OwnedNumber[]> {
  const { below, above, order, limit, offset } = bornRange(range)
  return db.query<OwnedNumber>(
    `select ${numberColumns}
     from numbers n
     where n.account_id = $1
       and n.released_at is null
       and n.born < $2
       and n.born > $3
       and n.kind = any($4)
       and ($5::text is null or n.friendly_name = $5)
       and ($6::text is null or n.number like $6)
       and ($7::boolean is null or coalesce((n.settings->>'isBeta')::boolean, false) = $7)
     order by n.born ${order}
     limit $8 offset $9`,
    [
      accountId,
      below,
      above,
      filter.kinds,
      filter.friendlyName ?? null,
      filter.pattern ?? null,
      filter.isBeta ?? null,
      limit,
      offset,
    ],
  )
}

/** Those of the numbers that the account holds or ever held: a seed does not bring back what was given away since. */
export async function everHeld(db: Queryable, accountId: string, numbers: string[]): Promise<Set<string>> {
  const rows = await db.query<{ number: string }>(
    'select distinct n.number from numbers n where n.account_id = $1 and n.number = any($2)',
    [accountId, numbers],
  )
  return new Set(rows.map(row => row.number))
}
