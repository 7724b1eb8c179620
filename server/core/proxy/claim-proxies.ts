import { areaCodeOf, countryOf } from '../../domain/geography.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { NumberRoute } from '../../store/numbers.ts'
import { type ClaimAsked, type ClaimFound, findFreeNumbers } from '../../store/pool-claims.ts'
import { loadPoolNumbers, type PoolNumber } from '../../store/pool-numbers.ts'
import type { Act } from '../step.ts'
import type { ProxyPool } from './proxy-pool.ts'

/** Candidates looked at for a person: enough that one of them is near, where the pool has one that is. */
const CANDIDATES = 50
/** Every number that was ever given back rests: whoever avoids numbers that a person knows takes them last. */
const EVER = new Date(0)

export interface ProxyWish {
  /** The person. */
  identifier: string
  friendlyName: string | null
  /** The number asked for; null: any. */
  number: string | null
}

/**
 * The number that each person texts in a new session: the one asked for, or the first free one that is near enough; those
 * that the person knows come first or last as the service says. Refuses `number_unknown`, `number_not_in_pool`,
 * `pool_empty` and `pool_exhausted` (with `why`: only reserved ones are left, or none). Source: Twilio Proxy, "Phone
 * number management".
 */
export async function claimProxies(step: Act, pool: ProxyPool, wishes: ProxyWish[]): Promise<NumberRoute[]> {
  const open = wishes.filter(wish => wish.number === null)
  const asked = open.map((wish, at) => askedFor(pool, wish.identifier, at))
  const found =
    asked.length > 0 ? await step.load<ClaimFound>(findFreeNumbers, [step.accountId, JSON.stringify(asked)]) : []
  const routes = await step.numberRoutes([...found, ...wishes].flatMap(({ number }) => number ?? []))
  const chosen: NumberRoute[] = []
  for (const wish of wishes) {
    if (wish.number !== null) {
      chosen.push(namedNumber(pool, routes, wish.number))
      continue
    }
    const at = open.indexOf(wish)
    const rows = found.filter(row => row.at === at && routes.get(row.number)?.poolId === pool.id)
    const best = bestOf(rows, pool, wish.identifier)
    const route = best && routes.get(best.number)
    if (!route) throw await nothingLeft(step, pool)
    chosen.push(route)
  }
  return chosen
}

function askedFor(pool: ProxyPool, person: string, at: number): ClaimAsked {
  const { geoMatchLevel, numberSelection } = pool.settings.proxy
  return {
    at,
    poolId: pool.id,
    person,
    areaCode: geoMatchLevel === 'country' ? null : areaCodeOf(person),
    country: countryOf(person),
    knownTo: numberSelection === 'prefer-sticky' ? person : null,
    wanted: CANDIDATES,
    restingAfter: numberSelection === 'avoid-sticky' ? EVER : null,
    isStrict: false,
  }
}

function namedNumber(pool: ProxyPool, routes: Map<string, NumberRoute>, number: string): NumberRoute {
  const route = routes.get(number)
  if (!route) throw new Refusal('number_unknown', `${number} is not a number of this account.`, { number })
  if (route.poolId !== pool.id) throw new Refusal('number_not_in_pool', `${route.number} is not in the service.`)
  return route
}

function bestOf(rows: ClaimFound[], pool: ProxyPool, person: string): ClaimFound | undefined {
  const { geoMatchLevel, numberSelection } = pool.settings.proxy
  const areaCode = areaCodeOf(person)
  const country = countryOf(person)
  const near = rows.filter(row => {
    if (row.number === person) return false
    if (geoMatchLevel !== 'country' && areaCode !== null) return row.areaCode === areaCode
    return country === null || row.country === country
  })
  const restedOf = (row: ClaimFound) => (row.restingSince ? new Date(row.restingSince).getTime() : -1)
  return near.sort((a, b) => {
    if (numberSelection === 'prefer-sticky' && a.isKnown !== b.isKnown) return a.isKnown ? -1 : 1
    return restedOf(a) - restedOf(b) || a.rank - b.rank || a.position - b.position
  })[0]
}

async function nothingLeft(step: Act, pool: ProxyPool): Promise<Refusal> {
  if (pool.numbers.length === 0) return new Refusal('pool_empty', 'The service has no phone numbers.')
  const places = await step.load<PoolNumber>(loadPoolNumbers, [step.accountId, JSON.stringify(pool.numbers)])
  const why = places.some(({ state }) => state === 'open') ? 'none' : 'reserved'
  return new Refusal('pool_exhausted', 'No number of the service is free for this participant.', { why })
}
