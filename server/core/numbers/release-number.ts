import { deleteAddress } from '../../store/addresses.ts'
import { freeLookup, notePastHolder, passLookup } from '../../store/lookups.ts'
import {
  loadOwnedNumber,
  loadThreadIdsOfNumber,
  type OwnedNumber,
  releaseNumber as releaseRow,
  updateNumber,
} from '../../store/numbers.ts'
import { deletePoolNumber } from '../../store/pool-numbers.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { carryOutOfPool } from '../opt-outs/carry-opt-outs.ts'
import type { Act } from '../step.ts'
import { ThreadBook } from '../threads/thread-book.ts'
import type { Cause } from '../threads/thread-events.ts'

/** Threads closed in one act: each writes its row, its pairs and what is told of it. */
const MAX_THREADS_AN_ACT = 100

const BY_OWNER: Cause = { source: 'api', userId: null, tellsHooks: true }

/**
 * Gives a number up: it leaves its pool and queue, threads that hold it close with the reason `owner_number_deleted`, and
 * texts to it reach nobody; or, with `passTo`, they reach that account. False when the account does not hold it. Threads
 * close in batches before the number goes: what a crash interrupts is finished by asking again.
 */
export async function releaseNumber(
  core: Core,
  accountId: string,
  numberId: string,
  passTo: string | null = null,
): Promise<boolean> {
  for (;;) {
    const done = await act(core, accountId, async step => {
      const [number] = await step.load<OwnedNumber>(loadOwnedNumber, [accountId, numberId])
      if (!number) return false
      if ((await withdraw(step, number)) || (await closeThreads(step, number.number))) return null
      await giveUp(step, number, passTo)
      return true
    })
    if (done !== null) return done
  }
}

/** Takes the number out of its pool and queue, so that no more threads open on it. True when it was in one. */
async function withdraw(step: Act, number: OwnedNumber): Promise<boolean> {
  if (!number.poolId && !number.queueId) return false
  if (number.poolId) await carryOutOfPool(step, number.poolId, number.number)
  step.changes.add(deletePoolNumber, { number: number.number })
  step.changes.add(updateNumber, {
    ...number,
    poolId: null,
    queueId: null,
    updatedAt: step.now,
    version: step.tick(),
  })
  step.changes.touchConfig()
  return true
}

async function giveUp(step: Act, { id, number }: OwnedNumber, passTo: string | null): Promise<void> {
  step.changes.add(releaseRow, { id, at: step.now, version: step.tick() })
  const lookup = { kind: 'number' as const, key: number }
  if (passTo) step.changes.add(passLookup, { ...lookup, to: passTo })
  else step.changes.add(freeLookup, lookup)
  step.changes.add(notePastHolder, { number })
  const rules = await step.addressRules([number])
  step.changes.add(deleteAddress, ...[...rules.values()].map(rule => ({ id: rule.id })))
  step.changes.touchConfig()
}

/** Closes some of the threads that hold the number. True when there were any. */
async function closeThreads(step: Act, number: string): Promise<boolean> {
  const rows = await step.load<{ id: string }>(loadThreadIdsOfNumber, [step.accountId, number, MAX_THREADS_AN_ACT])
  if (rows.length === 0) return false
  const book = await ThreadBook.load(step, { ids: rows.map(({ id }) => id) })
  await book.lookUp(book.wirePairs())
  for (const { id } of rows) {
    const live = book.find(id)
    if (live) book.close(live, 'owner_number_deleted', BY_OWNER)
  }
  book.store()
  return true
}
