import type { Core } from '../core/core.ts'
import { tellUserChanges } from '../core/inbox/user-changes.ts'
import { purgeUploads } from '../core/media/upload-media.ts'
import { forgetHistory } from '../core/pools/forget-history.ts'
import { serveWaits } from '../core/pools/serve-waits.ts'
import { releaseHeld } from '../core/sending/release-held.ts'
import { releaseScheduled } from '../core/sending/release-scheduled.ts'
import { fireReminders } from '../core/subscriptions/fire-reminders.ts'
import { fireTimers } from '../core/threads/fire-timers.ts'
import { ACCOUNT_LANE } from '../domain/lane.ts'
import { isAway } from '../kit/database-away.ts'
import type { LaneWorker } from './lane-keeper.ts'

/** Each does some of what is due in an account, and tells whether there may be more. */
const TIMERS: ((core: Core, accountId: string) => Promise<boolean>)[] = [
  fireTimers,
  releaseScheduled,
  releaseHeld,
  serveWaits,
  tellUserChanges,
  forgetHistory,
  fireReminders,
  purgeUploads,
]

/** Runs the timers of accounts whose lane is due; one that fails keeps none of the others waiting. */
export function openTimerWorker(core: Core): LaneWorker & { stop(): void } {
  let isStopped = false

  async function untilDone(run: (typeof TIMERS)[number], accountId: string): Promise<void> {
    while (!isStopped && (await run(core, accountId))) {
      // As long as there may be more.
    }
  }

  return {
    async wake({ accountId, lane }) {
      if (lane !== ACCOUNT_LANE) return false
      const errors: unknown[] = []
      for (const run of TIMERS) {
        await untilDone(run, accountId).catch(error => {
          if (isAway(error)) throw error
          errors.push(error)
        })
      }
      if (errors.length > 0) throw errors[0]
      return false
    },
    forget() {},
    distrust() {},
    stop() {
      isStopped = true
    },
  }
}
