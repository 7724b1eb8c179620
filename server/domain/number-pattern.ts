/** The keys of a telephone that spell letters. Source: ITU-T E.161. */
const KEYS: Record<string, string> = Object.fromEntries(
  ['2ABC', '3DEF', '4GHI', '5JKL', '6MNO', '7PQRS', '8TUV', '9WXYZ'].flatMap(([digit = '', ...letters]) =>
    letters.map(letter => [letter, digit]),
  ),
)

const PATTERN = /^\+?[0-9A-Z*%]+\$?$/
const FORMATTING = /[\s().-]/g

/**
 * What a program searches numbers by, as an SQL LIKE pattern over E.164 numbers: digits, letters as on the keys of a
 * telephone, `*` for any digit, `%` for any digits, `+` for the beginning and `$` for the end of the number. Null when
 * it is no such pattern. Source: Twilio, AvailablePhoneNumbers, `Contains`.
 */
export function numberPattern(text: string): string | null {
  const pattern = text.replace(FORMATTING, '').toUpperCase()
  if (!PATTERN.test(pattern)) return null
  const isFromStart = pattern.startsWith('+')
  const isToEnd = pattern.endsWith('$')
  const middle = [...pattern.replace(/[+$]/g, '')].map(sign => (sign === '*' ? '_' : (KEYS[sign] ?? sign))).join('')
  return `${isFromStart ? '+' : '%'}${middle}${isToEnd ? '' : '%'}`
}
