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
