import type { PoolDraft } from '../../core/pools/manage-pools.ts'
import { formatDuration, parseDuration } from '../../domain/duration.ts'
import { sid } from '../../domain/ids.ts'
import type { ExhaustedPolicy, Pick as PickRule, Preference } from '../../domain/pool-choice.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { PoolNumberRecord, PoolRecord } from '../../store/read/pools.ts'

interface PoolRequest {
  name?: string
  order?: PickRule
  prefers?: Preference[]
  exhausted?: ExhaustedPolicy
  cooldown?: string
  strict?: boolean
  lateFor?: string
  rememberFor?: string
  expiresAfter?: string | null
  pricePerNumber?: number
}

/** What a request sets of a pool; what it leaves out is missing. Refuses `time_invalid`. */
export function readPool({ numbers: _, ...request }: PoolRequest & { numbers?: string[] }): Partial<PoolDraft> {
  const {
    name,
    order,
    prefers,
    exhausted,
    cooldown,
    strict,
    lateFor,
    rememberFor,
    expiresAfter,
    pricePerNumber,
    ...settings
  } = request
  return {
    ...(name !== undefined && { name }),
    ...(order !== undefined && { picks: order }),
    ...(prefers !== undefined && { prefers }),
    ...(exhausted !== undefined && { exhausted }),
    ...(cooldown !== undefined && { cooldownMs: msOf(cooldown) }),
    ...(strict !== undefined && { isStrict: strict }),
    ...(lateFor !== undefined && { lateForMs: msOf(lateFor) }),
    ...(rememberFor !== undefined && { rememberForMs: msOf(rememberFor) }),
    ...(expiresAfter !== undefined && { expiresAfterMs: expiresAfter === null ? null : mustLast(expiresAfter) }),
    ...(pricePerNumber !== undefined && { pricePerNumber }),
    settings,
  }
}

function msOf(duration: string): number {
  const ms = parseDuration(duration)
  if (ms === null) throw new Refusal('time_invalid', `${duration} is no ISO 8601 duration of days to seconds.`)
  return ms
}

function mustLast(duration: string): number {
  const ms = msOf(duration)
  if (ms === 0) throw new Refusal('time_invalid', 'Threads that expire must last some time.')
  return ms
}

/** A pool as our own API shows it. */
export function spellPool(pool: PoolRecord) {
  return {
    ...pool.settings,
    id: pool.id,
    sid: sid('MG', pool.id),
    name: pool.name,
    order: pool.picks,
    prefers: pool.prefers,
    exhausted: pool.exhausted,
    cooldown: formatDuration(pool.cooldownMs),
    strict: pool.isStrict,
    lateFor: formatDuration(pool.lateForMs),
    rememberFor: formatDuration(pool.rememberForMs),
    expiresAfter: pool.expiresAfterMs === null ? null : formatDuration(pool.expiresAfterMs),
    pricePerNumber: pool.pricePerNumber,
    numbers: pool.numbers,
    openThreads: pool.openThreads,
    createdAt: pool.createdAt.toISOString(),
    updatedAt: pool.updatedAt.toISOString(),
  }
}

export function spellPoolNumber({ id, position: _, ...number }: PoolNumberRecord) {
  return { sid: sid(number.number.startsWith('+') ? 'PN' : 'SC', id), ...number }
}
