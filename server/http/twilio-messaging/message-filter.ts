import { isOnCalendar, laterBy } from '../../domain/calendar.ts'
import { canonicalAddress } from '../../domain/phone-number.ts'
import { parseWireTime } from '../../domain/wire-time.ts'
import type { SmsFilter } from '../../store/read/sms.ts'
import { TwilioError } from '../twilio-errors.ts'
import type { Parameters } from '../twilio-parameters.ts'

const SECOND_MS = 1000
const DAY_MS = 24 * 60 * 60 * 1000

/** Reads To, From and the three DateSent filters. A day means all of it, in GMT; both bounds are inclusive. */
export function readMessageFilter(accountId: string, query: Parameters): SmsFilter {
  const { since, before } = readDateRange(query, 'DateSent')
  return { accountId, to: readAddress(query, 'To'), from: readAddress(query, 'From'), since, before }
}

/**
 * Reads `Name`, `Name<` and `Name>`: on, not after and not before a day or second. `Name=<=2026-11-22` is `Name<` too, as
 * the contract writes it.
 */
export function readDateRange(query: Parameters, name: string): { since: Date | undefined; before: Date | undefined } {
  const [, sign = '', text] = /^([<>]?)=?(.*)$/.exec(query.filled(name) ?? '') ?? []
  const said = readMoment(name, text)
  const until = readMoment(name, query.filled(`${name}<`))
  const from = readMoment(name, query.filled(`${name}>`))
  return {
    since: later(sign === '<' ? undefined : said?.start, from?.start),
    before: earlier(sign === '>' ? undefined : said?.end, until?.end),
  }
}

function readAddress(query: Parameters, name: string): string | undefined {
  const address = query.address(name)
  return address === undefined ? undefined : (canonicalAddress(address) ?? address)
}

/** The whole of the day or second that is meant; `end` is the first moment after it. */
function readMoment(name: string, text: string | undefined): { start: Date; end: Date } | undefined {
  if (!text) return undefined
  const moment = parseWireTime(text) ?? parseLoosely(text)
  if (moment === null) throw new TwilioError(400, 20001, `Invalid ${name}: ${text}`)
  if (!hasTime(text)) return { start: moment, end: laterBy(moment, DAY_MS) }
  const second = Math.floor(moment.getTime() / SECOND_MS) * SECOND_MS
  return { start: new Date(second), end: laterBy(new Date(second), SECOND_MS) }
}

/** Old programs write `06/11/2019 22:05:25 MST`, which Twilio takes, or `06/11/2019`. */
function parseLoosely(text: string): Date | null {
  const date = new Date(Date.parse(hasTime(text) ? text : `${text} UTC`))
  return isOnCalendar(date) ? date : null
}

function hasTime(text: string): boolean {
  return text.includes(':')
}

function later(a: Date | undefined, b: Date | undefined): Date | undefined {
  return a && b ? (a > b ? a : b) : (a ?? b)
}

function earlier(a: Date | undefined, b: Date | undefined): Date | undefined {
  return a && b ? (a < b ? a : b) : (a ?? b)
}
