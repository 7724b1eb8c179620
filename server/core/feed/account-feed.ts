import { hasOtherNodes } from '../../store/clock-notices.ts'
import { readClock, readClocks } from '../../store/read/clocks.ts'
import type { Core } from '../core.ts'
import { openNeighbours } from './neighbours.ts'

/** A stretch of an account's changes, all committed: every row whose version lies after `since`, up to `through`. */
export interface Stretch {
  accountId: string
  since: number
  through: number
}

export interface Watch {
  /** The clock from which the account is watched. */
  readonly from: number
  stop(): void
}

/**
 * Tells listeners of this node what changes in accounts, whichever node writes it. Stretches follow each other without a
 * gap; a listener that is busy, or fails, is told of all that came meanwhile as one. Listeners read the rows themselves,
 * by version: nothing is kept here, so that whoever was away reads on from the version that it knows.
 */
export interface AccountFeed {
  /** Watches an account from now on. One `onStretch` of a watch runs at a time. */
  watch(accountId: string, onStretch: (stretch: Stretch) => Promise<void>): Promise<Watch>
  /** Notes an act of this node, after its commit. */
  heard(accountId: string, clock: number): void
  /** Looks at once for what other nodes wrote; and every second by itself. */
  look(): Promise<void>
  start(): void
  stop(): Promise<void>
}

/** A notice that got lost costs so long. */
const LOOK_EVERY_MS = 1000

interface Watcher {
  accountId: string
  through: number
  wanted: number
  isRunning: boolean
  isStopped: boolean
  run(stretch: Stretch): Promise<void>
}

export function openAccountFeed(core: Core, onError: (error: unknown) => void): AccountFeed {
  const watchers = new Map<string, Set<Watcher>>()
  const neighbours = openNeighbours(core.db, { onMoved: move, onError })
  let timer: NodeJS.Timeout | undefined
  let isStopped = false

  function move(accountId: string, clock: number): void {
    for (const watcher of watchers.get(accountId) ?? []) {
      watcher.wanted = Math.max(watcher.wanted, clock)
      void advance(watcher)
    }
  }

  async function advance(watcher: Watcher): Promise<void> {
    if (watcher.isRunning) return
    watcher.isRunning = true
    try {
      while (!watcher.isStopped && watcher.wanted > watcher.through) {
        const { accountId, through: since, wanted: through } = watcher
        await watcher.run({ accountId, since, through })
        watcher.through = through
      }
    } catch (error) {
      // Told again, with what comes after, at the next look.
      onError(error)
    } finally {
      watcher.isRunning = false
    }
  }

  async function look(): Promise<void> {
    const now = new Date(core.clock.machineMs())
    const areThere = await hasOtherNodes(core.db, core.nodeId, now)
    // Who can't listen sees what changed by looking, a second late.
    await neighbours.set({ areThere, isListening: areThere && watchers.size > 0 }).catch(onError)
    if (watchers.size === 0) return
    const clocks = await readClocks(core.db, [...watchers.keys()])
    for (const [accountId, clock] of clocks) move(accountId, clock)
  }

  function scheduleLook(): void {
    if (isStopped) return
    timer = setTimeout(() => {
      look().catch(onError).finally(scheduleLook)
    }, LOOK_EVERY_MS)
  }

  return {
    async watch(accountId, run) {
      const { clock } = await readClock(core.db, accountId)
      const watcher: Watcher = { accountId, through: clock, wanted: clock, isRunning: false, isStopped: false, run }
      const ofAccount = watchers.get(accountId) ?? new Set()
      watchers.set(accountId, ofAccount.add(watcher))
      // What was committed while the clock was read has been heard before this watch was there to hear it.
      void readClock(core.db, accountId).then(({ clock: now }) => move(accountId, now), onError)
      return {
        from: clock,
        stop() {
          watcher.isStopped = true
          ofAccount.delete(watcher)
          if (ofAccount.size === 0 && watchers.get(accountId) === ofAccount) watchers.delete(accountId)
        },
      }
    },
    heard(accountId, clock) {
      move(accountId, clock)
      neighbours.tell(accountId, clock)
    },
    look,
    start: scheduleLook,
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await neighbours.set({ areThere: false, isListening: false })
    },
  }
}
