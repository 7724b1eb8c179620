import { load } from './child.ts'
import type { Job, Result } from './load.ts'

/** For what is compared between few rows and many: requests one after another. */
const ALONE = { connections: 1, count: 60, seconds: 10 }
const ROUNDS = 3

type Runs<Name extends string> = Record<Name, () => Promise<Result>>

/** Runs all, one after another, so many times; the best rate of each. A machine that is disturbed disturbs all alike. */
export async function bestRates<Name extends string>(rounds: number, runs: Runs<Name>): Promise<Record<Name, number>> {
  return interleave(rounds, runs, results => Math.max(...results.map(({ answers, seconds }) => answers / seconds)))
}

/** Runs all, one after another, so many times; the run of each whose p99 is lowest. */
export async function steadiest<Name extends string>(rounds: number, runs: Runs<Name>): Promise<Record<Name, Result>> {
  return interleave(rounds, runs, results => results.reduce((best, each) => (each.p99 < best.p99 ? each : best)))
}

type Requests = Pick<Job, 'port' | 'head' | 'heads' | 'bodies' | 'status'>

/** Asks for the same where there is little and where there is much. */
export function compare(few: Requests, many: Requests): Promise<{ few: Result; many: Result }> {
  return steadiest(ROUNDS, { few: () => load({ ...few, ...ALONE }), many: () => load({ ...many, ...ALONE }) })
}

/** Runs all by turns, so many times; the median of each, in milliseconds. The first run of each does not count. */
export async function medians<Name extends string>(
  runs: number,
  asked: Record<Name, () => Promise<unknown>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(asked) as Name[]
  const times = new Map<Name, number[]>(names.map(name => [name, []]))
  for (let run = 0; run <= runs; run++) {
    for (const name of names) {
      const startedAt = performance.now()
      await asked[name]()
      if (run > 0) times.get(name)?.push(performance.now() - startedAt)
    }
  }
  const median = (of: number[] = []) => of.sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0
  return Object.fromEntries(names.map(name => [name, median(times.get(name))])) as Record<Name, number>
}

async function interleave<Name extends string, Out>(
  rounds: number,
  runs: Runs<Name>,
  choose: (results: Result[]) => Out,
): Promise<Record<Name, Out>> {
  const names = Object.keys(runs) as Name[]
  const results = new Map<Name, Result[]>(names.map(name => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results.get(name)?.push(await runs[name]())
  }
  return Object.fromEntries(names.map(name => [name, choose(results.get(name) ?? [])])) as Record<Name, Out>
}
