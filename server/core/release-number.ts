import { freeLookup, passLookup } from '../store/lookups.ts'
import {
  loadOwnedNumber,
  loadThreadIdsOfNumber,
  type OwnedNumber,
  releaseNumber as releaseRow,
} from '../store/numbers.ts'
import { type Act, act } from './act.ts'
import type { Core } from './core.ts'
import { ThreadBook } from './threads/thread-book.ts'
import type { Cause } from './threads/thread-events.ts'

/** Threads closed in one act: each writes its row, its pairs and what is told of it. */
const MAX_THREADS_AN_ACT = 100

const BY_OWNER: Cause = { source: 'api', userId: null, tellsHooks: true }

/**
 * Gives a number up: threads that hold it close with the reason `owner_number_deleted`, it leaves its pool and queue,
 * and texts to it reach nobody; or, with `passTo`, they reach that account. False when the account does not hold it.
 * Threads go first and in batches: what a crash interrupts is finished by asking again.
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
      if (await closeThreads(step, number.number)) return null
      step.changes.add(releaseRow, { id: number.id, at: step.now, version: step.tick() })
      const lookup = { kind: 'number' as const, key: number.number }
      if (passTo) step.changes.add(passLookup, { ...lookup, to: passTo })
      else step.changes.add(freeLookup, lookup)
      step.changes.touchConfig()
      return true
    })
    if (done !== null) return done
  }
}

/** Closes threads that hold the number. True when there may be more. */
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
  return rows.length === MAX_THREADS_AN_ACT
}
