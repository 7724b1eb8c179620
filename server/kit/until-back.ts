import { setTimeout } from 'node:timers/promises'

const FIRST_WAIT_MS = 50
const LAST_WAIT_MS = 1000

/** Runs until it succeeds or fails otherwise than by `isAway`: for what must not be forgotten while a server is down. */
export async function untilBack<T>(run: () => Promise<T>, isAway: (error: unknown) => boolean): Promise<T> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LAST_WAIT_MS)) {
    try {
      return await run()
    } catch (error) {
      if (!isAway(error)) throw error
      await setTimeout(waitMs)
    }
  }
}
