/**
 * How rows travel: one parameter a table, in JSON taken apart by json_to_recordset or, where it must be fast, as an array
 * of a row type; so a batch of any size is one prepared statement. Keys are our words; columns are spelled once, here below.
 */

export interface Table {
  name: string
  /** column name -> [key in the row object, SQL type] */
  columns: ReadonlyArray<readonly [column: string, key: string, type: string]>
}

/** A table whose rows travel as the row type of this name. */
export interface TypedTable extends Table {
  type: string
}

/** Declares a table by its columns: `{ carrier_message_id: 'text' }` is read and written as `carrierMessageId`. */
export function table(name: string, columns: Record<string, string>): Table {
  return {
    name,
    columns: Object.entries(columns).map(([column, type]) => [column, camel(column), type] as const),
  }
}

/** `insert into <table> ... from <rows of $n>`; account_id is $1. */
export function insertFrom(t: Table, parameter: number, onConflict = ''): string {
  const columns = t.columns.map(([column]) => column)
  return `insert into ${t.name} (account_id, ${columns.join(', ')})
    select $1, ${t.columns.map(([, key]) => `r."${key}"`).join(', ')}
    from ${rowsIn(t, parameter)} ${onConflict}`
}

/**
 * `update <table> set ... from <rows of $n>` on the given key columns; account_id is $1. `alsoSet` is one more
 * assignment, in which the row is `t` and what comes in is `r`.
 */
export function updateFrom(t: Table, keys: string[], parameter: number, alsoSet?: string): string {
  const set = t.columns.filter(([column]) => !keys.includes(column))
  const on = t.columns.filter(([column]) => keys.includes(column))
  return `update ${t.name} as t
    set ${[...set.map(([column, key]) => `${column} = r."${key}"`), ...(alsoSet ? [alsoSet] : [])].join(', ')}
    from ${rowsIn(t, parameter)}
    where t.account_id = $1 and ${on.map(([column, key]) => `t.${column} = r."${key}"`).join(' and ')}`
}

/** `insert ... on conflict (account_id, keys) do update` of every other column; `alsoSet` is one more assignment. */
export function upsertFrom(t: Table, keys: string[], parameter: number, alsoSet?: string): string {
  const set = t.columns.filter(([column]) => !keys.includes(column)).map(([column]) => `${column} = excluded.${column}`)
  return insertFrom(
    t,
    parameter,
    `on conflict (account_id, ${keys.join(', ')}) do update set ${[...set, ...(alsoSet ? [alsoSet] : [])].join(', ')}`,
  )
}

/** The columns as a select list in our words: `t.carrier_message_id as "carrierMessageId", ...`. */
export function selectList(t: Table, alias: string): string {
  return t.columns.map(([column, key]) => `${alias}.${column} as "${key}"`).join(', ')
}

/** The rows that came in, as `r` with our words for its columns. */
function rowsIn(t: Table | TypedTable, parameter: number): string {
  return 'type' in t
    ? `unnest($${parameter}::${t.type}[]) as r`
    : `json_to_recordset($${parameter}::json) as r(${signature(t)})`
}

/** The columns in our words with their types, as `json_to_recordset` wants them. */
export function signature(t: Table): string {
  return t.columns.map(([, key, type]) => `"${key}" ${type}`).join(', ')
}

function camel(column: string): string {
  return column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
