import { setTimeout as pause } from 'node:timers/promises'
import { isAlive } from './embedded-process.ts'
import type { HeddleProcess } from './heddle-process.ts'

export const VICTIMS = ['heddle', 'database', 'both'] as const
export type Victim = (typeof VICTIMS)[number]

/** Kills, starts again what does not start itself, and waits until the whole is healthy. */
export async function killHeddle(heddle: HeddleProcess, victim: Victim): Promise<void> {
  const databasePid = heddle.databasePid()
  if (victim !== 'heddle' && databasePid) process.kill(databasePid, 'SIGKILL')
  if (victim === 'database') {
    while (databasePid && isAlive(databasePid)) await pause(5)
    return heddle.healthy()
  }
  await heddle.end('SIGKILL')
  await heddle.start()
}
