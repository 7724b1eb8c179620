import {
  forgetHolders,
  forgetRefusals,
  loadForgottenHolders,
  loadForgottenRefusals,
  type PastHolder,
} from '../../store/pool-memory.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { midnightBefore } from './pool-day.ts'

/** Rows of each kind that one act deletes. */
const MAX_FORGOTTEN_AN_ACT = 400

/**
 * Forgets who held pairs, and refusals, that their pools need not remember any more. Once a day is enough: what became
 * too old since midnight (UTC) waits for the next one. True when there may be more.
 */
export async function forgetHistory(core: Core, accountId: string): Promise<boolean> {
  return act(core, accountId, async step => {
    const asked = [accountId, midnightBefore(step.now), MAX_FORGOTTEN_AN_ACT]
    const [holders, refusals] = await Promise.all([
      step.load<PastHolder>(loadForgottenHolders, asked),
      step.load<{ id: string }>(loadForgottenRefusals, asked),
    ])
    step.changes.add(forgetHolders, ...holders)
    step.changes.add(forgetRefusals, ...refusals)
    return Math.max(holders.length, refusals.length) === MAX_FORGOTTEN_AN_ACT
  })
}
