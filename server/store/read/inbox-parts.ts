import type { Queryable } from '../../kit/queryable.ts'

/** Pieces of SQL that the readers of the shared inbox have in common. `$1` is the account throughout. */

/** A user or queue as the inbox names it. */
export interface InboxUser {
  extensionId: string
  name: string
}

/** The user of an id column as `InboxUser`, those who are gone included; null for none. */
export function userJson(column: string): string {
  return `(select json_build_object('extensionId', e.id::text, 'name', coalesce(u.friendly_name, u.identity))
    from users u
    join extensions e on e.account_id = $1 and e.owner_id = u.id
    where u.account_id = $1 and u.id = ${column})`
}

/** Where a queue's threads lie: each `t` is in one heap, and each heap has its indexes by queue and by number. */
export const HEAPS = {
  open: `t.deleted_at is null and t.state <> 'closed'`,
  closed: `t.deleted_at is null and t.state = 'closed'`,
  deleted: 't.deleted_at is not null',
} as const

/** Values of a statement that is put together: gives each its `$n`. */
export class Values {
  readonly list: unknown[]

  constructor(accountId: string) {
    this.list = [accountId]
  }

  add(value: unknown): string {
    this.list.push(value)
    return `$${this.list.length}`
  }
}

/** Totals are exact up to here; a list of more says so many. */
export const MAX_TOTAL = 100_000

export interface PageAsked {
  /** From 1. */
  page: number
  perPage: number
}

export interface Page<Row> {
  rows: Row[]
  total: number
}

/** Reads a page, and counts the list only where the page does not show how long it is. */
export async function readPage<Row>(
  { page, perPage }: PageAsked,
  read: () => Promise<Row[]>,
  count: () => Promise<number>,
): Promise<Page<Row>> {
  const rows = await read()
  const isLast = rows.length < perPage && (rows.length > 0 || page === 1)
  const shown = rows.length > 0 ? (page - 1) * perPage + rows.length : 0
  // What is counted after the page was read may have gone meanwhile.
  const total = isLast ? shown : Math.max(shown, await count())
  return { rows, total: Math.min(total, MAX_TOTAL) }
}

/** How many rows a subquery gives, no further than `max`. */
export async function countUpTo(db: Queryable, max: number, found: string, { list }: Values): Promise<number> {
  const rows = await db.query<{ total: number }>(
    `select count(*)::int as total from (select 1 from (${found}) as each limit ${max}) as counted`,
    list,
  )
  return rows[0]?.total ?? 0
}
