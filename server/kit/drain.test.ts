import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Drain, type Due } from './drain.ts'

interface Row {
  id: string
  queue: string
  key: string
  born: number
  /** False while it waits for another try. */
  isDue: boolean
}

const MAX_WAITING = 4
const MAX_RUNNING = 3

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      at: fc.nat(5),
      by: fc.constantFrom('us', 'us', 'us', 'us', 'another', 'us, missed'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wake' as const), at: fc.nat(1) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('go on' as const), at: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), at: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('retry' as const), at: fc.nat(1) }) },
)
/** Where few queues and keys share the steps, more happens to each. */
const placesUsed = fc.constantFrom(1, 3, 6)
/** How the tries of rows end, one after another. */
const ending = fc.constantFrom<Ending>('done', 'done', 'done', 'held', 'held', 'throws', 'throws when done')
type Ending = 'done' | 'held' | 'throws' | 'throws when done'

/** A store of rows and a drain over it; what is asked of either waits until the test lets it go on. */
class World {
  readonly rows: Row[] = []
  readonly wrongs: string[] = []
  readonly running = new Set<string>()
  readonly drain: Drain<string, Row>
  readonly #endings: Ending[]
  #waiting: (() => void)[] = []
  #born = 0
  #isUnheard = false
  isCalm = false

  constructor(endings: Ending[]) {
    this.#endings = endings
    this.drain = new Drain<string, Row>({
      queueKey: queue => queue,
      groupKey: () => 'all',
      load: (queue, limit) => this.#load(queue, limit),
      run: (queue, row) => this.#run(queue, row),
      rowId: row => row.id,
      orderKey: row => row.key,
      maxWaiting: MAX_WAITING,
      maxRunning: MAX_RUNNING,
      errorPauseMs: 0,
      onError: () => {},
    })
  }

