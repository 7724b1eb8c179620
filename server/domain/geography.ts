/**
 * Where a phone number says it is from. A hint for choosing senders and filling in `FromCountry`; never a reason to
 * refuse a number.
 */
import { getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** The country that stands for a calling code several countries share, when the digits do not tell them apart. */
const COUNTRY_OF_SHARED_CODE: Record<string, string> = {
  '1': 'US',
  '7': 'RU',
  '39': 'IT',
  '44': 'GB',
  '47': 'NO',
  '61': 'AU',
  '212': 'MA',
  '262': 'RE',
  '290': 'SH',
  '358': 'FI',
  '590': 'GP',
  '599': 'CW',
}

const COUNTRY_OF_CODE = new Map<string, string>(
  getCountries().map(country => [getCountryCallingCode(country), country]),
)

/**
 * The country (ISO 3166, two letters) of an E.164 number. A number outside its numbering plan, such as +15557770001,
 * counts as the largest country of its calling code. Null for numbers of no country (+800, +883) and unknown codes.
 */
export function countryOf(number: string): string | null {
  const parsed = parsePhoneNumberFromString(number)
  if (!parsed) return null
  const code = parsed.countryCallingCode
  return parsed.country ?? COUNTRY_OF_SHARED_CODE[code] ?? COUNTRY_OF_CODE.get(code) ?? null
}

/** +1 and ten digits, of which the first three are the area code. */
const NORTH_AMERICAN = /^\+1([0-9]{3})[0-9]{7}$/
/** Toll-free and other codes that belong to no area. Source: NANPA, non-geographic NPAs. */
const NON_GEOGRAPHIC =
  /^(?:[89](?:00|11|22|33|44|55|66|77|88|99)|5(?:00|21|22|23|24|25|26|27|28|29|33|44|66|77|88)|700|710|600|622)$/

/** The area code (three digits) of a number of the United States or Canada; null for all other numbers and toll-free ones. */
export function areaCodeOf(number: string): string | null {
  const areaCode = NORTH_AMERICAN.exec(number)?.[1]
  if (!areaCode || NON_GEOGRAPHIC.test(areaCode)) return null
  const country = countryOf(number)
  return country === 'US' || country === 'CA' ? areaCode : null
}
