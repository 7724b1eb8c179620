import type { QueryResultRow } from 'pg'

/** What takes one SQL statement at a time: a pool, or a connection lent by one. */
export interface Queryable {
  query<Row extends QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>
}
