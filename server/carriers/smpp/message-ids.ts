import type { IdForm } from '../../domain/smpp-settings.ts'

/**
 * The one spelling of an id that an SMSC gave. Some SMSCs answer a submit in hexadecimal and report in decimal, or differ
 * in case or leading zeros: what the settings tell to be one id comes out as one. An id that is not of its form is
 * taken as text.
 */
export function canonicalId(id: string, form: IdForm = 'text'): string {
  const trimmed = id.trim()
  if (form === 'exact') return trimmed
  if (form === 'hex' && /^[0-9a-f]{1,64}$/i.test(trimmed)) return BigInt(`0x${trimmed}`).toString()
  if (form === 'decimal' && /^[0-9]{1,64}$/.test(trimmed)) return BigInt(trimmed).toString()
  return trimmed.toLowerCase().replace(/^0+(?=.)/, '')
}
