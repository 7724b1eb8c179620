import { areaCodeOf, countryOf } from '../../domain/geography.ts'
import { numberSettings } from '../../domain/number-settings.ts'
import type { SessionMode } from '../../domain/proxy.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { NumberRoute } from '../../store/numbers.ts'
import { type ClaimAsked, type ClaimFound, findFreeNumbers } from '../../store/pool-claims.ts'
import { loadPoolNumbers, type PoolNumber } from '../../store/pool-numbers.ts'
import type { Act } from '../step.ts'
import { getPoolNumber, type ProxyPool } from './proxy-pool.ts'

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
 * The number that each person texts in a new session: the one asked for, or the first free one that can do what the
 * session is for and is near enough; those that the person knows come first or last as the service says. Refuses
 * `number_unknown`, `number_not_in_pool`, `pool_empty` and `pool_exhausted`, with `why`: no number has the capability, none
 * is of the person's country, only reserved ones are left, or none is free. Source: Twilio Proxy, "Phone number
 * management".
 */
export async function claimProxies(
  step: Act,
  { pool, mode }: { pool: ProxyPool; mode: SessionMode },
  wishes: ProxyWish[],
): Promise<NumberRoute[]> {
  const named = await step.numberRoutes(wishes.flatMap(({ number }) => number ?? []))
  const open = wishes.filter(({ number }) => number === null).map(({ identifier }) => identifier)
  const free = await freeNumbers(step, { pool, mode }, open, CANDIDATES)
  const chosen: NumberRoute[] = []
  for (const { identifier, number } of wishes) {
    if (number !== null) chosen.push(getPoolNumber(pool, named, number))
    else chosen.push(free.get(identifier) ?? (await lastResort(step, { pool, mode }, identifier)))
  }
  return chosen
}

/** The number for each person, among the first candidates; missing where none of them will do. */
async function freeNumbers(
  step: Act,
  { pool, mode }: { pool: ProxyPool; mode: SessionMode },
  persons: string[],
  wanted: number,
): Promise<Map<string, NumberRoute>> {
  if (persons.length === 0) return new Map()
  const asked = JSON.stringify(persons.map((person, at) => askedFor(pool, person, { at, wanted })))
  const found = await step.load<ClaimFound>(findFreeNumbers, [step.accountId, asked])
  const routes = await step.numberRoutes(found.map(({ number }) => number))
  const able = found.filter(({ number }) => {
    const route = routes.get(number)
    return route?.poolId === pool.id && canServe(route, mode)
  })
  const chosen = new Map<string, NumberRoute>()
  persons.forEach((person, at) => {
    const rows = able.filter(row => row.at === at)
    const route = routes.get(bestOf(rows, pool, person)?.number ?? '')
    if (route) chosen.set(person, route)
  })
  return chosen
}

/** Where the first candidates are of no use, one that is may be behind them. */
async function lastResort(
  step: Act,
  { pool, mode }: { pool: ProxyPool; mode: SessionMode },
  person: string,
): Promise<NumberRoute> {
  const isMore = pool.numbers.length > CANDIDATES
  const free = isMore ? await freeNumbers(step, { pool, mode }, [person], pool.numbers.length) : null
  const route = free?.get(person)
  if (!route) throw await nothingLeft(step, { pool, mode }, person)
  return route
}

/** Calls are not carried here, so that only a session of calls alone asks for numbers that could. */
function canServe({ settings }: NumberRoute, mode: SessionMode): boolean {
  const { sms, voice } = numberSettings(settings).capabilities
  return mode === 'voice-only' ? voice : sms
}

function askedFor(pool: ProxyPool, person: string, { at, wanted }: { at: number; wanted: number }): ClaimAsked {
  const { geoMatchLevel, numberSelection } = pool.settings.proxy
  return {
    at,
    poolId: pool.id,
    person,
    areaCode: geoMatchLevel === 'country' ? null : areaCodeOf(person),
    country: countryOf(person),
    knownTo: numberSelection === 'prefer-sticky' ? person : null,
    wanted,
    restingAfter: numberSelection === 'avoid-sticky' ? EVER : null,
    isStrict: false,
  }
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

async function nothingLeft(
  step: Act,
  { pool, mode }: { pool: ProxyPool; mode: SessionMode },
  person: string,
): Promise<Refusal> {
  if (pool.numbers.length === 0) return new Refusal('pool_empty', 'The service has no phone numbers.')
  const why = await whyNone(step, { pool, mode }, person)
  return new Refusal('pool_exhausted', 'No number of the service is free for this participant.', { why })
}

async function whyNone(
  step: Act,
  { pool, mode }: { pool: ProxyPool; mode: SessionMode },
  person: string,
): Promise<'voice' | 'messages' | 'country' | 'reserved' | 'none'> {
  const routes = await step.numberRoutes(pool.numbers)
  const able = pool.numbers.filter(number => {
    const route = routes.get(number)
    return route && canServe(route, mode)
  })
  if (able.length === 0) return mode === 'voice-only' ? 'voice' : 'messages'
  const places = await step.load<PoolNumber>(loadPoolNumbers, [step.accountId, JSON.stringify(able)])
  const country = countryOf(person)
  const near = places.filter(place => country === null || place.country === country)
  if (near.length === 0) return 'country'
  return near.some(({ state }) => state === 'open') ? 'none' : 'reserved'
}
