import { setMaxListeners } from 'node:events'
import { setTimeout } from 'node:timers/promises'

/**
 * Works off rows that wait in a store, queue by queue. Rows of one order key run one at a time, in order; others side
 * by side. Fresh rows may be offered as they are committed, in the order of their commits, which saves reading them; what
 * does not fit in memory, or came while a queue was being read, is read from the store when its turn comes. The store
 * stays the truth: a row that is forgotten here is found there.
 */
export interface DrainOptions<Queue, Row> {
  /** Names a queue. */
  queueKey(queue: Queue): string
  /** Names what a queue belongs to, as `distrust` names it. */
  groupKey(queue: Queue): string
  /** What is due in a queue. */
  load(queue: Queue, limit: number): Promise<Due<Row>>
  /** Works one row off. `held`: it waits for another try, and so do the rows behind it. */
  run(queue: Queue, row: Row): Promise<'done' | 'held'>
  rowId(row: Row): string
  orderKey(row: Row): string
  /** Rows of one queue kept in memory. */
  maxWaiting: number
  /** Rows worked on at a time, all queues together. */
  maxRunning: number
  /** How long a row whose run threw keeps its place, so that a lasting fault costs a try a second and not a storm. */
  errorPauseMs?: number
  /** Told of an error that `run` or `load` threw; the rows stay in the store. */
  onError(error: unknown): void
}

export interface Due<Row> {
  /** The first due rows, in order, at most `limit`; none that stands behind one of its key that waits for another try. */
  rows: Row[]
  /** The keys with a row that waits for another try; null when they are too many to tell. */
  heldKeys: string[] | null
}

interface QueueState<Queue, Row> {
  queue: Queue
  group: string
  /** Rows in memory, waiting or running, by id. */
  known: Set<string>
  /** Rows that wait behind the first one of their key. */
  behind: Map<string, Row[]>
  /** Keys with a row in the store that waits for another try: what is offered of them waits behind it, in the store too. */
  heldKeys: Set<string>
  /** There are more such keys than can be told: every row is taken from the store. */
  hasManyHeld: boolean
  /** The store may hold due rows that are not in memory. */
  isShort: boolean
  /** How often the group had been distrusted when the store was last read. */
  trustedAt: number
  reading: Reading | null
}

/** A look into the store that is under way. What ends meanwhile it may still see waiting. */
interface Reading {
  done: Promise<void>
  endedRows: Set<string>
  heldKeys: Set<string>
  isVoid: boolean
}

interface Ready<Queue, Row> {
  state: QueueState<Queue, Row>
  key: string
  row: Row
}

const ERROR_PAUSE_MS = 1000

export class Drain<Queue, Row> {
  readonly #options: DrainOptions<Queue, Row>
  readonly #queues = new Map<string, QueueState<Queue, Row>>()
  readonly #distrusted = new Map<string, number>()
  readonly #stopping = new AbortController()
  #ready: Ready<Queue, Row>[] = []
  #readyAt = 0
  #running = 0
  #reading = 0
  #idleWaiters: (() => void)[] = []

