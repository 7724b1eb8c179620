import { load } from './child.ts'
import { type FilledPool, personOf, poolNumber } from './fill-pools.ts'
import type { Job, Result } from './load.ts'
import { AUTHORIZATION } from './measured-heddle.ts'
import { personsOf } from './pool-claims.ts'
import { bestRates } from './rounds.ts'

/** A pool and where it is served. */
export interface ServedPool {
  pool: FilledPool
  port: number
}

const CONNECTIONS = 64
const ROUNDS = 3
const OPENS = 2_400
const REPLIES = 6_000
/** So that each round begins as the last did, all of its requests are made, however long that takes. */
const SECONDS = 120

/** The best rates, by pool, at which threads are opened: each round ends as it began, with what it opened closed. */
export function openingRates(pools: ServedPool[]): Promise<Record<string, number>> {
  return ratesOf(pools, async ({ pool, port }) => {
    const opened = await load(jobOf(port, 'POST /v1/threads', openings(pool)))
    await load(jobOf(port, 'POST /simulator/messages', closings(pool)))
    return opened
  })
}

/** The best rates, by pool, at which replies are routed into the threads that hold their pairs. */
export function replyRates(pools: ServedPool[]): Promise<Record<string, number>> {
  return ratesOf(pools, ({ pool, port }) => load(jobOf(port, 'POST /simulator/messages', replies(pool))))
}

/** Two rounds warm the servers up and are not counted. */
async function ratesOf(pools: ServedPool[], run: (served: ServedPool) => Promise<Result>) {
  const runs = Object.fromEntries(pools.map(served => [served.pool.name, () => run(served)]))
  await bestRates(2, runs)
  return bestRates(ROUNDS, runs)
}

function jobOf(port: number, target: string, bodies: object[]): Job {
  const head = `${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${AUTHORIZATION}\r\nContent-Type: application/json\r\n`
  const texts = bodies.map(body => JSON.stringify(body))
  return { port, head, bodies: texts, status: 201, connections: CONNECTIONS, count: texts.length, seconds: SECONDS }
}

/** Who opens: so many persons, each so many threads more than they hold. */
function openers(pool: FilledPool): { persons: number; each: number } {
  const persons = Math.min(OPENS, personsOf(pool))
  return { persons, each: Math.floor(OPENS / persons) }
}

function openings(pool: FilledPool): object[] {
  const { persons, each } = openers(pool)
  return Array.from({ length: persons * each }, (_, at) => ({
    pool: pool.name,
    to: personOf(pool, at % persons),
    body: `Question ${at}`,
    room: `room ${at}`,
    closeOn: 'reply',
  }))
}

/** What was opened is on the first numbers that the persons did not hold. */
function closings(pool: FilledPool): object[] {
  const { persons, each } = openers(pool)
  return Array.from({ length: persons * each }, (_, at) => ({
    from: personOf(pool, at % persons),
    to: poolNumber(pool, pool.held + 1 + Math.floor(at / persons)),
    body: 'Answer',
  }))
}

function replies(pool: FilledPool): object[] {
  const persons = Math.min(OPENS, personsOf(pool))
  return Array.from({ length: REPLIES }, (_, at) => ({
    from: personOf(pool, at % persons),
    to: poolNumber(pool, 1 + (Math.floor(at / persons) % pool.held)),
    body: `Answer ${at}`,
  }))
}
