import { groupBy } from '../kit/group-by.ts'
import {
  claimFreeLanes,
  type DueLane,
  endLease,
  endOldLeases,
  endOtherLeases,
  findDueLanes,
  findOrphanedLanes,
  loadNextDue,
  loadOrphanedTexts,
  MAX_DUE_LANES,
  releaseLanes,
  renewLease,
  settleLanes,
  takeOrphanedLane,
} from '../store/lanes.ts'
import { loadSmsForProgress, type SmsForProgress } from '../store/sms.ts'
import { act } from './act.ts'
import type { Core } from './core.ts'
import { namingStep, takeParkedOfLost } from './receipts/late-receipts.ts'
import { progress } from './receipts/progress.ts'
import { receiptStep } from './receipts/receipt-step.ts'

export type { DueLane } from '../store/lanes.ts'

/** How long a node keeps its lanes after it was last heard of, in machine time. */
export const LEASE_MS = 10_000

/** Says that this node lives; false when others took it for dead: its lanes may be theirs by now. */
export function renewNodeLease(core: Core): Promise<boolean> {
  return renewLease(core.db, core.nodeId, new Date(core.clock.machineMs() + LEASE_MS))
}

/**
 * Gives up this node's lanes, so that another takes them at once. When work was cut off (`isClean` false) they pass on
 * as after a crash: what is marked as under way becomes unknown.
 */
export async function endNodeLease(core: Core, isClean: boolean): Promise<void> {
  if (isClean) await releaseLanes(core.db, core.nodeId)
  await endLease(core.db, core.nodeId)
}

/** Ends what earlier runs of the only node left, so that their lanes need not wait for leases to run out. */
export function endEarlierLeases(core: Core): Promise<void> {
  return endOtherLeases(core.db, core.nodeId)
}

/** Takes due lanes that nobody serves. What their last holder had under way becomes unknown: it may have been sent. */
export async function claimLanes(core: Core): Promise<void> {
  await claimFreeLanes(core.db, core.nodeId, core.clock.world())
  await endOldLeases(core.db, core.nodeId, new Date(core.clock.machineMs()))
  const orphaned = await findOrphanedLanes(core.db, core.nodeId, core.clock.world())
  const errors: unknown[] = []
  for (const [accountId, lanes] of groupBy(orphaned, lane => lane.accountId)) {
    const names = lanes.map(lane => lane.lane)
    // One account's fault is not to keep the others' lanes from being served.
    await takeOrphans(core, accountId, names).catch(error => errors.push(error))
  }
  if (errors.length > 0) throw errors[0]
}

/**
 * The lanes this node holds that have something due, so many at a time: after `last`, from the longest due on when null.
 * `last` of the answer is null when there are no more.
 */
export async function dueLanes(core: Core, last: DueLane | null): Promise<{ due: DueLane[]; last: DueLane | null }> {
  const due = await findDueLanes(core.db, core.nodeId, core.clock.world(), last)
  return { due, last: due.length < MAX_DUE_LANES ? null : (due.at(-1) ?? null) }
}

/** Sets lanes' due times to what still waits in them. */
export async function settle(core: Core, accountId: string, lanes: string[]): Promise<void> {
  await act(core, accountId, async step => {
    const rows = await step.load<{ lane: string; dueAt: Date | null }>(loadNextDue, [accountId, JSON.stringify(lanes)])
    step.changes.add(settleLanes, ...rows)
  })
}

/** In one act, so that the last holder, should it live, marks nothing in between. */
async function takeOrphans(core: Core, accountId: string, lanes: string[]): Promise<void> {
  await act(core, accountId, async step => {
    step.changes.add(takeOrphanedLane, ...lanes.map(lane => ({ lane, node: core.nodeId })))
    const texts = await step.load<{ id: string }>(loadOrphanedTexts, [accountId, JSON.stringify(lanes)])
    if (texts.length === 0) return
    const ids = JSON.stringify(texts.map(text => text.id))
    const rows = await step.load<SmsForProgress>(loadSmsForProgress, [accountId, ids])
    for (const [carrier, lost] of groupBy(rows, row => row.carrier ?? '')) {
      const parked = await takeParkedOfLost(step, carrier, lost)
      for (const row of lost) {
        const heard = (parked.get(row.id) ?? []).map(receipt => namingStep(receiptStep(receipt), receipt))
        progress(step, row, [{ status: 'unknown', nextAttemptAt: null }, ...heard])
      }
    }
  })
}
