import type { Ticket } from './fair-turns.ts'

/** A look into the store that is under way. What ends meanwhile it may still see waiting. */
export interface Reading {
  done: Promise<void>
  readonly endedRows: Set<string>
  readonly heldKeys: Set<string>
  isVoid: boolean
}

/** A row whose turn may come: the first of its key. */
export interface Ready<Queue, Row> {
  state: DrainQueue<Queue, Row>
  key: string
  row: Row
}

/** What is asked of a row when it comes into memory. */
export interface Known {
  id: string
  kind: string
  rank: number
}

/** What a drain knows of one queue: the rows in memory, and what the store may have besides. */
export class DrainQueue<Queue, Row> {
  readonly queue: Queue
  readonly key: string
  readonly group: string
  /** Rows in memory, waiting or running, by id. */
  readonly known = new Map<string, Known>()
  /** Rows that wait behind the first one of their key. */
  readonly behind = new Map<string, Row[]>()
  /** The first rows of keys that wait for their turn. */
  readonly tickets = new Map<string, Ticket<Ready<Queue, Row>>>()
  /** Keys with a row in the store that waits for another try: what is offered of them waits behind it, in the store too. */
  heldKeys = new Set<string>()
  /** There are more such keys than can be told: every row is taken from the store. */
  hasManyHeld = false
  /** The store may hold due rows that are not in memory. Rows may wait from before this process. */
  isShort = true
  /** Such a row would go before others that are in memory. */
  isOvertaken = false
  /** Kinds of which the store was not asked, since what is in memory of them can't go on. */
  withoutKinds: string[] = []
  /** How often the group had been distrusted when the store was last read. */
  trustedAt: number
  reading: Reading | null = null
  readonly #ofKind = new Map<string, number>()
  readonly #ofRank: number[] = []

  constructor(queue: Queue, { key, group, trustedAt }: { key: string; group: string; trustedAt: number }) {
    this.queue = queue
    this.key = key
    this.group = group
    this.trustedAt = trustedAt
  }

  know(row: Known): void {
    this.known.set(row.id, row)
    this.#count(row, 1)
  }

  forget(id: string): void {
    const row = this.known.get(id)
    if (!row) return
    this.known.delete(id)
    this.#count(row, -1)
  }

  /** Whether a row of that rank would go before one that is in memory. */
  overtakes(rank: number): boolean {
    return this.#ofRank.some((count, at) => at > rank && count > 0)
  }

  /** Rows in memory of other kinds than these. */
  besides(kinds: string[]): number {
    return kinds.reduce((left, kind) => left - (this.#ofKind.get(kind) ?? 0), this.known.size)
  }

  /** Kinds of which so many rows are in memory. */
  kindsWith(atLeast: number): string[] {
    return [...this.#ofKind].flatMap(([kind, count]) => (count >= atLeast ? [kind] : []))
  }

  #count({ kind, rank }: Known, by: 1 | -1): void {
    const left = (this.#ofKind.get(kind) ?? 0) + by
    if (left > 0) this.#ofKind.set(kind, left)
    else this.#ofKind.delete(kind)
    while (this.#ofRank.length <= rank) this.#ofRank.push(0)
    this.#ofRank[rank] = (this.#ofRank[rank] ?? 0) + by
  }
}
