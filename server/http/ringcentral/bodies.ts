import { canonicalPhoneNumber } from '../../domain/phone-number.ts'
import { invalidParameter, RingCentralError } from './errors.ts'

/** A JSON body as an object. Refuses 400 CMN-104 for all else; no body is an empty object where that is allowed. */
export function objectOf(body: unknown): Record<string, unknown> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>
  throw new RingCentralError(400, 'CMN-104', 'Cannot parse request: a JSON object is expected')
}

/** A text of 1 to 1000 UTF-16 code units, as RingCentral counts them. */
export function textOf(body: Record<string, unknown>, name: string, isOptional = false): string {
  const value = body[name]
  if (isOptional && (value === undefined || value === null || value === '')) return ''
  if (typeof value !== 'string' || value.length < 1 || value.length > 1000) throw invalidParameter(name, value)
  return value
}

/** An array of 1 to `max` strings, each once. */
export function idsOf(
  body: Record<string, unknown>,
  name: string,
  max: number,
  isId: (id: string) => boolean,
): string[] {
  const value = body[name]
  if (!Array.isArray(value) || value.length < 1 || value.length > max) throw invalidParameter(name, value)
  for (const id of value) if (typeof id !== 'string' || !isId(id)) throw invalidParameter(name, id)
  return [...new Set(value as string[])]
}

/** `{ phoneNumber }` in E.164. */
export function phoneOf(party: unknown, name: string): string {
  const value = typeof party === 'object' && party !== null ? Reflect.get(party, 'phoneNumber') : undefined
  const number = typeof value === 'string' ? canonicalPhoneNumber(value) : null
  if (!number) throw invalidParameter(`${name}.phoneNumber`, value)
  return number
}
