import type { Lookup } from './lookup.ts'
import type { TypedTable } from './rows.ts'
import { statementName } from './statement-name.ts'
import { spellRows } from './typed-rows.ts'

/** One kind of write, spelled in SQL: rows go in as `$parameter`, the account as `$1`. */
export interface Write<Row> {
  readonly name: string
  readonly sql: (parameter: number) => string
  /** The table as whose row type the rows go in; without it they are a JSON array. */
  readonly as?: TypedTable
  /** What is then known of rows that acts look up. Without it, the rows of a table that is written are read anew. */
  readonly leaves?: { readonly lookup: Lookup<unknown>; row(row: Row): object | null }
  /** Never set: ties the rows to the write. */
  readonly row?: Row
}

export interface Statement {
  name: string
  text: string
  values: unknown[]
}

/** Parameters that every statement of changes carries before its rows: account, new clock, clock before. */
const FIXED_PARAMETERS = 3
/** SQLSTATE division_by_zero: what a statement of changes fails with when the account's clock has moved on. */
export const CLOCK_MOVED = '22012'

/**
 * What an act decided, gathered per table and written as one statement: every write a CTE of it, all its rows one
 * parameter. The statement also moves the account's clock, and fails whole when that is not what the act began with. Its
 * text depends only on which writes take part.
 */
export class Changes {
  readonly #rows = new Map<Write<unknown>, unknown[]>()
  #configChanged = false

  add<Row>(write: Write<Row>, ...rows: Row[]): void {
    const kept = this.#rows.get(write)
    if (kept) kept.push(...rows)
    else if (rows.length > 0) this.#rows.set(write, rows)
  }

  /** Every write with its rows. */
  writes(): Iterable<[Write<object>, object[]]> {
    return this.#rows as Map<Write<object>, object[]>
  }

  /** Rows added for one write so far. */
  rowsOf<Row>(write: Write<Row>): readonly Row[] {
    return (this.#rows.get(write) ?? []) as Row[]
  }

  /** Says that what nodes keep in memory of the account's settings is out of date. */
  touchConfig(): void {
    this.#configChanged = true
  }

  get touchesConfig(): boolean {
    return this.#configChanged
  }

  get isEmpty(): boolean {
    return this.#rows.size === 0 && !this.#configChanged
  }

  /**
   * The statement that writes everything; `returning` names the write whose returned rows are wanted: without any it
   * gives one row of nulls.
   */
  statement(accountId: string, clock: { before: number; after: number }, returning?: Write<unknown>): Statement {
    const entries = [...this.#rows].sort(([a], [b]) => (a.name < b.name ? -1 : 1))
    const writes = entries.map(([write]) => write)
    const wanted = returning && this.#rows.has(returning) ? returning : null
    return {
      ...prepared(writes, { config: this.#configChanged, wanted }),
      values: [accountId, clock.after, clock.before, ...entries.map(([write, rows]) => spell(write, rows))],
    }
  }
}

const statements = new Map<string, Pick<Statement, 'name' | 'text'>>()

/** The statement of these writes, spelled once. */
function prepared(
  writes: Write<unknown>[],
  { config, wanted }: { config: boolean; wanted: Write<unknown> | null },
): Pick<Statement, 'name' | 'text'> {
  const key = `${config} ${wanted && idOf(wanted)} ${writes.map(idOf).join(' ')}`
  const known = statements.get(key)
  if (known) return known
  const ctes = [
    `the_clock as (update clocks set clock = $2${config ? ', config_version = $2' : ''}
      where account_id = $1 and clock = $3 returning 1)`,
    ...writes.map((write, index) => `${write.name} as (${write.sql(FIXED_PARAMETERS + 1 + index)})`),
  ]
  // The outer row makes the clock be looked at first: writes wait for it, and none is made when it has moved on.
  const text = `with ${ctes.join(',\n')}
    select ${wanted ? 'wanted.*' : ''}
    from (select 1 / count(*)::integer as held from the_clock) as checked
    ${wanted ? `left join ${wanted.name} as wanted on checked.held = 1` : 'where checked.held = 1'}`
  const statement = { name: statementName(text), text }
  statements.set(key, statement)
  return statement
}

const ids = new Map<Write<unknown>, number>()

/** Writes are constants of the program; two of them may bear one name. */
function idOf(write: Write<unknown>): number {
  const known = ids.get(write) ?? ids.size
  ids.set(write, known)
  return known
}

function spell(write: Write<unknown>, rows: unknown[]): string {
  return write.as ? spellRows(write.as, rows as object[]) : JSON.stringify(rows)
}
