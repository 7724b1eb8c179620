import type { Result } from './load.ts'

type Runs<Name extends string> = Record<Name, () => Promise<Result>>

/** Runs all, one after another, so many times; the best rate of each. A machine that is disturbed disturbs all alike. */
export async function bestRates<Name extends string>(rounds: number, runs: Runs<Name>): Promise<Record<Name, number>> {
  return interleave(rounds, runs, results => Math.max(...results.map(({ answers, seconds }) => answers / seconds)))
}

/** Runs all, one after another, so many times; the run of each whose p99 is lowest. */
export async function steadiest<Name extends string>(rounds: number, runs: Runs<Name>): Promise<Record<Name, Result>> {
  return interleave(rounds, runs, results => results.reduce((best, each) => (each.p99 < best.p99 ? each : best)))
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
