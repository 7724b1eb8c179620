import type { Clock } from '../../domain/clock.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { findOwners } from '../accounts.ts'

/** How long a node may go by an owner that has changed, in machine time; acts check again under the account's lock. */
const REMEMBER_MS = 1000
const MAX_REMEMBERED = 100_000

/** Tells whose a number is, from memory where it was asked lately. */
export interface NumberOwners {
  ownerOf(number: string): Promise<string | null>
  /** Looks again: the number may have changed hands since it was asked last. */
  ownerNow(number: string): Promise<string | null>
  /** Which of the numbers are the account's own. A number that it just got is among them. */
  ownedBy(accountId: string, numbers: string[]): Promise<Set<string>>
}

export function openNumberOwners(db: Queryable, clock: Clock): NumberOwners {
  const remembered = new Map<string, { owner: string | null; untilMs: number }>()

  /** What is being asked: texts that come together ask once. */
  const asked = new Map<string, Promise<unknown>>()

  async function ownersOf(numbers: string[]): Promise<(string | null)[]> {
    const nowMs = clock.machineMs()
    const missing = numbers.filter(number => !((remembered.get(number)?.untilMs ?? 0) > nowMs))
    for (const number of missing) {
      if (!asked.has(number))
        asked.set(
          number,
          ownersNow([number]).finally(() => asked.delete(number)),
        )
    }
    await Promise.all(missing.map(number => asked.get(number)))
    return numbers.map(number => remembered.get(number)?.owner ?? null)
  }

  async function ownersNow(numbers: string[]): Promise<(string | null)[]> {
    const untilMs = clock.machineMs() + REMEMBER_MS
    const owners = await findOwners(db, 'number', numbers)
    if (remembered.size > MAX_REMEMBERED) remembered.clear()
    for (const number of numbers) remembered.set(number, { owner: owners.get(number) ?? null, untilMs })
    return numbers.map(number => owners.get(number) ?? null)
  }

  return {
    ownerOf: async number => (await ownersOf([number]))[0] ?? null,
    ownerNow: async number => (await ownersNow([number]))[0] ?? null,
    ownedBy: async (accountId, numbers) => {
      const owners = await ownersOf(numbers)
      const doubtful = numbers.filter((_, at) => owners[at] !== accountId)
      const ownersAgain = doubtful.length > 0 ? await ownersNow(doubtful) : []
      const strangers = new Set(doubtful.filter((_, at) => ownersAgain[at] !== accountId))
      return new Set(numbers.filter(number => !strangers.has(number)))
    },
  }
}
