import type { Core } from '../core/core.ts'
import { tellUserChanges } from '../core/inbox/user-changes.ts'
import { purgeUploads } from '../core/media/upload-media.ts'
import { forgetHistory } from '../core/pools/forget-history.ts'
import { serveWaits } from '../core/pools/serve-waits.ts'
import { releaseHeld } from '../core/sending/release-held.ts'
import { releaseScheduled } from '../core/sending/release-scheduled.ts'
import { fireReminders } from '../core/subscriptions/fire-reminders.ts'
import { fireTimers } from '../core/threads/fire-timers.ts'
import type { LaneWorker } from './lane-keeper.ts'

/** Runs the timers of accounts whose lane is due. */
export function openTimerWorker(core: Core): LaneWorker {
  return {
    async wake({ accountId, lane }) {
      if (lane !== 'account') return false
      while (await fireTimers(core, accountId)) {
        // As long as there may be more.
      }
      while (await releaseScheduled(core, accountId)) {
        // As long as there may be more.
      }
      while (await releaseHeld(core, accountId)) {
        // As long as there may be more.
      }
      while (await serveWaits(core, accountId)) {
        // As long as there may be more.
      }
      while (await tellUserChanges(core, accountId)) {
        // As long as there may be more.
      }
      while (await forgetHistory(core, accountId)) {
        // As long as there may be more.
      }
      while (await fireReminders(core, accountId)) {
        // As long as there may be more.
      }
      while (await purgeUploads(core, accountId)) {
        // As long as there may be more.
      }
      return false
    },
    forget() {},
    distrust() {},
  }
}
