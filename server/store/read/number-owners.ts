import type { Clock } from '../../domain/clock.ts'
import { classifyAddress } from '../../domain/phone-number.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { findOwners } from '../accounts.ts'
import { findNameHolders, findPastHolders } from './sender-names.ts'

/** How long a node may go by an owner that has changed, in machine time; acts check again under the account's lock. */
const REMEMBER_MS = 1000
const MAX_REMEMBERED = 100_000

/** Tells whose a number or a name is, from memory where it was asked lately. */
export interface NumberOwners {
  ownerOf(number: string): Promise<string | null>
  /** Looks again: the number may have changed hands since it was asked last. */
  ownerNow(number: string): Promise<string | null>
  /** The accounts that send by the name, or ever did; whoever holds the number, then those who held it before. */
  sendersOf(sender: string): Promise<string[]>
  /** Looks again, as `ownerNow` does. */
  sendersNow(sender: string): Promise<string[]>
  /** Which of the numbers are the account's own. A number that it just got is among them; a name is if no other has it. */
  ownedBy(accountId: string, numbers: string[]): Promise<Set<string>>
}

export function openNumberOwners(db: Queryable, clock: Clock): NumberOwners {
  const remembered = new Map<string, { owner: string | null; untilMs: number }>()
  /** True for as long as the number has the same owner: a change of hands makes a past holder. */
  const others = new Map<string, { accountIds: Promise<string[]>; owner: string | null; untilMs: number }>()

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

  async function sendersOf(sender: string): Promise<string[]> {
    const isName = classifyAddress(sender) === 'alphanumeric'
    const [owner = null] = isName ? [] : await ownersOf([sender])
    const nowMs = clock.machineMs()
    let known = others.get(sender)
    if (!known || known.owner !== owner || known.untilMs <= nowMs) {
      // Kept before it is answered: receipts that come together ask once.
      known = { accountIds: findOthers(sender, isName), owner, untilMs: nowMs + REMEMBER_MS }
      known.accountIds.catch(() => others.delete(sender))
      if (others.size > MAX_REMEMBERED) others.clear()
      others.set(sender, known)
    }
    const accountIds = await known.accountIds
    return owner === null ? accountIds : [owner, ...accountIds.filter(each => each !== owner)]
  }

  async function findOthers(sender: string, isName: boolean): Promise<string[]> {
    if (!isName) return findPastHolders(db, sender)
    return (await findNameHolders(db, [sender])).get(sender) ?? []
  }

  async function sendersNow(sender: string): Promise<string[]> {
    await ownersNow([sender])
    others.delete(sender)
    return sendersOf(sender)
  }

  async function ownNames(accountId: string, asked: string[]): Promise<string[]> {
    if (asked.length === 0) return []
    const holders = await findNameHolders(db, asked)
    return asked.filter(name => holders.get(name)?.every(holder => holder === accountId))
  }

  return {
    sendersOf,
    sendersNow,
    ownerOf: async number => (await ownersOf([number]))[0] ?? null,
    ownerNow: async number => (await ownersNow([number]))[0] ?? null,
    ownedBy: async (accountId, asked) => {
      const nowMs = clock.machineMs()
      const isKnown = (address: string) => {
        const known = remembered.get(address)
        return known?.owner === accountId && known.untilMs > nowMs
      }
      if (asked.every(isKnown)) return new Set(asked)
      const isName = (address: string) => classifyAddress(address) === 'alphanumeric'
      const numbers = asked.filter(address => !isName(address))
      const owners = await ownersOf(numbers)
      const doubtful = numbers.filter((_, at) => owners[at] !== accountId)
      const ownersAgain = doubtful.length > 0 ? await ownersNow(doubtful) : []
      const strangers = new Set(doubtful.filter((_, at) => ownersAgain[at] !== accountId))
      const own = numbers.filter(number => !strangers.has(number))
      return new Set([...own, ...(await ownNames(accountId, asked.filter(isName)))])
    },
  }
}
