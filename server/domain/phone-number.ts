/**
 * Addresses of texts, judged by shape and never by a numbering plan: +15557770001 is a good number.
 * A person or a number of ours is a phone number; a sender may also be a short code or a name.
 */

export type AddressKind = 'phone' | 'short_code' | 'alphanumeric' | 'channel' | 'invalid'

/** The channels that are spelled as a prefix: `whatsapp:+15557770001`. Source: Twilio, Messages resource. */
export const CHANNELS = ['whatsapp', 'rcs', 'messenger'] as const

export type Channel = (typeof CHANNELS)[number]

/** E.164 allows 15 digits, and no country begins with 0; numbers of fewer than 7 are short codes. */
const PHONE = /^\+[1-9][0-9]{6,14}$/
/** Three digits in some countries, eight in others (Australia). */
const SHORT_CODE = /^[0-9]{3,8}$/
/** GSM 03.40 leaves room for 11 characters; the signs are those that carriers let through. No space at either end. */
const ALPHANUMERIC = /^(?=.*[A-Za-z])[A-Za-z0-9&_.-](?:[A-Za-z0-9&_.+ -]{0,9}[A-Za-z0-9&_.+-])?$/
const CHANNEL_ADDRESS = new RegExp(`^(${CHANNELS.join('|')}):([!-~]{1,128})$`)

/** What kind of address this is, exactly as written; ask `canonicalAddress` first when a person or a program typed it. */
export function classifyAddress(text: string): AddressKind {
  if (PHONE.test(text)) return 'phone'
  if (SHORT_CODE.test(text)) return 'short_code'
  if (ALPHANUMERIC.test(text)) return 'alphanumeric'
  if (CHANNEL_ADDRESS.test(text)) return 'channel'
  return 'invalid'
}

/** True for `+` and 7 to 15 digits, the first no zero. */
export function isPhoneNumber(text: string): boolean {
  return PHONE.test(text)
}

/** The channel an address belongs to; plain phones, short codes and names are `sms`. */
export function channelOf(address: string): Channel | 'sms' {
  return CHANNELS.find(channel => address.startsWith(`${channel}:`)) ?? 'sms'
}

/** The one spelling under which an address is kept, or null when it is no address. Forgives what `canonicalPhoneNumber` does. */
export function canonicalAddress(text: string): string | null {
  const phone = canonicalPhoneNumber(text)
  if (phone) return phone
  const trimmed = text.trim()
  const colon = trimmed.indexOf(':')
  if (colon > 0) return canonicalChannelAddress(trimmed.slice(0, colon).toLowerCase(), trimmed.slice(colon + 1))
  return classifyAddress(trimmed) === 'invalid' ? null : trimmed
}

function canonicalChannelAddress(channel: string, rest: string): string | null {
  const address = `${channel}:${canonicalPhoneNumber(rest) ?? rest}`
  return CHANNEL_ADDRESS.test(address) ? address : null
}

/** A plus sign that was not escaped in a form body arrives as a space. Nine digits, so that no short code is meant. */
const UNESCAPED_PLUS = /^ (?=[0-9](?:[^0-9]*[0-9]){8})/
/** Spaces, dashes, dots, parentheses, and the marks of direction that come along when a number is copied from an address book. */
const FORMATTING = /[\s().\u2010-\u2015\u2212\u200e\u200f\u202a-\u202e\u2066-\u2069-]/g
/** "+44 (0)20 ..." means two ways to dial; digits alone would make a third, wrong number of it. */
const TRUNK_PREFIX = /\(\s*0\s*\)/

/**
 * The E.164 form of a number written with a plus and any spaces, dashes, dots and parentheses; null for all else.
 * A number without a plus is refused: whether 5557770001 lacks a country code is for a numbering plan to say.
 */
export function canonicalPhoneNumber(text: string): string | null {
  if (PHONE.test(text)) return text
  if (TRUNK_PREFIX.test(text)) return null
  const stripped = text.replace(UNESCAPED_PLUS, '+').replace(FORMATTING, '')
  return PHONE.test(stripped) ? stripped : null
}

/** For logs: every letter and digit but the last four becomes `*`; a channel's name stays. */
export function maskNumber(address: string): string {
  const start = address.indexOf(':') + 1
  const hidden = Math.max(start, address.length - 4)
  return address.slice(0, start) + address.slice(start, hidden).replace(/[\p{L}\p{N}]/gu, '*') + address.slice(hidden)
}
