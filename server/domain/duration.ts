/** Lengths of time as ISO 8601 writes them (`PT4H`, `P1DT2H`, `P30D`), held in milliseconds. */

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
/** World time is UTC, so a day is always 24 hours. */
const DAY_MS = 24 * HOUR_MS
const WEEK_MS = 7 * DAY_MS

/** A thousand years: what is counted from now still ends on a date that can be written. */
export const LONGEST_MS = 365_243 * DAY_MS

/** Years and months are refused: their length depends on where they begin. Only the last part may have a fraction. */
const DURATION =
  /^P(?=[0-9]|T[0-9])(?:([0-9]+(?:[.,][0-9]+(?=W$))?)W)?(?:([0-9]+(?:[.,][0-9]+(?=D$))?)D)?(?:T(?=[0-9])(?:([0-9]+(?:[.,][0-9]+(?=H$))?)H)?(?:([0-9]+(?:[.,][0-9]+(?=M$))?)M)?(?:([0-9]+(?:[.,][0-9]+)?)S)?)?$/

/**
 * The milliseconds of an ISO 8601 duration of weeks, days, hours, minutes and seconds, rounded to a whole one; null for
 * all else: years, months, signs, lower case, longer than a thousand years. Source: ISO 8601-1:2019, 5.5.2.
 */
export function parseDuration(text: string): number | null {
  const parts = DURATION.exec(text)
  if (!parts) return null
  const ms = Math.round(
    amount(parts[1]) * WEEK_MS +
      amount(parts[2]) * DAY_MS +
      amount(parts[3]) * HOUR_MS +
      amount(parts[4]) * MINUTE_MS +
      amount(parts[5]) * SECOND_MS,
  )
  return ms <= LONGEST_MS ? ms : null
}

function amount(part: string | undefined): number {
  return part === undefined ? 0 : Number(part.replace(',', '.'))
}

/**
 * The shortest ISO 8601 spelling in days, hours, minutes and seconds, with milliseconds as a fraction; zero is `PT0S`.
 * Throws RangeError for what is no whole, non-negative number of milliseconds.
 */
export function formatDuration(ms: number): string {
  if (!Number.isSafeInteger(ms) || ms < 0) throw new RangeError(`no duration: ${ms} ms`)
  const days = Math.floor(ms / DAY_MS)
  const hours = Math.floor((ms % DAY_MS) / HOUR_MS)
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS)
  const seconds = (ms % MINUTE_MS) / SECOND_MS
  const date = days ? `${days}D` : ''
  const time = (hours ? `${hours}H` : '') + (minutes ? `${minutes}M` : '') + (seconds ? `${seconds}S` : '')
  if (!date && !time) return 'PT0S'
  return `P${date}${time ? `T${time}` : ''}`
}
