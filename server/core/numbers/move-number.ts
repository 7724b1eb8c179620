import { Refusal } from '../../domain/refusal.ts'
import { type OwnedNumber, takeInNumber } from '../../store/numbers.ts'
import { findNumber } from '../../store/read/numbers.ts'
import { mustBeOpen } from '../accounts/must-be-open.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { carryToHolder } from '../opt-outs/carry-opt-outs.ts'
import { releaseNumber } from './release-number.ts'

/**
 * Passes a number to another account, under the same id and with its URLs; its threads, pool, queue and application
 * stay behind, opt-outs from it go along. The new holder has its row before the old one gives the number up, so that a
 * crash between loses nothing and asking again finishes it. Refuses `not_found` when the account does not hold the number, and
 * `unauthorized` when the other is closed.
 */
export async function moveNumber(core: Core, from: string, numberId: string, to: string): Promise<OwnedNumber> {
  const held = await findNumber(core.db, from, numberId)
  if (!held) throw new Refusal('not_found', 'The account holds no such number.')
  const moved = await act(core, to, async step => {
    await mustBeOpen(step)
    const version = step.tick()
    const number: OwnedNumber = {
      ...held,
      queueId: null,
      poolId: null,
      smsApplicationId: null,
      updatedAt: step.now,
      version,
      born: version,
    }
    step.changes.add(takeInNumber, number)
    await carryToHolder(step, from, number.number)
    step.changes.touchConfig()
    return number
  })
  if (await releaseNumber(core, from, numberId, to)) {
    // Until then texts to it reached the one that had it.
    await act(core, to, step => carryToHolder(step, from, held.number, moved.updatedAt))
    return moved
  }
  await releaseNumber(core, to, numberId)
  throw new Refusal('not_found', 'The account holds the number no more.')
}
