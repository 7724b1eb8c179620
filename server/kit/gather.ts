export interface GatherOptions<In, Out> {
  /** Does a whole batch at once; answers one result per item, in the order given. */
  run(items: In[]): Promise<Out[]>
  /** Most items in one batch. */
  maxBatch: number
  /** Most batches under way at once; 1 keeps batches strictly one after another. */
  maxInFlight: number
  /** What an item weighs, for instance the rows it writes. Needs `maxWeight`; without it only items are counted. */
  weigh?(item: In): number
  /** A batch is closed before it would pass this weight; an item heavier than this goes alone. */
  maxWeight?: number
  /**
   * Whether a failure may be one item's own fault, so that the batch is worth running again one by one. Without it every
   * failure may be; answer false for what fails for all alike, such as a lost connection.
   */
  isPoison?(error: unknown): boolean
}

interface Waiting<In, Out> {
  item: In
  resolve(out: Out): void
  reject(error: unknown): void
}

/**
 * A door that makes batches of what arrives together: items that came while earlier batches were under way form the
 * next one, in order of arrival. There is no timer: when idle, all that was read from sockets at once starts together.
 *
 * Each item's promise settles with its own result. When `run` rejects with what may be poison, the items are run again
 * one by one, in order, so that a poisoned one fails alone; `run` must therefore have left nothing behind when it
 * rejects. Any other failure rejects all items of the batch.
 */
export function gather<In, Out>(options: GatherOptions<In, Out>): (item: In) => Promise<Out> {
  const { maxBatch, maxInFlight, weigh = () => 0, maxWeight = Number.POSITIVE_INFINITY } = options
  let waiting: Waiting<In, Out>[] = []
  let next = 0
  let inFlight = 0
  let isStarting = false

  return item =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      startSoon()
    })

  function startSoon(): void {
    if (isStarting || inFlight >= maxInFlight) return
    isStarting = true
    setImmediate(start)
  }

  function start(): void {
    isStarting = false
    while (inFlight < maxInFlight && next < waiting.length) {
      inFlight += 1
      void runBatch(options, takeBatch()).then(() => {
        inFlight -= 1
        startSoon()
      })
    }
  }

  function takeBatch(): Waiting<In, Out>[] {
    const first = next
    let weight = 0
    while (next < waiting.length && next - first < maxBatch) {
      weight += weigh(waiting[next]!.item)
      if (weight > maxWeight && next > first) break
      next += 1
    }
    const batch = waiting.slice(first, next)
    // Dropped in bulk: shifting a long queue for each batch would cost its whole length each time.
    if (next * 2 >= waiting.length) {
      waiting = waiting.slice(next)
      next = 0
    }
    return batch
  }
}

async function runBatch<In, Out>(options: GatherOptions<In, Out>, batch: Waiting<In, Out>[]): Promise<void> {
  const { run, isPoison = () => true } = options
  try {
    const outs = await run(batch.map(({ item }) => item))
    if (outs.length !== batch.length) throw new WrongCount(batch.length, outs.length)
    batch.forEach(({ resolve }, at) => {
      resolve(outs[at]!)
    })
  } catch (error) {
    const isAlone = batch.length === 1 || error instanceof WrongCount || !isPoison(error)
    if (!isAlone) for (const waiting of batch) await runBatch(options, [waiting])
    else for (const { reject } of batch) reject(error)
  }
}

/** A fault of the program: the work was done, but whose result is whose cannot be told. Never worth a second run. */
class WrongCount extends Error {
  constructor(items: number, results: number) {
    super(`a batch of ${items} items was answered with ${results} results`)
    this.name = 'WrongCount'
  }
}
