import {
  countOptOutsOfNumbers,
  countOptOutsOfPool,
  enterPool,
  leavePool,
  liftOnLeaving,
  loadOptOutsOfNumber,
  type OptOutRow,
  putOptOut,
} from '../../store/opt-outs.ts'
import type { Act } from '../step.ts'

/**
 * Who asked not to be texted from a number is not texted from it either when it joins a pool, whose numbers count as one.
 */
export async function carryIntoPool(step: Act, poolId: string, numbers: string[]): Promise<void> {
  const asked = JSON.stringify(numbers)
  const [found] = await step.load<{ count: number }>(countOptOutsOfNumbers, [step.accountId, asked])
  if (!found?.count) return
  step.changes.add(enterPool, { poolId, numbers: asked, version: ticks(step, found.count) })
}

/**
 * Who said so to a number while it was in the pool is not texted from it when it leaves; who came back to the pool since
 * has come back to the number too. `number` null: all leave.
 */
export async function carryOutOfPool(step: Act, poolId: string, number: string | null): Promise<void> {
  const [found] = await step.load<{ count: number }>(countOptOutsOfPool, [step.accountId, poolId, number])
  if (!found?.count) return
  const version = ticks(step, found.count)
  step.changes.add(leavePool, { poolId, number, version })
  step.changes.add(liftOnLeaving, { poolId, number, version })
}

/** Brings opt-outs from a number, or those since a moment, to the account that takes it over, from the one that had it. */
export async function carryToHolder(step: Act, from: string, number: string, since?: Date): Promise<void> {
  const rows = await step.load<OptOutRow>(loadOptOutsOfNumber, [from, number])
  for (const row of rows) {
    if (since && row.beganAt < since) continue
    const version = step.tick()
    // The text by which they asked stays behind.
    step.changes.add(putOptOut, { ...row, scope: number, smsId: null, version, born: version })
  }
}

/** The first of so many values of the clock. */
function ticks(step: Act, count: number): number {
  const first = step.tick()
  for (let at = 1; at < count; at++) step.tick()
  return first
}
