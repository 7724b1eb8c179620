/**
 * Works off rows that wait in a store, queue by queue. Rows of one order key run one at a time, in order; others side
 * by side. Fresh rows may be offered as they are committed, which saves reading them; what does not fit in memory, or
 * came while a queue was being read, is read from the store when its turn comes. The store stays the truth: a row that
 * is forgotten here is found there.
 */
export interface DrainOptions<Queue, Row> {
  /** Names a queue. */
  queueKey(queue: Queue): string
  /** Due rows of a queue, in order, at most `limit`. */
  load(queue: Queue, limit: number): Promise<Row[]>
  /** Works one row off. `held`: it waits for another try, and so do the rows behind it. */
  run(queue: Queue, row: Row): Promise<'done' | 'held'>
  rowId(row: Row): string
  orderKey(row: Row): string
  /** Rows of one queue kept in memory. */
  maxWaiting: number
  /** Rows worked on at a time, all queues together. */
  maxRunning: number
  /** Told of an error that `run` or `load` threw; the rows stay in the store. */
  onError(error: unknown): void
}

interface QueueState<Queue, Row> {
  queue: Queue
  /** Rows in memory, waiting or running, by id. */
  known: Set<string>
  /** Rows that wait behind a running one of their key. */
  behind: Map<string, Row[]>
  /** The store may hold due rows that are not in memory. */
  isShort: boolean
  loading: Promise<void> | null
}

interface Ready<Queue, Row> {
  state: QueueState<Queue, Row>
  key: string
  row: Row
}

export class Drain<Queue, Row> {
  readonly #options: DrainOptions<Queue, Row>
  readonly #queues = new Map<string, QueueState<Queue, Row>>()
  #ready: Ready<Queue, Row>[] = []
  #readyAt = 0
  #running = 0
  #isStopped = false
  #idleWaiters: (() => void)[] = []

  constructor(options: DrainOptions<Queue, Row>) {
    this.#options = options
  }

  /** Takes rows just committed, in order. */
  offer(queue: Queue, row: Row): void {
    const state = this.#state(queue)
    if (this.#isStopped || state.isShort || state.loading || state.known.size >= this.#options.maxWaiting) {
      state.isShort = true
      return
    }
    this.#add(state, row)
    this.#start()
  }

  /** Looks for due rows of a queue that has none in memory. Resolves to whether it has work now. */
  async wake(queue: Queue): Promise<boolean> {
    if (this.#isStopped) return false
    const state = this.#state(queue)
    if (state.known.size === 0) await this.#load(state)
    return state.known.size > 0 || state.isShort
  }

  /** Forgets rows that have not begun: another node serves the queue now. */
  forget(queue: Queue): void {
    const state = this.#queues.get(this.#options.queueKey(queue))
    if (!state) return
    this.#queues.delete(this.#options.queueKey(queue))
    state.behind.clear()
    this.#ready = this.#ready.slice(this.#readyAt).filter(ready => ready.state !== state)
    this.#readyAt = 0
  }

  /** Resolves when nothing is in memory. */
  async idle(): Promise<void> {
    if (this.#isIdle()) return
    await new Promise<void>(resolve => this.#idleWaiters.push(resolve))
  }

  /** Begins nothing more and resolves when what runs has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true
    for (const state of this.#queues.values()) this.forget(state.queue)
    await this.idle()
  }

  #isIdle(): boolean {
    return this.#running === 0 && this.#readyAt === this.#ready.length
  }

  #state(queue: Queue): QueueState<Queue, Row> {
    const key = this.#options.queueKey(queue)
    const kept = this.#queues.get(key)
    if (kept) return kept
    const fresh = { queue, known: new Set<string>(), behind: new Map<string, Row[]>(), isShort: false, loading: null }
    this.#queues.set(key, fresh)
    return fresh
  }

  #load(state: QueueState<Queue, Row>): Promise<void> {
    state.loading ??= this.#readStore(state).finally(() => {
      state.loading = null
      this.#start()
    })
    return state.loading
  }

  async #readStore(state: QueueState<Queue, Row>): Promise<void> {
    do {
      state.isShort = false
      const limit = this.#options.maxWaiting
      const rows = await this.#options.load(state.queue, limit)
      for (const row of rows) if (!state.known.has(this.#options.rowId(row))) this.#add(state, row)
      if (rows.length === limit) state.isShort = true
    } while (state.isShort && state.known.size === 0)
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
    const behind = state.behind.get(key)
    if (outcome === 'held') {
      for (const each of behind ?? []) state.known.delete(this.#options.rowId(each))
      state.behind.delete(key)
    } else {
      const next = behind?.shift()
      if (next === undefined) state.behind.delete(key)
      else this.#ready.push({ state, key, row: next })
    }
    if (state.isShort && state.known.size === 0 && !this.#isStopped) {
      this.#load(state).catch(error => this.#options.onError(error))
    }
    this.#start()
  }

  async #runRow(state: QueueState<Queue, Row>, row: Row): Promise<'done' | 'held'> {
    try {
      return await this.#options.run(state.queue, row)
    } catch (error) {
      this.#options.onError(error)
      return 'held'
    }
  }
}
