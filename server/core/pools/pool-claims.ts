import { laterBy } from '../../domain/calendar.ts'
import { areaCodeOf, countryOf } from '../../domain/geography.ts'
import { type Candidate, chooseNumber, type Wish } from '../../domain/pool-choice.ts'
import { groupBy } from '../../kit/group-by.ts'
import { type ClaimAsked, type ClaimFound, countHeld, findFreeNumbers } from '../../store/pool-claims.ts'
import { deletePoolNumber } from '../../store/pool-numbers.ts'
import type { PoolRoute } from '../../store/pools.ts'
import type { Act } from '../step.ts'

export interface ClaimWish {
  pool: PoolRoute
  person: string
}

/** What a person has of a pool. */
export interface Demand {
  held: number
  /** Numbers that rest, where the pool does not use such at all. */
  resting: number
  /** Threads that wait for a number. */
  waiting: number
}

/**
 * The numbers that an act gives to persons, one after another: what is free is found once for all that are wanted, and
 * what was given since is remembered. Nothing is bound here; the account's lock keeps it true until the act binds.
 */
export class PoolClaims {
  readonly #step: Act
  readonly #candidates = new Map<string, Candidate[]>()
  /** Claims of this act: by pool and person, and how many a number had. */
  readonly #claimed = new Map<string, Set<string>>()
  readonly #claims = new Map<string, number>()
  readonly #demand = new Map<string, Demand>()

  private constructor(step: Act) {
    this.#step = step
  }

  /** Looks for free numbers, one for each wish. */
  static async load(step: Act, wishes: ClaimWish[]): Promise<PoolClaims> {
    const claims = new PoolClaims(step)
    const asked = askedFor(step, wishes)
    if (asked.length > 0) await claims.#look(asked, 0)
    return claims
  }

  /** Gives the person the pool's best free number, or null when it has none. */
  claim({ pool, person }: ClaimWish): string | null {
    const key = keyOf(pool.id, person)
    const number = chooseNumber(this.#candidates.get(key) ?? [], wishOf(pool, person), {
      isClaimed: number => this.#claimed.get(key)?.has(number) ?? false,
      claims: number => this.#claims.get(number) ?? 0,
    })
    if (number !== null) this.take({ pool, person }, number)
    return number
  }

  /** Gives the person a number that was chosen otherwise; false when it was given to them in this act already. */
  take({ pool, person }: ClaimWish, number: string): boolean {
    const key = keyOf(pool.id, person)
    const claimed = this.#claimed.get(key) ?? new Set()
    if (claimed.has(number)) return false
    this.#claimed.set(key, claimed.add(number))
    this.#claims.set(number, (this.#claims.get(number) ?? 0) + 1)
    return true
  }

  /** Whether this act gave the person a number of the pool. */
  hasClaimed({ pool, person }: ClaimWish): boolean {
    return this.#claimed.has(keyOf(pool.id, person))
  }

  /** What the person has of the pool and waits for, what this act gave them included. */
  async demand({ pool, person }: ClaimWish): Promise<Demand> {
    const key = keyOf(pool.id, person)
    let before = this.#demand.get(key)
    if (!before) {
      const asked = { poolId: pool.id, person, restingAfter: pool.isStrict ? restingAfter(this.#step, pool) : null }
      const [row] = await this.#step.load<Demand>(countHeld, [this.#step.accountId, JSON.stringify([asked])])
      before = row ?? { held: 0, resting: 0, waiting: 0 }
      this.#demand.set(key, before)
    }
    return { ...before, held: before.held + (this.#claimed.get(key)?.size ?? 0) }
  }

  /** Notes that one more thread waits. */
  async addWaiting(wish: ClaimWish): Promise<void> {
    await this.demand(wish)
    const before = this.#demand.get(keyOf(wish.pool.id, wish.person))
    if (before) before.waiting++
  }

  async #look(asked: ClaimAsked[], missing: number): Promise<void> {
    const widened = asked.map(each => ({ ...each, wanted: each.wanted + missing }))
    const rows = await this.#step.load<ClaimFound>(findFreeNumbers, [this.#step.accountId, JSON.stringify(widened)])
    // A number that was given up since leaves its place in the pool behind: it is cleared here, where it is met.
    const routes = await this.#step.numberRoutes(rows.map(({ number }) => number))
    const gone = new Set<string>()
    for (const { at, number } of rows) if (routes.get(number)?.poolId !== asked[at]?.poolId) gone.add(number)
    if (gone.size > missing) return this.#look(asked, gone.size)
    for (const number of gone) this.#step.changes.add(deletePoolNumber, { number })
    const live = rows.filter(({ number }) => !gone.has(number))
    for (const [at, found] of groupBy(live, row => row.at)) {
      const { poolId, person } = asked[at]!
      this.#candidates.set(keyOf(poolId, person), withoutRepeats(found))
    }
  }
}

/** One question for each pool and person. Where claims move the pool's order, enough to choose from after all of them. */
function askedFor(step: Act, wishes: ClaimWish[]): ClaimAsked[] {
  const ofPool = groupBy(wishes, ({ pool }) => pool.id)
  const ofPerson = groupBy(wishes, ({ pool, person }) => keyOf(pool.id, person))
  return [...ofPerson.values()].map((same, at) => {
    const { pool, person } = same[0]!
    const wish = wishOf(pool, person)
    return {
      at,
      poolId: pool.id,
      person,
      areaCode: wish.areaCode,
      country: wish.country,
      knownTo: pool.prefers.includes('sticky') ? person : null,
      wanted: pool.picks === 'in-order' ? same.length : (ofPool.get(pool.id)?.length ?? same.length),
      restingAfter: restingAfter(step, pool),
      isStrict: pool.isStrict,
    }
  })
}

/** Pairs that were released after this still rest; null: none of the pool do. */
export function restingAfter(step: Act, pool: PoolRoute): Date | null {
  return pool.cooldownMs > 0 ? laterBy(step.now, -pool.cooldownMs) : null
}

function wishOf(pool: PoolRoute, person: string): Wish {
  return {
    prefers: pool.prefers,
    picks: pool.picks,
    areaCode: pool.prefers.includes('area-code') ? areaCodeOf(person) : null,
    country: pool.prefers.includes('country') ? countryOf(person) : null,
  }
}

/** A number may be found in several ways; the one that says most of it counts. */
function withoutRepeats(found: ClaimFound[]): Candidate[] {
  const byNumber = new Map<string, Candidate>()
  for (const row of found) {
    const known = byNumber.get(row.number)
    byNumber.set(row.number, known ? { ...known, isKnown: known.isKnown || row.isKnown } : row)
  }
  return [...byNumber.values()]
}

function keyOf(poolId: string, person: string): string {
  return `${poolId} ${person}`
}
