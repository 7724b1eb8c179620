import { isUuid } from '../../domain/ids.ts'

/** A UUID of a request as rows have it, in small letters; null for what is none. */
export function uuidOf(value: unknown): string | null {
  return typeof value === 'string' && isUuid(value) ? value.toLowerCase() : null
}
