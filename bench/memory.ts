import { readdir, readFile } from 'node:fs/promises'
import { startServer } from './child.ts'
import { startHeddle } from './measured-heddle.ts'
import type { Measure } from './report.ts'
import { answered } from './roundtrip.ts'

const NUMBER = '+15550001000'
/** A load is one text from each connection, answered by the app. */
const LOAD = { connections: 64, seconds: 300 }
const SOON = 100
const LATE = 1_000
const LOOK_EVERY_MS = 250

/** What Heddle and its database take of the machine under load, and whether that grows. Linux only. */
export async function memory(): Promise<Measure[]> {
  const app = await startServer('app')
  const heddle = await startHeddle([{ number: NUMBER, smsUrl: `http://127.0.0.1:${app.port}/reply` }])
  let highest = 0
  let looking: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    looking = pssMb(heddle.pid).then(pss => {
      highest = Math.max(highest, pss)
    })
  }, LOOK_EVERY_MS)
  try {
    await answered(heddle, NUMBER, { ...LOAD, count: SOON * LOAD.connections })
    const soon = await residentMb(heddle.pid)
    await answered(heddle, NUMBER, { ...LOAD, count: (LATE - SOON) * LOAD.connections })
    const late = await residentMb(heddle.pid)
    clearInterval(timer)
    await looking
    return [
      { what: 'Heddle and its database under load: Pss', value: highest, unit: 'MB', bar: { atMost: 400 } },
      { what: `Heddle after ${SOON} loads: RSS`, value: soon, unit: 'MB' },
      { what: `growth from ${SOON} to ${LATE} loads: RSS`, value: late - soon, unit: 'MB', bar: { atMost: 20 } },
    ]
  } finally {
    clearInterval(timer)
    await app.stop()
    await heddle.stop()
  }
}

/** The memory of a process and all below it, shared pages divided among those who share them. */
async function pssMb(pid: number): Promise<number> {
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  const isBelow = (each: number | undefined): boolean =>
    each !== undefined && (each === pid || isBelow(parents.get(each)))
  let sum = 0
  for (const each of parents.keys()) if (isBelow(each)) sum += await kilobytes(`/proc/${each}/smaps_rollup`, 'Pss')
  return sum / 1024
}

export async function residentMb(pid: number): Promise<number> {
  return (await kilobytes(`/proc/${pid}/status`, 'VmRSS')) / 1024
}

/** A process that has ended meanwhile has none. */
async function kilobytes(path: string, field: string): Promise<number> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0)
}