  /** A row is committed: by us, who offer it or say that we do not, or by another node, whom we notice at our next commit. */
  commit(place: number, by = 'us'): void {
    const born = ++this.#born
    const row = { id: `row ${born}`, queue: `queue ${place % 2}`, key: `key ${place % 3}`, born, isDue: true }
    this.rows.push(row)
    if (by === 'another') {
      this.#isUnheard = true
      return
    }
    if (this.#isUnheard) this.drain.distrust('all')
    this.#isUnheard = false
    if (by === 'us') this.drain.offer(row.queue, { ...row })
    else this.drain.miss(row.queue)
  }

  goOn(at: number): void {
    this.#waiting.splice(at % Math.max(this.#waiting.length, 1), 1)[0]?.()
  }

  /** As `goOn`, but leaves the first ones hanging. */
  goOnAfter(hanging: number): void {
    this.#waiting.splice(hanging, 1)[0]?.()
  }

  get isQuiet(): boolean {
    return this.#waiting.length === 0
  }

  retry(): void {
    for (const row of this.rows) row.isDue = true
  }

  async #load(queue: string, limit: number): Promise<Due<Row>> {
    const rows = this.rows.filter(row => row.queue === queue)
    const heldKeys = new Set(rows.filter(row => !row.isDue).map(row => row.key))
    const due = rows.filter(row => !heldKeys.has(row.key))
    const seen = due.slice(0, limit).map(row => ({ ...row }))
    await this.#pause()
    if (!this.isCalm && this.#endings.shift() === 'throws') throw new Error('the store is away')
    return { rows: seen, heldKeys: heldKeys.size > 1 ? null : [...heldKeys] }
  }

  async #run(queue: string, { id, key }: Row): Promise<'done' | 'held'> {
    const place = `${queue} ${key}`
    const first = this.rows.find(row => row.queue === queue && row.key === key)
    if (this.running.has(place)) this.wrongs.push(`${id} overlapped another of ${place}`)
    if (this.running.size >= MAX_RUNNING) this.wrongs.push(`${id} was one too many`)
    if (!this.rows.some(row => row.id === id)) this.wrongs.push(`${id} ran again after its end`)
    else if (first?.id !== id) this.wrongs.push(`${id} overtook ${first?.id}`)
    this.running.add(place)
    await this.#pause()
    this.running.delete(place)
    const end = this.isCalm ? 'done' : (this.#endings.shift() ?? 'done')
    const at = this.rows.findIndex(row => row.id === id)
    const row = this.rows[at]
    if (end === 'held' && row) row.isDue = false
    if (end === 'done' || end === 'throws when done') this.rows.splice(at, 1)
    if (end === 'throws' || end === 'throws when done') throw new Error('the run failed')
    return end
  }

  #pause(): Promise<void> {
    return new Promise(resolve => this.#waiting.push(resolve))
  }
}

const tick = () => new Promise<void>(resolve => setImmediate(resolve))

/** Lets all that is under way go on, and wakes the queues until neither has work. */
async function untilDone(world: World): Promise<void> {
  world.isCalm = true
  world.retry()
  for (let round = 0; round < 20_000; round++) {
    await tick()
    const wakes = Promise.all([world.drain.wake('queue 0'), world.drain.wake('queue 1')])
    let isAwake = true
    void wakes.then(() => {
      isAwake = false
    })
    for (let turn = 0; turn < 200 && (isAwake || !world.isQuiet); turn++) {
      world.goOn(0)
      await tick()
    }
    // As whoever wakes the queues does: a queue is asked again as long as the store says that it is due.
    if (!(await wakes).includes(true) && world.rows.length === 0) return
  }
  world.wrongs.push('it never came to an end')
}

describe('a drain', () => {
  test('runs rows of a key one at a time and in order, none twice at once, and leaves none in the store', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        placesUsed,
        fc.array(step, { maxLength: 60, size: 'max' }),
        fc.array(ending, { maxLength: 40, size: 'max' }),
        async (places, steps, ends) => {
          const world = new World([...ends])
          for (const { kind, ...rest } of steps) {
            if (kind === 'commit') world.commit(rest.at % places, 'by' in rest ? rest.by : 'us')
            else if (kind === 'wake') world.drain.wake(`queue ${rest.at}`).catch(() => {})
            else if (kind === 'go on') world.goOn(rest.at)
            else if (kind === 'forget') world.drain.forget(`queue ${rest.at}`)
            else world.retry()
            if (kind === 'go on') await tick()
          }
          await untilDone(world)
          expect(world.wrongs).toEqual([])
          expect(world.rows).toEqual([])
          await world.drain.idle()
        },
      ),
      { numRuns: 6000 },
    )
  })

  test('keeps what is offered while it reads that the key is held no more', async () => {
    const world = new World(['done', 'held'])
    const goOn = async () => {
      await tick()
      world.goOn(0)
      await tick()
    }
    world.commit(0)
    await goOn()
    await goOn()
    await goOn()
    world.retry()
    void world.drain.wake('queue 0')
    world.commit(0)
    await goOn()
    world.commit(0)
    await untilDone(world)
    expect(world.wrongs).toEqual([])
  })

  test('stops when what runs has ended and begins nothing more', async () => {
    const world = new World([])
    for (let at = 0; at < 6; at++) world.commit(0)
    await tick()
    world.goOn(0)
    await tick()
    let isStopped = false
    const stopping = world.drain.stop().then(() => {
      isStopped = true
    })
    await tick()
    expect(isStopped).toBe(false)
    while (!isStopped) {
      world.goOn(0)
      await tick()
    }
    await stopping
    expect(world.rows).toHaveLength(5)
  })

  test('works other keys off while one row hangs, however many rows come', async () => {
    const world = new World([])
    world.commit(0)
    await tick()
    world.goOn(0)
    await tick()
    for (let at = 0; at < 10; at++) world.commit(at % 2 === 0 ? 2 : 4)
    for (let turn = 0; turn < 100; turn++) {
      // The hanging one is the first that waits.
      world.goOnAfter(1)
      await tick()
    }
    expect(world.rows.map(row => row.id)).toEqual(['row 1'])
    await untilDone(world)
    expect(world.rows).toEqual([])
  })
})
