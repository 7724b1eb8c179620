/**
 * Names that texts come from in place of a number: one-way, and not everywhere. Where carriers replace or refuse them a
 * pool sends from a number instead, unless its owner gave it a name for that country. Source: Twilio, "International
 * support for Alphanumeric Sender ID".
 */
const WITHOUT_NAMES = new Set('US CA PR VI GU AS MP MX CR SV NI AR BR CL CO EC UY VE CN TW KR MY NZ ZA'.split(' '))

/** Whether texts may come from a name in the country (two letters); not where the country is not known. */
export function takesNames(country: string | null): boolean {
  return country !== null && !WITHOUT_NAMES.has(country)
}

/** The name by which texts come to a country: the one that is for it alone, else the one for all that take names. */
export function nameFor<Name extends { country: string | null }>(
  country: string | null,
  names: readonly Name[],
): Name | undefined {
  const own = names.find(name => name.country !== null && name.country === country)
  return own ?? (takesNames(country) ? names.find(name => name.country === null) : undefined)
}
