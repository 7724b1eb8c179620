import { elapsedMs } from '../../domain/clock.ts'
/** How often something held is looked at: world time may have jumped, or the house may be back. */
export const LOOK_AGAIN_MS = 1000

export interface Alarm {
  /** Rings within `ms` of machine time; an earlier ring that was asked for stands. */
  within(ms: number): void
  /** Rings now, or once more after the ring that is under way; resolves when that is done. */
  now(): Promise<void>
  /** Rings no more; resolves when the ring under way is done. */
  stop(): Promise<void>
}

/**
 * One timer for all that waits, so that thousands of held texts cost no more than one. Rings never overlap. `ring` must not throw.
 */
export function openAlarm(ring: () => Promise<void>): Alarm {
  let timer: NodeJS.Timeout | undefined
  let ringsAtMs = Number.POSITIVE_INFINITY
  let underWay = Promise.resolve()
  let stopped = false

  function now(): Promise<void> {
    clearTimeout(timer)
    ringsAtMs = Number.POSITIVE_INFINITY
    if (!stopped) underWay = underWay.then(ring)
    return underWay
  }

  return {
    within(ms) {
      const atMs = elapsedMs() + ms
      if (stopped || atMs >= ringsAtMs) return
      clearTimeout(timer)
      ringsAtMs = atMs
      timer = setTimeout(() => void now(), ms)
    },
    now,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await underWay
    },
  }
}
