import { setTimeout as delay } from 'node:timers/promises'
import type { Postmaster } from './postmaster.ts'
import { StartRefused } from './start-refused.ts'

export interface KeepRunningOptions {
  start: () => Promise<Postmaster>
  log: (line: string) => void
  onDeath: ((reason: string) => void) | undefined
}

export interface Keeper {
  pid(): number | undefined
  stop(): Promise<void>
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5_000
/** A server that has lived this long was well; its next restart is immediate again. */
const WELL_AFTER_MS = 60_000
/** Together 11 s: enough for the longest statement that Heddle sends. */
const FIRST_START_TRIES = 8
/** Backends of a killed server hold its memory until they notice; a server that was just starting holds the folder. */
const STILL_HELD = /shared memory block|lock file "postmaster.pid"/

/**
 * Starts the server and starts it again whenever it ends, after pauses that double up to 5 s, until `stop`. Throws what
 * the first start says when it fails.
 */
export async function keepRunning({ start, log, onDeath }: KeepRunningOptions): Promise<Keeper> {
  const stopping = new AbortController()
  let current: Postmaster | undefined = await startFirst(start)
  const running = watch()
  return {
    pid: () => current?.pid,
    async stop() {
      stopping.abort()
      await current?.stop()
      await running
    },
  }

  async function watch(): Promise<void> {
    let failures = 0
    for (;;) {
      const reason = current
        ? await endOf(current, () => {
            failures = 0
          })
        : 'could not be started'
      current = undefined
      if (stopping.signal.aborted) return
      log(`the database died (${reason}); restarting it`)
      onDeath?.(reason)
      await pause(failures)
      failures += 1
      if (stopping.signal.aborted) return
      current = await startAgain()
    }
  }

  async function startAgain(): Promise<Postmaster | undefined> {
    try {
      const postmaster = await start()
      postmaster.ready.then(
        () => log('the database is back'),
        error => log(String(error)),
      )
      if (stopping.signal.aborted) await postmaster.stop()
      return postmaster
    } catch (error) {
      log(`the database cannot be started: ${String(error)}`)
      return undefined
    }
  }

  async function pause(failures: number): Promise<void> {
    // Ends early, and quietly, when we are told to stop.
    await delay(pauseMs(failures), undefined, { signal: stopping.signal }).catch(() => {})
  }
}

async function endOf(postmaster: Postmaster, onWell: () => void): Promise<string> {
  const wellTimer = setTimeout(onWell, WELL_AFTER_MS)
  const reason = await postmaster.ended
  clearTimeout(wellTimer)
  return reason
}

async function startFirst(start: () => Promise<Postmaster>): Promise<Postmaster> {
  for (let tries = 0; ; tries += 1) {
    const postmaster = await start()
    try {
      await postmaster.ready
      return postmaster
    } catch (error) {
      const isStillHeld = error instanceof StartRefused && STILL_HELD.test(error.message)
      if (!isStillHeld || tries + 1 >= FIRST_START_TRIES) throw error
      await delay(pauseMs(tries))
    }
  }
}

function pauseMs(failures: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS)
}
