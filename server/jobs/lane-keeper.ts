import type { Core } from '../core/core.ts'
import { claimLanes, dueLanes, endNodeLease, LEASE_MS, renewNodeLease, settle } from '../core/lanes.ts'
import { groupBy } from '../kit/group-by.ts'

export interface LaneRef {
  accountId: string
  lane: string
}

/** What works lanes off: delivery for their texts, webhooks for their calls. */
export interface LaneWorker {
  /** Looks for due work; false when there is none. */
  wake(lane: LaneRef): Promise<boolean>
  forget(lane: LaneRef): void
}

const LOOK_EVERY_MS = 200
const RENEW_EVERY_MS = 2000

export interface LaneKeeper {
  /** Notes that a lane fell to this node. */
  hold(lane: LaneRef): void
  /** Whether this node serves the lane, as far as it knows. */
  holds(lane: LaneRef): boolean
  start(): Promise<void>
  /** Looks at once: due lanes are claimed and woken when it resolves. */
  look(): Promise<void>
  stop(): Promise<void>
}

/** Keeps this node's lease, takes lanes that nobody serves, and wakes the workers of lanes with something due. */
export function openLaneKeeper(core: Core, workers: LaneWorker[], onError: (error: unknown) => void): LaneKeeper {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let renewedAtMs = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | null = null
  const held = new Set<string>()

  async function renew(): Promise<void> {
    const nowMs = core.clock.machineMs()
    if (nowMs - renewedAtMs < RENEW_EVERY_MS) return
    // Others may have taken lanes while this node was not heard of; those still its own are noted when they are due.
    if (nowMs - renewedAtMs > LEASE_MS) held.clear()
    await renewNodeLease(core)
    renewedAtMs = nowMs
  }

  async function lookOnce(): Promise<void> {
    await renew()
    await claimLanes(core)
    const due = await dueLanes(core)
    const idle: LaneRef[] = []
    for (const lane of due) held.add(keyOf(lane))
    await Promise.all(
      due.map(async lane => {
        const busy = await Promise.all(workers.map(worker => worker.wake(lane)))
        if (!busy.includes(true)) idle.push(lane)
      }),
    )
    for (const [accountId, lanes] of groupBy(idle, lane => lane.accountId)) {
      await settle(
        core,
        accountId,
        lanes.map(lane => lane.lane),
      )
    }
  }

  function look(): Promise<void> {
    looking ??= lookOnce().finally(() => {
      looking = null
    })
    return looking
  }

  function schedule(): void {
    if (isStopped) return
    timer = setTimeout(() => {
      look().catch(onError).finally(schedule)
    }, LOOK_EVERY_MS)
  }

  return {
    hold: lane => held.add(keyOf(lane)),
    holds: lane => held.has(keyOf(lane)) && core.clock.machineMs() - renewedAtMs < LEASE_MS,
    async start() {
      await renew()
      schedule()
    },
    look,
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await looking?.catch(() => {})
      await endNodeLease(core).catch(onError)
    },
  }
}

function keyOf({ accountId, lane }: LaneRef): string {
  return `${accountId} ${lane}`
}
