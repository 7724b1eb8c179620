import type { Changes, Write } from './changes.ts'
import { keyIn, type Lookup } from './lookup.ts'

/** More than the pairs that are active on a busy account in a day; past it, everything is read anew. */
const MAX_ROWS = 50_000

/** Rows of one account as they are at one value of its clock; null for those that are known to be absent. */
export class RowMemory {
  readonly #rows = new Map<Lookup<unknown>, Map<string, object | null>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Undefined when it is not known. */
  find<Row extends object>(lookup: Lookup<Row>, asked: object): Row | null | undefined {
    return this.#rows.get(lookup)?.get(keyIn(lookup, asked)) as Row | null | undefined
  }

  /** Notes what was found of what was asked. */
  note<Row extends object>(lookup: Lookup<Row>, asked: object[], found: Row[]): void {
    for (const each of asked) this.#put(lookup, each, null)
    for (const row of found) this.#put(lookup, row, row)
  }

  /** Brings what is known to where the changes left it. */
  follow(changes: Changes): void {
    for (const [write, rows] of changes.writes()) {
      const { leaves } = write
      if (leaves) for (const row of rows) this.#put(leaves.lookup, row, leaves.row(row))
      else for (const lookup of this.#rows.keys()) if (touches(write, lookup.table)) this.#forget(lookup)
    }
  }

  #put(lookup: Lookup<unknown>, named: object, row: object | null): void {
    if (this.#size >= MAX_ROWS) {
      this.#rows.clear()
      this.#size = 0
    }
    const rows = this.#rows.get(lookup) ?? new Map<string, object | null>()
    if (rows.size === 0) this.#rows.set(lookup, rows)
    const before = rows.size
    rows.set(keyIn(lookup, named), row)
    this.#size += rows.size - before
  }

  #forget(lookup: Lookup<unknown>): void {
    this.#size -= this.#rows.get(lookup)?.size ?? 0
    this.#rows.delete(lookup)
  }
}

const touched = new WeakMap<Write<object>, Map<string, boolean>>()

/** Whether a write's SQL names the table where it may write it. */
function touches(write: Write<object>, table: string): boolean {
  const known = touched.get(write) ?? new Map<string, boolean>()
  touched.set(write, known)
  const answer = known.get(table) ?? new RegExp(`\\b(?:into|update|from)\\s+${table}\\b`, 'i').test(write.sql(1))
  known.set(table, answer)
  return answer
}
