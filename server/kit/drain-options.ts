import type { Held } from './fair-turns.ts'

/** What a drain is told of its queues and rows. */
export interface DrainOptions<Queue, Row> {
  /** Names a queue. */
  queueKey(queue: Queue): string
  /** Names what a queue belongs to, as `distrust` names it. */
  groupKey(queue: Queue): string
  /** What is due in a queue; none of these kinds, which can't go on for now, nor of what stands behind them. */
  load(queue: Queue, limit: number, withoutKinds: string[]): Promise<Due<Row>>
  /** Works one row off. `held`: it waits for another try, and so do the rows behind it. */
  run(queue: Queue, row: Row): Promise<'done' | 'held'>
  rowId(row: Row): string
  orderKey(row: Row): string
  /** Lower ones go first within their group; 0 unless said. A row never overtakes one of its key, which goes as early as it does. */
  rankOf?(row: Row): number
  /** Rows of one kind need the same thing to go on; one kind unless said. */
  kindOf?(queue: Queue, row: Row): string
  /** Asked of each row whose turn it is: null lets it go; else what has to wait, and how long. `kind` is the one that it came in as. */
  holds?(queue: Queue, row: Row, kind: string): Hold | null
  /** Rows of one queue kept in memory. */
  maxWaiting: number
  /** Rows of all queues kept in memory, about: with many queues each keeps less. */
  maxWaitingInAll?: number
  /** Rows worked on at a time, all queues together. */
  maxRunning: number
  /** Rows of one group worked on at a time. */
  maxRunningOfGroup?: number
  /** How long a row whose run threw keeps its place, so that a lasting fault costs a try a second and not a storm. */
  errorPauseMs?: number
  /** Told of an error that `run` or `load` threw; the rows stay in the store. */
  onError(error: unknown): void
}

export interface Due<Row> {
  /**
   * The first due rows, in order; when there are `limit` or more, there may be others. None that stands behind one of
   * its key that waits for another try.
   */
  rows: Row[]
  /** The keys with a row that waits for another try; null when they are too many to tell. */
  heldKeys: string[] | null
}

export interface Hold {
  what: Held
  /** Machine time; for ever: until `goOn` says so. */
  forMs: number
}
