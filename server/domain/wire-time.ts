import { isOnCalendar } from './calendar.ts'

/** Dates as they are written on the wire. All are spoken in UTC; a time without a zone is taken as UTC. */

/** `Thu, 24 Aug 2023 05:01:45 +0000`. Source: RFC 2822, 3.3; Twilio's 2010-04-01 API. */
export function formatRfc2822(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000')
}

/** `2015-12-16T22:18:37Z`; what is below a second is cut off. */
export function formatIsoSeconds(date: Date): string {
  return date.toISOString().replace(/\.[0-9]{3}Z$/, 'Z')
}

/** `2026-02-17T17:12:39.676Z`. */
export function formatIsoMilliseconds(date: Date): string {
  return date.toISOString()
}

const DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/

/** A zone of `+hh:mm`, `+hhmm`, `+hh` or Z. A plus sign that was not escaped in a query arrives as a space. */
const ISO =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?(?:[Zz]|([+ -])([0-9]{2}):?([0-9]{2})?)?$/

const RFC_2822 =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), *)?([0-9]{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([0-9]{4}) ([0-9]{2}):([0-9]{2})(?::([0-9]{2}))? (?:GMT|UTC|UT|Z|([+ -])([0-9]{2})([0-9]{2}))$/i

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** True for `YYYY-MM-DD`: then the whole UTC day is meant, where a list is asked for. */
export function isDay(text: string): boolean {
  return DAY.test(text.trim())
}

/**
 * The moment a client wrote: an ISO 8601 date and time with or without seconds, fraction and zone, a plain day (its
 * midnight UTC), or RFC 2822. Fractions finer than milliseconds are cut off. Null for all else, days that no calendar has
 * and years (UTC) but 1 to 9999 included.
 */
export function parseWireTime(text: string): Date | null {
  const trimmed = text.trim()
  const iso = ISO.exec(trimmed) ?? DAY.exec(trimmed)
  if (iso) {
    const [, year, month, day, hour, minute, second, fraction, sign, zoneHour, zoneMinute] = iso
    const ms = Number((fraction ?? '').padEnd(3, '0').slice(0, 3))
    return moment({ year, month: Number(month), day, hour, minute, second, ms, sign, zoneHour, zoneMinute })
  }
  const rfc = RFC_2822.exec(trimmed)
  if (!rfc) return null
  const [, day, month, year, hour, minute, second, sign, zoneHour, zoneMinute] = rfc
  return moment({ year, month: monthNumber(month), day, hour, minute, second, ms: 0, sign, zoneHour, zoneMinute })
}

function monthNumber(name: string | undefined): number {
  return MONTHS.indexOf((name ?? '').toLowerCase()) + 1
}

type Digits = string | undefined

interface Moment {
  year: Digits
  month: number
  day: Digits
  hour: Digits
  minute: Digits
  second: Digits
  ms: number
  sign: string | undefined
  zoneHour: Digits
  zoneMinute: Digits
}

function moment(parts: Moment): Date | null {
  const [hour, minute, second] = [Number(parts.hour ?? 0), Number(parts.minute ?? 0), Number(parts.second ?? 0)]
  const [zoneHour, zoneMinute] = [Number(parts.zoneHour ?? 0), Number(parts.zoneMinute ?? 0)]
  if (hour > 23 || minute > 59 || second > 59 || zoneHour > 23 || zoneMinute > 59) return null
  const local = new Date(0)
  local.setUTCFullYear(Number(parts.year), parts.month - 1, Number(parts.day))
  if (local.getUTCMonth() !== parts.month - 1 || local.getUTCDate() !== Number(parts.day)) return null
  local.setUTCHours(hour, minute, second, parts.ms)
  const zoneMinutes = (zoneHour * 60 + zoneMinute) * (parts.sign === '-' ? -1 : 1)
  const date = new Date(local.getTime() - zoneMinutes * 60_000)
  return isOnCalendar(date) ? date : null
}
