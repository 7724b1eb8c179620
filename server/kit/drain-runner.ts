import { setTimeout as pause } from 'node:timers/promises'
import type { DrainOptions, Hold } from './drain-options.ts'
import type { DrainQueue, Ready } from './drain-queue.ts'
import { FairTurns, type Held, type Place, type Ticket } from './fair-turns.ts'

const ERROR_PAUSE_MS = 1000

/** Lets the rows in memory run in fair turns: those of one key one at a time, in order; what is held holds up nobody else. */
export class DrainRunner<Queue, Row> {
  readonly #options: DrainOptions<Queue, Row>
  readonly #onEnded: (state: DrainQueue<Queue, Row>, key: string) => void
  readonly #turns = new FairTurns<Ready<Queue, Row>>()
  readonly #runningOf = new Map<string, number>()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #stopping = new AbortController()
  #running = 0
  #busyQueues = 0

  constructor(options: DrainOptions<Queue, Row>, onEnded: (state: DrainQueue<Queue, Row>, key: string) => void) {
    this.#options = options
    this.#onEnded = onEnded
  }

  get running(): number {
    return this.#running
  }

  /** Queues with rows in memory. */
  get busyQueues(): number {
    return this.#busyQueues
  }

  isHeld(kind: string): boolean {
    return this.#turns.isHeld(kind)
  }

  /** Takes a row in; `start` lets it run when its turn has come. */
  add(state: DrainQueue<Queue, Row>, row: Row): void {
    const key = this.#options.orderKey(row)
    const rank = this.rankOf(row)
    if (state.known.size === 0) this.#busyQueues++
    state.know({ id: this.#options.rowId(row), kind: this.#kindOf(state, row), rank })
    const behind = state.behind.get(key)
    if (!behind) {
      state.behind.set(key, [])
      this.#ready(state, key, [row])
      return
    }
    behind.push(row)
    const ticket = state.tickets.get(key)
    if (ticket && rank < ticket.place.rank) state.tickets.set(key, this.#turns.promote(ticket, rank))
  }

  /** Forgets the rows of a queue that do not run. */
  forget(state: DrainQueue<Queue, Row>): void {
    for (const rows of state.behind.values()) this.#drop(state, rows.splice(0))
    for (const { key, row } of this.#turns.drop(state.key)) {
      this.#drop(state, [row])
      state.behind.delete(key)
      state.tickets.delete(key)
    }
  }

  start(): void {
    while (!this.#stopping.signal.aborted && this.#running < this.#options.maxRunning) {
      const ticket = this.#turns.next(waiting => this.#held(waiting))
      if (!ticket) return
      const { state, key } = ticket.item
      state.tickets.delete(key)
      this.#running++
      this.#runningOf.set(state.group, this.#runsOf(state.group) + 1)
      void this.#run(ticket.item)
    }
  }

  resume(what: Held, name: string): void {
    this.#turns.resume(what, name)
  }

  /** Begins nothing more; what waits out an error gives up. */
  stop(): void {
    this.#stopping.abort()
    for (const timer of this.#timers) clearTimeout(timer)
  }

  rankOf(row: Row): number {
    return this.#options.rankOf?.(row) ?? 0
  }

  #kindOf(state: DrainQueue<Queue, Row>, row: Row): string {
    return this.#options.kindOf?.(state.queue, row) ?? ''
  }

  #runsOf(group: string): number {
    return this.#runningOf.get(group) ?? 0
  }

  /** The first of these rows of a key waits for its turn, as early as the best of them may go. */
  #ready(state: DrainQueue<Queue, Row>, key: string, rows: Row[]): void {
    const [row] = rows
    if (row === undefined) return
    const rank = rows.reduce((best, each) => Math.min(best, this.rankOf(each)), Number.POSITIVE_INFINITY)
    const place = { group: state.group, queue: state.key, kind: this.#kindOf(state, row), rank }
    state.tickets.set(key, this.#turns.add(place, { state, key, row }))
  }

  #held({ item: { state, row }, place }: Ticket<Ready<Queue, Row>>): Held | null {
    const { maxRunningOfGroup = Number.POSITIVE_INFINITY, holds } = this.#options
    if (this.#runsOf(state.group) >= maxRunningOfGroup) return 'group'
    const hold = holds?.(state.queue, row, place.kind) ?? null
    if (!hold) return null
    if (hold.forMs < Number.POSITIVE_INFINITY) this.#resumeAfter(hold, place)
    return hold.what
  }

  #resumeAfter({ what, forMs }: Hold, place: Place): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.resume(what, place[what])
      this.start()
    }, forMs)
    this.#timers.add(timer)
  }

  async #run({ state, key, row }: Ready<Queue, Row>): Promise<void> {
    const outcome = await this.#outcomeOf(state, row)
    this.#leaveGroup(state.group)
    this.#drop(state, [row])
    state.reading?.endedRows.add(this.#options.rowId(row))
    const behind = state.behind.get(key) ?? []
    if (outcome === 'held') {
      state.heldKeys.add(key)
      state.reading?.heldKeys.add(key)
      this.#drop(state, behind.splice(0))
    }
    if (behind.length === 0) state.behind.delete(key)
    else {
      this.#ready(state, key, behind)
      behind.shift()
    }
    this.#onEnded(state, key)
  }

  async #outcomeOf(state: DrainQueue<Queue, Row>, row: Row): Promise<'done' | 'held'> {
    try {
      return await this.#options.run(state.queue, row)
    } catch (error) {
      this.#options.onError(error)
      const { signal } = this.#stopping
      await pause(this.#options.errorPauseMs ?? ERROR_PAUSE_MS, undefined, { signal }).catch(() => {})
      return 'held'
    }
  }

  #leaveGroup(group: string): void {
    this.#running--
    const left = this.#runsOf(group) - 1
    if (left > 0) this.#runningOf.set(group, left)
    else this.#runningOf.delete(group)
    if (left + 1 === this.#options.maxRunningOfGroup) this.resume('group', group)
  }

  #drop(state: DrainQueue<Queue, Row>, rows: Row[]): void {
    if (rows.length === 0) return
    for (const row of rows) state.forget(this.#options.rowId(row))
    if (state.known.size === 0) this.#busyQueues--
  }
}
