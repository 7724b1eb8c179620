import { RANK_OF } from './priority.ts'
import { minutesOfDay, timeZonesOf } from './time-zones.ts'

/** Hours of the day, `21:00`, by the clocks where the person is; `from` may be later than `to`, over midnight. */
export interface QuietHours {
  from: string
  to: string
}

/** When a text may leave that quiet hours hold now; null when they don't. An urgent one they never hold. */
export function heldUntil(quiet: QuietHours | null, text: { person: string; rank: number }, now: Date): Date | null {
  if (!quiet || text.rank === RANK_OF.urgent) return null
  return quietUntil(timeZonesOf(text.person), quiet, now)
}

const DAY_MINUTES = 24 * 60
const MINUTE_MS = 60_000
/** After so many ends of quiet hours in one zone or another it is never quiet nowhere. */
const MOST_ENDS = 40

/**
 * When quiet hours that hold now are over, in every zone that the person may be in; null when they do not hold now.
 * Where it is always quiet in one zone or another, the first zone counts alone.
 */
export function quietUntil(zones: readonly string[], quiet: QuietHours, now: Date): Date | null {
  let at = now
  for (let ends = 0; ends < MOST_ENDS; ends++) {
    const quietZones = zones.filter(zone => isQuiet(zone, quiet, at))
    if (quietZones.length === 0) return at === now ? null : at
    const here = at
    at = new Date(Math.max(...quietZones.map(zone => endOfQuiet(zone, quiet, here).getTime())))
  }
  return quietUntil(zones.slice(0, 1), quiet, now)
}

function isQuiet(zone: string, quiet: QuietHours, at: Date): boolean {
  const [from, to] = [minutes(quiet.from), minutes(quiet.to)]
  const now = minutesOfDay(zone, at)
  return from <= to ? now >= from && now < to : now >= from || now < to
}

function endOfQuiet(zone: string, { to }: QuietHours, at: Date): Date {
  const left = (minutes(to) - minutesOfDay(zone, at) + DAY_MINUTES) % DAY_MINUTES
  const end = new Date(Math.round(at.getTime() + left * MINUTE_MS))
  // Clocks that were put forward meanwhile show more than they should, those that were put back less.
  const over = ((minutesOfDay(zone, end) - minutes(to) + DAY_MINUTES * 1.5) % DAY_MINUTES) - DAY_MINUTES / 2
  const right = new Date(Math.round(end.getTime() - over * MINUTE_MS))
  return right > at ? right : end
}

function minutes(time: string): number {
  const [hours = 0, rest = 0] = time.split(':').map(Number)
  return hours * 60 + rest
}
