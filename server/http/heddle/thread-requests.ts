import type { ThreadWish } from '../../core/pools/open-in-pool.ts'
import { isOnCalendar } from '../../domain/calendar.ts'
import { parseDuration } from '../../domain/duration.ts'
import { isUuid, uuidOfSid } from '../../domain/ids.ts'
import { canonicalPhoneNumber } from '../../domain/phone-number.ts'
import { Refusal } from '../../domain/refusal.ts'
import { cleanText, lengthInCharacters } from '../../domain/text.ts'

const MAX_BODY_CHARACTERS = 1600

/** What a request for a thread may say. */
export interface ThreadAsked {
  pool: string
  to: string
  body: string
  room?: string | null
  number?: string | null
  expiresAfter?: string | null
  expiresAt?: string | null
  closeOn?: 'reply' | null
  replyUrl?: string | null
}

/** The wish that a request spells. Refuses `address_invalid`, `body_missing`, `body_too_long` and `time_invalid`. */
export function wishOf(asked: ThreadAsked, now: Date): ThreadWish {
  const person = canonicalPhoneNumber(asked.to)
  if (!person) throw new Refusal('address_invalid', `${asked.to} is not a phone number.`)
  return {
    pool: asked.pool,
    person,
    body: checkedBody(asked.body),
    room: asked.room ? cleanText(asked.room) : null,
    number: asked.number ? (canonicalPhoneNumber(asked.number) ?? asked.number) : null,
    expiresAfterMs: typeof asked.expiresAfter === 'string' ? msOf(asked.expiresAfter) : asked.expiresAfter,
    expiresAt: asked.expiresAt ? laterThan(now, asked.expiresAt) : null,
    settings: {
      ...(asked.closeOn === 'reply' && { closesOnReply: true }),
      ...(asked.replyUrl && { replyUrl: asked.replyUrl }),
    },
  }
}

/** The body as it is sent. Refuses `body_missing` and `body_too_long`. */
export function checkedBody(body: string): string {
  const clean = cleanText(body)
  if (clean.trim() === '') throw new Refusal('body_missing', 'A text needs a body.')
  if (lengthInCharacters(clean) > MAX_BODY_CHARACTERS) {
    throw new Refusal('body_too_long', `The body exceeds the ${MAX_BODY_CHARACTERS} character limit.`)
  }
  return clean
}

function msOf(duration: string): number {
  const ms = parseDuration(duration)
  if (!ms) throw new Refusal('time_invalid', `${duration} is no ISO 8601 duration of days, hours, minutes or seconds.`)
  return ms
}

function laterThan(now: Date, text: string): Date {
  const date = new Date(text)
  if (!isOnCalendar(date) || date <= now) throw new Refusal('time_invalid', `${text} is no date in the future.`)
  return date
}

/** The id that a UUID or CH SID spells. Refuses `not_found`. */
export function threadIdOf(written: string): string {
  const id = uuidOfSid('CH', written) ?? written
  if (!isUuid(id)) throw new Refusal('not_found', `There is no thread ${written}.`)
  return id.toLowerCase()
}