  constructor(options: DrainOptions<Queue, Row>) {
    this.#options = options
    setMaxListeners(0, this.#stopping.signal)
  }

  /** Takes rows just committed, in order. */
  offer(queue: Queue, row: Row): void {
    const state = this.#state(queue)
    if (this.#isStopped || state.known.has(this.#options.rowId(row))) return
    if (state.heldKeys.has(this.#options.orderKey(row))) return
    const isFull = state.known.size >= this.#options.maxWaiting
    if (this.#isShort(state) || state.reading || isFull || state.hasManyHeld) {
      state.isShort = true
      this.#refill(state)
      return
    }
    this.#add(state, row)
    this.#start()
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

  /** Forgets rows that have not begun: another may serve the queue now. */
  forget(queue: Queue): void {
    const state = this.#queues.get(this.#options.queueKey(queue))
    if (!state) return
    state.isShort = true
    if (state.reading) state.reading.isVoid = true
    for (const rows of state.behind.values()) this.#drop(state, rows.splice(0))
    const begun = this.#ready.slice(this.#readyAt)
    this.#ready = begun.filter(ready => ready.state !== state)
    this.#readyAt = 0
    for (const { key, row } of begun.filter(ready => ready.state === state)) {
      this.#drop(state, [row])
      state.behind.delete(key)
    }
  }

  /** Resolves when nothing is in memory and no store is being read. */
  async idle(): Promise<void> {
    if (this.#isIdle()) return
    await new Promise<void>(resolve => this.#idleWaiters.push(resolve))
  }

  /** Begins nothing more and resolves when what runs has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    for (const state of this.#queues.values()) this.forget(state.queue)
    await this.idle()
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted
  }

  #isIdle(): boolean {
    return this.#running === 0 && this.#reading === 0 && this.#readyAt === this.#ready.length
  }

  #state(queue: Queue): QueueState<Queue, Row> {
    const key = this.#options.queueKey(queue)
    const kept = this.#queues.get(key)
    if (kept) return kept
    const group = this.#options.groupKey(queue)
    const fresh: QueueState<Queue, Row> = {
      queue,
      group,
      known: new Set(),
      behind: new Map(),
      heldKeys: new Set(),
      hasManyHeld: false,
      // Rows may wait from before this process.
      isShort: true,
      trustedAt: this.#distrustOf(group),
      reading: null,
    }
    this.#queues.set(key, fresh)
    return fresh
  }

  #distrustOf(group: string): number {
    return this.#distrusted.get(group) ?? 0
  }

  #isShort(state: QueueState<Queue, Row>): boolean {
    return state.isShort || state.trustedAt !== this.#distrustOf(state.group)
  }

  /** Reading for less would read the same rows again and again. */
  #hasRoom(state: QueueState<Queue, Row>): boolean {
    return state.known.size <= this.#options.maxWaiting / 2
  }

  #refill(state: QueueState<Queue, Row>): void {
    if (this.#isStopped || state.reading || !this.#isShort(state) || !this.#hasRoom(state)) return
    this.#read(state).catch(error => this.#options.onError(error))
  }

  #read(state: QueueState<Queue, Row>): Promise<void> {
    if (state.reading) return state.reading.done
    const reading = {
      done: Promise.resolve(),
      endedRows: new Set<string>(),
      heldKeys: new Set<string>(),
      isVoid: false,
    }
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

  async #readStore(state: QueueState<Queue, Row>, reading: Reading): Promise<void> {
    const { load, maxWaiting, rowId, orderKey } = this.#options
    state.trustedAt = this.#distrustOf(state.group)
    state.isShort = false
    let due: Due<Row>
    try {
      due = await load(state.queue, maxWaiting)
    } catch (error) {
      state.isShort = true
      throw error
    }
    if (reading.isVoid) return
    state.heldKeys = new Set([...(due.heldKeys ?? []), ...reading.heldKeys])
    state.hasManyHeld = due.heldKeys === null
    for (const row of due.rows) {
      const isOver = state.known.has(rowId(row)) || reading.endedRows.has(rowId(row))
      if (!isOver && !state.heldKeys.has(orderKey(row))) this.#add(state, row)
    }
    if (due.rows.length === maxWaiting) state.isShort = true
  }

  #add(state: QueueState<Queue, Row>, row: Row): void {
    state.known.add(this.#options.rowId(row))
    const key = this.#options.orderKey(row)
    const behind = state.behind.get(key)
    if (behind) {
      behind.push(row)
    } else {
      state.behind.set(key, [])
      this.#ready.push({ state, key, row })
    }
  }

  #drop(state: QueueState<Queue, Row>, rows: Row[]): void {
    for (const row of rows) state.known.delete(this.#options.rowId(row))
  }

  #start(): void {
    while (!this.#isStopped && this.#running < this.#options.maxRunning && this.#readyAt < this.#ready.length) {
      const ready = this.#ready[this.#readyAt++]!
      if (this.#readyAt > 1024) {
        this.#ready = this.#ready.slice(this.#readyAt)
        this.#readyAt = 0
      }
      this.#running++
      void this.#runOne(ready)
    }
    if (this.#isIdle()) for (const resolve of this.#idleWaiters.splice(0)) resolve()
  }

  async #runOne({ state, key, row }: Ready<Queue, Row>): Promise<void> {
    const outcome = await this.#runRow(state, row)
    this.#running--
    state.known.delete(this.#options.rowId(row))
    state.reading?.endedRows.add(this.#options.rowId(row))
    const behind = state.behind.get(key) ?? []
    if (outcome === 'held') {
      state.heldKeys.add(key)
      state.reading?.heldKeys.add(key)
      this.#drop(state, behind.splice(0))
    }
    const next = behind.shift()
    if (next === undefined) state.behind.delete(key)
    else this.#ready.push({ state, key, row: next })
    this.#refill(state)
    this.#start()
  }

  async #runRow(state: QueueState<Queue, Row>, row: Row): Promise<'done' | 'held'> {
    try {
      return await this.#options.run(state.queue, row)
    } catch (error) {
      this.#options.onError(error)
      const { signal } = this.#stopping
      await setTimeout(this.#options.errorPauseMs ?? ERROR_PAUSE_MS, undefined, { signal }).catch(() => {})
      return 'held'
    }
  }
}
