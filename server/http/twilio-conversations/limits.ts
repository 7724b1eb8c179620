import { isJson } from '../../domain/attributes.ts'
import { type SidPrefix, uuidOfSid } from '../../domain/ids.ts'
import { lengthOfName } from '../../domain/text.ts'
import { parseWireTime } from '../../domain/wire-time.ts'
import { TwilioError } from '../twilio-errors.ts'
import type { Parameters } from '../twilio-parameters.ts'

/** What parameters may hold, with the codes that say no. Source: Twilio, Conversations limits and error dictionary. */

export const MAX_NAME = 256
/** In bytes. */
export const MAX_THREAD_ATTRIBUTES = 16 * 1024
export const MAX_ATTRIBUTES = 4 * 1024

/** The largest pages: of most lists, of users' and participants' lists, and of few. */
export const LARGE_PAGES = { maxSize: 100 }
export const SMALL_PAGES = { maxSize: 50 }

/** Whether a name, an identity or an author has more characters than it may. */
export function isTooLong(name: string): boolean {
  return lengthOfName(name) > MAX_NAME
}

/** Refuses 50004, a name that is too long. */
export function readName(parameters: Parameters, name: string): string | undefined {
  const value = parameters.text(name)
  if (value !== undefined && isTooLong(value))
    throw refuse(50004, `${name} is too long, it may have ${MAX_NAME} characters`)
  return value
}

/** A JSON text; an empty one is an empty object. Refuses 50303 (too long) and 50304 (not JSON). */
export function readAttributes(parameters: Parameters, maxBytes = MAX_ATTRIBUTES): string | undefined {
  const value = parameters.json('Attributes')
  if (value === undefined) return undefined
  if (Buffer.byteLength(value) > maxBytes)
    throw refuse(50303, `Attributes are too long, they may have ${maxBytes} bytes`)
  if (value.trim() === '') return '{}'
  if (!isJson(value)) throw refuse(50304, 'Attributes are not valid JSON')
  return value
}

/** When a resource was made and changed, where an import says so. Refuses 50308 and 50309. */
export function readDates(parameters: Parameters): { createdAt?: Date; updatedAt?: Date } {
  const createdAt = readTime(parameters, 'DateCreated', 50308)
  const updatedAt = readTime(parameters, 'DateUpdated', 50309)
  return { ...(createdAt && { createdAt }), ...(updatedAt && { updatedAt }) }
}

export function readTime(parameters: Parameters, name: string, code: number): Date | undefined {
  const text = parameters.filled(name)
  if (text === undefined) return undefined
  const time = parseWireTime(text)
  if (!time) throw refuse(code, `Invalid ${name}: ${text}`)
  return time
}

/** The id that a SID spells. Refuses with `code` what is no SID of that kind. */
export function readSid(parameters: Parameters, name: string, prefix: SidPrefix, code = 20001): string | undefined {
  const text = parameters.filled(name)
  if (text === undefined) return undefined
  const id = uuidOfSid(prefix, text)
  if (!id) throw refuse(code, `Invalid ${name}: ${text}`)
  return id
}

/** An identity. Refuses 50204 (empty), 50207 (too long), 50206 (looks like a SID) and 50203 (reserved). */
export function readIdentity(parameters: Parameters): string | undefined {
  const identity = parameters.text('Identity')
  if (identity === undefined) return undefined
  if (identity === '') throw refuse(50204, 'Identity not provided')
  if (isTooLong(identity)) throw refuse(50207, `Identity is too long, it may have ${MAX_NAME} characters`)
  if (looksLikeSid(identity)) throw refuse(50206, 'Identity must not look like a SID')
  if (identity === 'system') throw refuse(50203, 'Identity is reserved')
  return identity
}

export function looksLikeSid(text: string): boolean {
  return /^[A-Z]{2}[0-9a-fA-F]{32}$/.test(text)
}

export function refuse(code: number, message: string, status = 400): TwilioError {
  return new TwilioError(status, code, message)
}
