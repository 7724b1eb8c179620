import { type Line, openLine } from './line.ts'

export interface KeyedQueue {
  /**
   * Takes a task and returns at once. Tasks of one key run one at a time, in the order they were pushed; those of
   * different keys run side by side, up to the queue's limit, keys taking turns in the order they became ready. Settles
   * as the task does; a task that fails does not hold up the next one of its key.
   */
  push<Out>(key: string, task: () => Promise<Out>): Promise<Out>
  /** Tasks that wait or run. */
  readonly size: number
  /** Resolves when no task waits or runs; at once when there is none. */
  idle(): Promise<void>
}

type Run = () => Promise<void>

/** A line of tasks per key; a key is kept only while it has a task. `maxRunning` counts tasks over all keys. */
export function openKeyedQueue({ maxRunning }: { maxRunning: number }): KeyedQueue {
  /** What waits behind the running or ready task of a key. */
  const lines = new Map<string, Line<Run>>()
  const ready = openLine<{ key: string; run: Run }>()
  let running = 0
  let size = 0
  let idlers: (() => void)[] = []

  return {
    push: (key, task) =>
      new Promise((resolve, reject) => {
        size += 1
        // `async` also catches a task that throws before its first await.
        const run: Run = async () => (async () => task())().then(resolve, reject)
        const line = lines.get(key)
        if (line) return line.add(run)
        lines.set(key, openLine())
        ready.add({ key, run })
        startReady()
      }),
    get size() {
      return size
    },
    idle: () => (size === 0 ? Promise.resolve() : new Promise(resolve => idlers.push(resolve))),
  }

  function startReady(): void {
    while (running < maxRunning) {
      const next = ready.take()
      if (!next) return
      running += 1
      void next.run().then(() => finish(next.key))
    }
  }

  function finish(key: string): void {
    running -= 1
    size -= 1
    const run = lines.get(key)?.take()
    if (run) ready.add({ key, run })
    else lines.delete(key)
    startReady()
    if (size === 0) tellIdlers()
  }

  function tellIdlers(): void {
    const told = idlers
    idlers = []
    for (const tell of told) tell()
  }
}
