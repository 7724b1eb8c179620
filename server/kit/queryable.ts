import type { QueryResultRow } from 'pg'

/** What takes one SQL statement at a time: a pool, or a connection lent by one. */
export interface Queryable {
  query<Row extends QueryResultRow>(sql: string, values?: unknown[], how?: QueryHow): Promise<Row[]>
}

export interface QueryHow {
  /**
   * Each connection plans the statement once and keeps the plan: for what is asked with each request, by keys. `sql` is
   * then a constant.
   */
  isPrepared?: boolean
}
