import { setTimeout as pause } from 'node:timers/promises'
import type { Core } from '../core/core.ts'
import { claimLanes, type DueLane, dueLanes, endNodeLease, LEASE_MS, renewNodeLease, settle } from '../core/lanes.ts'
import { groupBy } from '../kit/group-by.ts'

export interface LaneRef {
  accountId: string
  lane: string
}

/** What works lanes off: delivery for their texts, webhooks for their calls. */
export interface LaneWorker {
  /** Looks for due work; false when there is none. */
  wake(lane: LaneRef): Promise<boolean>
  /** Drops what has not begun: another node may serve the lane now. */
  forget(lane: LaneRef): void
  /** Rows of the account's lanes may have been committed that were not offered. */
  distrust(accountId: string): void
}

const LOOK_EVERY_MS = 200
const RENEW_EVERY_MS = 2000
/** How long a look waits for those it wakes: longer work goes on beside the looks after it. */
const WAIT_FOR_WORK_MS = 200

export interface LaneKeeper {
  /** Notes an act of this node, in the order of commits; where others wrote before it, workers look into the store. */
  heard(queued: { accountId: string; since: number; clock: number }): void
  /** Notes that a lane fell to this node. */
  hold(lane: LaneRef): void
  /** Whether this node serves the lane, as far as it knows. */
  holds(lane: LaneRef): boolean
  start(): Promise<void>
  /** Looks at once: all due lanes are claimed, and their workers have looked, when it resolves. */
  look(): Promise<void>
  /** Gives the lanes up; `isClean` when no worker was cut off. */
  stop(isClean: boolean): Promise<void>
}

/** Keeps this node's lease, takes lanes that nobody serves, and wakes the workers of lanes with something due. */
export function openLaneKeeper(core: Core, workers: LaneWorker[], onError: (error: unknown) => void): LaneKeeper {
  let lookTimer: NodeJS.Timeout | undefined
  let renewTimer: NodeJS.Timeout | undefined
  let isStopped = false
  let renewedAtMs = Number.NEGATIVE_INFINITY
  let looking: Promise<void> = Promise.resolve()
  let renewing: Promise<void> = Promise.resolve()
  /** Where the last look ended, when there was more: the next goes on from there, so that every lane has its turn. */
  let last: DueLane | null = null
  /** Lanes whose workers look for due work. */
  const waking = new Map<string, Promise<void>>()
  /** Lanes in which nothing was due, to be settled. */
  const idle: LaneRef[] = []
  const held = new Map<string, LaneRef>()
  /** The accounts' clocks: after this node's last act, and at the last look. */
  const heardClocks = new Map<string, number>()
  const seenClocks = new Map<string, number>()

  const isLeased = () => core.clock.machineMs() - renewedAtMs < LEASE_MS

  async function renew(): Promise<void> {
    const nowMs = core.clock.machineMs()
    // Others may have taken lanes while this node was not heard of; those still its own are noted when they are due.
    if (!isLeased()) forgetAll()
    // Their clocks may say otherwise than its own.
    if (!(await renewNodeLease(core))) forgetAll()
    renewedAtMs = nowMs
  }

  function forgetAll(): void {
    for (const lane of held.values()) for (const worker of workers) worker.forget(lane)
    held.clear()
  }

  function distrust(accountId: string): void {
    for (const worker of workers) worker.distrust(accountId)
  }

  /** What another node wrote a look ago, and no act of ours has noticed, is read from the store. */
  function noticeOthers(due: DueLane[]): void {
    for (const [accountId, lanes] of groupBy(due, lane => lane.accountId)) {
      const seen = seenClocks.get(accountId) ?? 0
      if (seen > (heardClocks.get(accountId) ?? 0)) {
        distrust(accountId)
        heardClocks.set(accountId, seen)
      }
      seenClocks.set(accountId, lanes[0]?.clock ?? 0)
    }
  }

  async function lookOnce(): Promise<void> {
    if (!isLeased()) await renew()
    await claimLanes(core).catch(onError)
    const found = await dueLanes(core, last)
    last = found.last
    noticeOthers(found.due)
    for (const { accountId, lane } of found.due) {
      const key = keyOf({ accountId, lane })
      held.set(key, { accountId, lane })
      if (waking.has(key)) continue
      const woken = wake({ accountId, lane }).finally(() => waking.delete(key))
      waking.set(key, woken)
    }
  }

  /** One that fails is woken again by the next look. */
  async function wake(lane: LaneRef): Promise<void> {
    const woken = await Promise.allSettled(workers.map(worker => worker.wake(lane)))
    for (const each of woken) if (each.status === 'rejected') onError(each.reason)
    if (woken.every(each => each.status === 'fulfilled' && !each.value)) idle.push(lane)
  }

  async function settleIdle(): Promise<void> {
    for (const [accountId, lanes] of groupBy(idle.splice(0), lane => lane.accountId)) {
      await settle(
        core,
        accountId,
        lanes.map(lane => lane.lane),
      ).catch(onError)
    }
  }

  async function allWoken(): Promise<void> {
    await Promise.all(waking.values())
  }

  /** One after another: a look that is under way may have seen less than is there now. */
  function look(isPatient: boolean): Promise<void> {
    looking = looking
      .catch(() => {})
      .then(async () => {
        if (isPatient) {
          await allWoken()
          last = null
        }
        do {
          await lookOnce()
          await (isPatient
            ? allWoken()
            : Promise.race([allWoken(), pause(WAIT_FOR_WORK_MS, undefined, { ref: false })]))
          await settleIdle()
        } while (isPatient && last)
      })
    return looking
  }

  function scheduleLook(): void {
    if (isStopped) return
    lookTimer = setTimeout(() => {
      look(false).catch(onError).finally(scheduleLook)
    }, LOOK_EVERY_MS)
  }

  /** Beside the looks, so that a long one costs no lease. */
  function scheduleRenewal(): void {
    if (isStopped) return
    renewTimer = setTimeout(() => {
      renewing = renew().catch(onError).finally(scheduleRenewal)
    }, RENEW_EVERY_MS)
  }

  return {
    heard({ accountId, since, clock }) {
      if (heardClocks.get(accountId) !== since) distrust(accountId)
      heardClocks.set(accountId, clock)
    },
    hold: lane => held.set(keyOf(lane), lane),
    holds: lane => held.has(keyOf(lane)) && isLeased(),
    async start() {
      await renew()
      scheduleRenewal()
      scheduleLook()
    },
    look: () => look(true),
    async stop(isClean) {
      isStopped = true
      clearTimeout(lookTimer)
      clearTimeout(renewTimer)
      await Promise.all([looking.catch(() => {}), renewing])
      await allWoken()
      await endNodeLease(core, isClean).catch(onError)
    },
  }
}

function keyOf({ accountId, lane }: LaneRef): string {
  return `${accountId} ${lane}`
}
