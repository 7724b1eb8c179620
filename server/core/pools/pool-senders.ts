import { newId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { loadPoolSenders, type PoolSender, putPoolSender, rememberName } from '../../store/pool-senders.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'

export interface PoolSenderDraft {
  /** Chosen beforehand: of a sender that another channel knows. */
  id?: string
  poolId: string
  kind: PoolSender['kind']
  sender: string | null
  country: string | null
  /** Who carries what a name sends; null: who carries the pool's numbers. */
  carrier?: string | null
}

/**
 * Adds a sender to a pool that is no number: a name, one for all countries and one for each, or a sender of another
 * channel. Refuses `pool_unknown`, and `in_use` when the pool has such a sender already.
 */
export async function addPoolSender(core: Core, accountId: string, draft: PoolSenderDraft): Promise<PoolSender> {
  return act(core, accountId, async step => {
    const { poolId } = draft
    if (!(await step.poolRoutes([poolId])).has(poolId)) throw new Refusal('pool_unknown', 'There is no such pool.')
    return placeSender(step, draft, await step.load<PoolSender>(loadPoolSenders, [accountId, poolId]))
  })
}

/** Adds a sender to a pool that has those `present`. Refuses `in_use` when one of them is such a sender. */
export function placeSender(step: Act, draft: PoolSenderDraft, present: readonly PoolSender[]): PoolSender {
  const { poolId, kind, sender, country, carrier = null } = draft
  const isSame = (each: PoolSender) =>
    each.kind === kind && (kind === 'channel' ? each.id === draft.id : each.country === country)
  if (present.some(isSame)) throw new Refusal('in_use', 'The pool has such a sender already.')
  const version = step.tick()
  const dated = { createdAt: step.now, updatedAt: step.now, deletedAt: null, version, born: version }
  const added = { id: draft.id ?? newId(step.now.getTime()), poolId, kind, sender, country, carrier, ...dated }
  step.changes.add(putPoolSender, added)
  if (kind !== 'channel' && sender !== null) step.changes.add(rememberName, { name: sender })
  step.changes.touchConfig()
  return added
}

/** Takes a sender out of its pool. One that is gone stays gone. */
export async function removePoolSender(core: Core, accountId: string, { id, poolId }: PoolSender): Promise<void> {
  await act(core, accountId, async step => {
    const present = await step.load<PoolSender>(loadPoolSenders, [accountId, poolId])
    const sender = present.find(each => each.id === id)
    if (!sender) return
    step.changes.add(putPoolSender, { ...sender, deletedAt: step.now, updatedAt: step.now, version: step.tick() })
    step.changes.touchConfig()
  })
}
