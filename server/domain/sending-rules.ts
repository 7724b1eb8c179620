import { countryOf } from './geography.ts'

/** What an account's owner allows of outbound texts. Absent or null: no limit. */
export interface SendingRules {
  /** Countries, two letters, whose phones may be texted. */
  allowedCountries?: string[] | null
  /** The only phones that may be texted: of an account that is being tried out. */
  allowedPhones?: string[] | null
  /** Texts that may wait for their carrier on one number. */
  maxQueuedPerNumber?: number | null
}

/** Why the person may not be texted; null when they may. */
export function forbids(
  { allowedCountries, allowedPhones }: SendingRules,
  person: string,
): 'region_not_allowed' | 'person_not_allowed' | null {
  if (allowedCountries && !allowedCountries.includes(countryOf(person) ?? '')) return 'region_not_allowed'
  if (allowedPhones && !allowedPhones.includes(person)) return 'person_not_allowed'
  return null
}
