import { Refusal } from '../../domain/refusal.ts'
import type { Thread } from '../../domain/thread.ts'
import { boundPairs } from '../../store/participants.ts'
import { loadIdleThreads } from '../../store/pool-claims.ts'
import { loadPoolNumbers, type PoolNumber } from '../../store/pool-numbers.ts'
import type { PoolRoute } from '../../store/pools.ts'
import { loadThreads } from '../../store/threads.ts'
import { OptOuts } from '../opt-outs/opt-outs.ts'
import type { Pair } from '../sessions/sessions.ts'
import type { Act } from '../step.ts'
import { pairKey } from '../threads/bindings.ts'
import { findPools } from './find-pools.ts'
import { noteDemand, refuseExhausted } from './note-demand.ts'
import { PoolClaims } from './pool-claims.ts'

export interface WishToDecide {
  pool: string
  person: string
  room: string | null
  number: string | null
}

/** What becomes of a wish. `again`: only after this act can be said which thread makes room. */
export type Verdict =
  | { kind: 'open'; pool: PoolRoute; number: string; takenFrom: string | null }
  | { kind: 'waiting'; pool: PoolRoute }
  | { kind: 'again' }
  | { kind: 'refused'; refusal: Refusal }

interface Deciding {
  step: Act
  claims: PoolClaims
  named: NamedNumbers
  /** Idle threads that may make room, by pool and person, longest idle first. */
  idle: Map<string, Thread[]>
}

/** Decides in order which number each wish gets. Refusals for want of numbers are written down. */
export async function decide(step: Act, wishes: WishToDecide[]): Promise<Verdict[]> {
  const pools = await findPools(
    step,
    wishes.map(({ pool }) => pool),
  )
  const known = wishes.map(wish => ({ ...wish, pool: pools.get(wish.pool) }))
  const optOuts = await OptOuts.load(
    step,
    known.flatMap(({ pool, person }) => (pool ? [{ scope: pool.id, person }] : [])),
  )
  const checked = known.map(({ pool, ...wish }, at): ({ pool: PoolRoute } & Omit<WishToDecide, 'pool'>) | Refusal => {
    if (!pool) return new Refusal('pool_unknown', `There is no pool ${wishes[at]?.pool}.`)
    if (optOuts.isBlocked({ scope: pool.id, person: wish.person })) {
      return new Refusal('opted_out', 'The person asked not to be texted by this pool.')
    }
    return { pool, ...wish }
  })
  const good = checked.flatMap(wish => (wish instanceof Refusal ? [] : [wish]))
  const deciding: Deciding = {
    step,
    // With those that name a number: it may be the first that is free.
    claims: await PoolClaims.load(step, good.some(wish => wish.number === null) ? good : []),
    named: await loadNamed(
      step,
      good.flatMap(({ person, number }) => (number === null ? [] : [{ person, number }])),
    ),
    idle: new Map(),
  }
  const verdicts: Verdict[] = []
  for (const wish of checked) {
    if (wish instanceof Refusal) verdicts.push({ kind: 'refused', refusal: wish })
    else if (wish.number !== null) verdicts.push(decideNamed(deciding, wish.pool, wish.person, wish.number))
    else verdicts.push(await decideClaim(deciding, wish))
  }
  return verdicts
}

interface NamedNumbers {
  places: Map<string, PoolNumber>
  /** Pairs that threads hold. */
  bound: Set<string>
}

async function loadNamed(step: Act, pairs: Pair[]): Promise<NamedNumbers> {
  if (pairs.length === 0) return { places: new Map(), bound: new Set() }
  const numbers = JSON.stringify(pairs.map(({ number }) => number))
  const places = await step.load<PoolNumber>(loadPoolNumbers, [step.accountId, numbers])
  const bound = await step.lookUp(boundPairs, pairs)
  return { places: new Map(places.map(row => [row.number, row])), bound: new Set(bound.map(pairKey)) }
}

function decideNamed({ claims, named }: Deciding, pool: PoolRoute, person: string, number: string): Verdict {
  const place = named.places.get(number)
  if (place?.poolId !== pool.id || place.state === 'paused') {
    return refused('number_not_in_pool', `The pool does not give ${number} to threads.`)
  }
  const isTaken = named.bound.has(pairKey({ person, number })) || !claims.take({ pool, person }, number)
  if (isTaken) return refused('pair_taken', 'The pair is bound to a thread.')
  return { kind: 'open', pool, number, takenFrom: null }
}

async function decideClaim(
  deciding: Deciding,
  wish: Omit<WishToDecide, 'pool'> & { pool: PoolRoute },
): Promise<Verdict> {
  const { step, claims } = deciding
  const { pool } = wish
  // Who came first is served first: a number that was just freed is not for a newcomer.
  const isBehind = pool.exhausted === 'queue' && (await claims.demand(wish)).waiting > 0
  const number = isBehind ? null : claims.claim(wish)
  if (number !== null) return { kind: 'open', pool, number, takenFrom: null }
  switch (pool.exhausted) {
    case 'refuse':
      return { kind: 'refused', refusal: await refuseExhausted(step, claims, wish) }
    case 'queue':
      await noteDemand(step, claims, wish, 'waited')
      await claims.addWaiting(wish)
      return { kind: 'waiting', pool }
    case 'take-idle':
      return takeIdle(deciding, wish)
    default:
      return pool.exhausted satisfies never
  }
}

/** The place of the person's longest idle thread; its number does not rest, for nobody else can have it. */
async function takeIdle(
  deciding: Deciding,
  wish: { pool: PoolRoute; person: string; room: string | null },
): Promise<Verdict> {
  const { step, claims, idle } = deciding
  const { pool, person } = wish
  const key = `${pool.id} ${person}`
  let threads = idle.get(key)
  if (!threads) {
    threads = await loadIdle(step, pool.id, person)
    idle.set(key, threads)
  }
  const longest = threads.shift()
  if (longest?.number) {
    claims.take(wish, longest.number)
    return { kind: 'open', pool, number: longest.number, takenFrom: longest.id }
  }
  if (claims.hasClaimed(wish)) return { kind: 'again' }
  return { kind: 'refused', refusal: await refuseExhausted(step, claims, wish) }
}

/** How many of a person's threads one act looks at to make room. */
const IDLE_LOOKED_AT = 200

async function loadIdle(step: Act, poolId: string, person: string): Promise<Thread[]> {
  const ids = await step.load<{ id: string }>(loadIdleThreads, [step.accountId, poolId, person, IDLE_LOOKED_AT])
  if (ids.length === 0) return []
  const rows = await step.load<Thread>(loadThreads, [step.accountId, JSON.stringify(ids.map(({ id }) => id))])
  const byId = new Map(rows.map(row => [row.id, row]))
  return ids.flatMap(({ id }) => byId.get(id) ?? [])
}

function refused(...refusal: ConstructorParameters<typeof Refusal>): Verdict {
  return { kind: 'refused', refusal: new Refusal(...refusal) }
}
