/** Who reconciles when: at start, after trouble, and now and then. */
export interface Watch {
  start(): void
  /** Something may be missing: looks soon, and far back when texts or receipts were. */
  soon(asked?: { isDeep: boolean }): void
  /** True until a look has gone well that began after texts from phones were last missed. */
  readonly isBehind: boolean
  /** A text from a phone was missed. */
  fellBehind(): void
  /** Resolves when a look that is under way, or else one begun now, has ended, well or not. */
  looked(): Promise<void>
  stop(): Promise<void>
}

/** After a text became unknown its outcome is yet to be kept. */
const SOON_MS = 1_000
const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 60_000
const DEEP_EVERY_MS = 60 * 60_000

/** Looks never overlap; what failed is tried again, less and less often. Times are of the machine. */
export function openWatch(deps: {
  look(asked: { isDeep: boolean }): Promise<boolean>
  everyMs: number
  /** How soon to look again while unknown texts remain. */
  againMs: number
  nowMs(): number
  onError(error: unknown): void
}): Watch {
  let timer: NodeJS.Timeout | undefined
  let dueAtMs = Number.POSITIVE_INFINITY
  let underWay: Promise<void> | null = null
  let failures = 0
  let isAskedAgain = false
  let isDeep = true
  let deepAtMs = 0
  /** Times that texts were missed, the start among them, and as many of them as have been seen to. */
  let misses = 1
  let mended = 0
  let isStopped = false

  function within(ms: number): void {
    const atMs = deps.nowMs() + ms
    if (isStopped || atMs >= dueAtMs) return
    clearTimeout(timer)
    dueAtMs = atMs
    timer = setTimeout(ring, ms)
  }

  /** A look that is under way may have passed what this ring is about. */
  function ring(): void {
    dueAtMs = Number.POSITIVE_INFINITY
    if (underWay) isAskedAgain = true
    else void looked()
  }

  function looked(): Promise<void> {
    underWay ??= run().finally(() => {
      underWay = null
    })
    return underWay
  }

  async function run(): Promise<void> {
    if (isStopped) return
    clearTimeout(timer)
    dueAtMs = Number.POSITIVE_INFINITY
    isAskedAgain = false
    const missed = misses
    const goesDeep = isDeep || deps.nowMs() - deepAtMs > DEEP_EVERY_MS
    isDeep = false
    try {
      const isOpen = await deps.look({ isDeep: goesDeep })
      failures = 0
      mended = missed
      if (goesDeep) deepAtMs = deps.nowMs()
      within(isAskedAgain ? 0 : isOpen ? Math.min(deps.againMs, deps.everyMs) : deps.everyMs)
    } catch (error) {
      isDeep = isDeep || goesDeep
      if (!isStopped) deps.onError(error)
      within(Math.min(FIRST_RETRY_MS * 2 ** failures, LAST_RETRY_MS))
      failures += 1
    }
  }

  return {
    start: () => void looked(),
    soon(asked) {
      if (asked?.isDeep) isDeep = true
      within(SOON_MS)
    },
    get isBehind() {
      return misses > mended
    },
    fellBehind() {
      misses += 1
      isDeep = true
      within(SOON_MS)
    },
    looked,
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await underWay
    },
  }
}
