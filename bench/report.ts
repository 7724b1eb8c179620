import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { projectFolder } from '../server/kit/project-folder.ts'

/** One thing measured. With a bar it is a claim, which holds or not; without one it is told. */
export interface Measure {
  what: string
  value: number
  unit: string
  bar?: { atLeast: number } | { atMost: number }
}

export function holds({ value, bar }: Measure): boolean {
  if (!bar) return true
  return 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost
}

export function print(name: string, measures: Measure[]): void {
  const width = Math.max(...measures.map(({ what }) => what.length))
  console.log(`\n${name}`)
  for (const measure of measures) {
    const value = `${spell(measure.value)} ${measure.unit}`.trimEnd()
    console.log(`  ${measure.what.padEnd(width)}  ${value.padStart(16)}  ${spellBar(measure)}`.trimEnd())
  }
}

/** Keeps the results as `bench/results/<name>.json`, with the machine that they are of. */
export async function keep(name: string, measures: Measure[]): Promise<void> {
  const folder = new URL('bench/results/', projectFolder)
  await mkdir(folder, { recursive: true })
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version }
  const file = { name, at: new Date().toISOString(), machine, measures }
  await writeFile(new URL(`${name}.json`, folder), `${JSON.stringify(file, null, 2)}\n`)
}

function spell(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en')
  return value >= 100 ? value.toFixed(0) : value.toFixed(2)
}

function spellBar(measure: Measure): string {
  if (!measure.bar) return ''
  const bar = 'atLeast' in measure.bar ? `at least ${measure.bar.atLeast}` : `at most ${measure.bar.atMost}`
  return `${holds(measure) ? 'holds ' : 'BROKEN'} (${bar})`
}
