import { setTimeout as delay } from 'node:timers/promises'

const LOOK_EVERY_MS = 50

/** Looks until it is so; throws when that takes too long. */
export async function eventually(what: string, isSo: () => Promise<boolean>, withinSeconds = 60): Promise<void> {
  const endsAt = performance.now() + withinSeconds * 1000
  while (!(await isSo())) {
    if (performance.now() > endsAt) throw new Error(`Not within ${withinSeconds} s: ${what}.`)
    await delay(LOOK_EVERY_MS)
  }
}
