import type { DrainOptions, Due } from './drain-options.ts'
import { DrainQueue, type Reading } from './drain-queue.ts'
import { DrainRunner } from './drain-runner.ts'

export type { DrainOptions, Due, Hold } from './drain-options.ts'

/** Rows that are read although there is no room, when one of them may go before those in memory. */
const OVERTAKING = 100
/** Where very many queues wait, each keeps this many. */
const FEWEST_WAITING = 10

/**
 * Works off rows that wait in a store, queue by queue. Rows of one order key run one at a time, in order; others side
 * by side, groups and queues in turns. Fresh rows may be offered as they are committed, in the order of their commits,
 * which saves reading them; what does not fit in memory, or came while a queue was being read, is read from the store
 * when its turn comes. The store stays the truth: a row that is forgotten here is found there.
 */
export class Drain<Queue, Row> {
  readonly #options: DrainOptions<Queue, Row>
  readonly #runner: DrainRunner<Queue, Row>
  readonly #queues = new Map<string, DrainQueue<Queue, Row>>()
  /** How often each group was distrusted. */
  readonly #distrusted = new Map<string, number>()
  #isStopped = false
  #reading = 0
  #idleWaiters: (() => void)[] = []

  constructor(options: DrainOptions<Queue, Row>) {
    this.#options = options
    this.#runner = new DrainRunner(options, state => {
      this.#refill(state)
      this.#start()
    })
  }

  /** Takes rows just committed, in order. */
  offer(queue: Queue, row: Row): void {
    const state = this.#state(queue)
    if (this.#isStopped || state.known.has(this.#options.rowId(row))) return
    if (state.heldKeys.has(this.#options.orderKey(row))) {
      // What is being read may say that the key is held no more, without this row.
      if (state.reading) state.isShort = true
      return
    }
    const isWhole = !this.#isShort(state) && !state.reading && !state.hasManyHeld && state.withoutKinds.length === 0
    if (isWhole && state.known.size < this.#page()) {
      this.#runner.add(state, row)
      this.#start()
      return
    }
    state.isShort = true
    state.isOvertaken ||= state.overtakes(this.#runner.rankOf(row))
    this.#refill(state)
  }

  /** Says that a row of the queue was committed and not offered: later offers wait for a look into the store. */
  miss(queue: Queue): void {
    const state = this.#queues.get(this.#options.queueKey(queue))
    if (state) state.isShort = true
  }

  /** Looks for due rows of a queue that has none in memory, or not all. Resolves to whether it has work now. */
  async wake(queue: Queue): Promise<boolean> {
    if (this.#isStopped) return false
    const state = this.#state(queue)
    const mayHaveMore = this.#isShort(state) || state.heldKeys.size > 0 || state.hasManyHeld
    if (state.known.size === 0 || (mayHaveMore && this.#hasRoom(state))) await this.#read(state)
    return state.known.size > 0 || this.#isShort(state)
  }

  /** Says that rows of a group's queues may have been committed without being offered: offers wait for a look into the store. */
  distrust(group: string): void {
    this.#distrusted.set(group, this.#distrustOf(group) + 1)
  }

  /** Says that rows of a kind that were held may go on. */
  goOn(kind: string): void {
    this.#runner.resume('kind', kind)
    for (const state of this.#queues.values()) {
      if (!state.withoutKinds.includes(kind)) continue
      state.withoutKinds = []
      state.isShort = true
      this.#refill(state)
    }
    this.#start()
  }

  /** Forgets rows that have not begun: another may serve the queue now. */
  forget(queue: Queue): void {
    const state = this.#queues.get(this.#options.queueKey(queue))
    if (!state) return
    state.isShort = true
    if (state.reading) state.reading.isVoid = true
    this.#runner.forget(state)
  }

  /** Resolves when nothing runs, no store is being read, and what is in memory is held. */
  async idle(): Promise<void> {
    if (this.#isIdle()) return
    await new Promise<void>(resolve => this.#idleWaiters.push(resolve))
  }

  /** Begins nothing more and resolves when what runs has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#runner.stop()
    for (const state of this.#queues.values()) this.forget(state.queue)
    await this.idle()
  }

  /** What may start has been started whenever this is asked. */
  #isIdle(): boolean {
    return this.#runner.running === 0 && this.#reading === 0
  }

  #start(): void {
    this.#runner.start()
    if (this.#isIdle()) for (const resolve of this.#idleWaiters.splice(0)) resolve()
  }

  #state(queue: Queue): DrainQueue<Queue, Row> {
    const key = this.#options.queueKey(queue)
    const kept = this.#queues.get(key)
    if (kept) return kept
    const group = this.#options.groupKey(queue)
    const fresh = new DrainQueue<Queue, Row>(queue, { key, group, trustedAt: this.#distrustOf(group) })
    this.#queues.set(key, fresh)
    return fresh
  }

  #distrustOf(group: string): number {
    return this.#distrusted.get(group) ?? 0
  }

  #isShort(state: DrainQueue<Queue, Row>): boolean {
    return state.isShort || state.trustedAt !== this.#distrustOf(state.group)
  }

  /** How many rows a queue keeps in memory. */
  #page(): number {
    const { maxWaiting, maxWaitingInAll = Number.POSITIVE_INFINITY } = this.#options
    const share = Math.floor(maxWaitingInAll / Math.max(this.#runner.busyQueues, 1))
    return Math.min(maxWaiting, Math.max(FEWEST_WAITING, share))
  }

  /** Reading for less would read the same rows again and again. */
  #hasRoom(state: DrainQueue<Queue, Row>): boolean {
    const half = this.#page() / 2
    return state.known.size <= half || state.besides(this.#stuckKinds(state)) <= half
  }

  /** Kinds that fill the memory and can't go on. */
  #stuckKinds(state: DrainQueue<Queue, Row>): string[] {
    return state.kindsWith(this.#page() / 2).filter(kind => this.#runner.isHeld(kind))
  }

  #refill(state: DrainQueue<Queue, Row>): void {
    if (this.#isStopped || state.reading || !this.#isShort(state)) return
    const mayOvertake = state.isOvertaken && state.known.size < 2 * this.#page()
    if (!mayOvertake && !this.#hasRoom(state)) return
    this.#read(state).catch(error => this.#options.onError(error))
  }

  #read(state: DrainQueue<Queue, Row>): Promise<void> {
    if (state.reading) return state.reading.done
    const reading: Reading = { done: Promise.resolve(), endedRows: new Set(), heldKeys: new Set(), isVoid: false }
    state.reading = reading
    this.#reading++
    const end = () => {
      state.reading = null
      this.#reading--
    }
    reading.done = this.#readStore(state, reading).then(
      () => {
        end()
        // What was offered meanwhile is looked for at once.
        this.#refill(state)
        this.#start()
      },
      error => {
        end()
        this.#start()
        throw error
      },
    )
    return reading.done
  }

  async #readStore(state: DrainQueue<Queue, Row>, reading: Reading): Promise<void> {
    const { load, rowId, orderKey } = this.#options
    const limit = this.#hasRoom(state) ? this.#page() : OVERTAKING
    state.trustedAt = this.#distrustOf(state.group)
    state.isShort = false
    state.isOvertaken = false
    state.withoutKinds = this.#stuckKinds(state)
    let due: Due<Row>
    try {
      due = await load(state.queue, limit, state.withoutKinds)
    } catch (error) {
      state.isShort = true
      throw error
    }
    if (reading.isVoid) return
    state.heldKeys = new Set([...(due.heldKeys ?? []), ...reading.heldKeys])
    state.hasManyHeld = due.heldKeys === null
    for (const row of due.rows) {
      const isOver = state.known.has(rowId(row)) || reading.endedRows.has(rowId(row))
      if (!isOver && !state.heldKeys.has(orderKey(row))) this.#runner.add(state, row)
    }
    if (due.rows.length >= limit) state.isShort = true
  }
}
