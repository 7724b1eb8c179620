/**
 * The two clocks. Nobody else reads the machine's time.
 *
 * World time runs sessions, timers, schedules, retries and every date shown; the simulator may move it forward.
 * Machine time runs leases, socket timeouts, rate windows, sign-in and the expiry of tokens and signed URLs.
 */
export interface Clock {
  /** World time now. */
  world(): Date
  /** Machine time now, in milliseconds since the epoch. */
  machineMs(): number
}

/** Milliseconds that only ever grow, for measuring how long something takes; from no particular start. */
export function elapsedMs(): number {
  return performance.now()
}

/** A clock whose world runs `offsetMs()` ahead of the machine; the offset is kept in one row and read by all nodes. */
export function movableClock(offsetMs: () => number): Clock {
  return {
    world: () => new Date(Date.now() + offsetMs()),
    machineMs: () => Date.now(),
  }
}
