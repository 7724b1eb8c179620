/** Through which carriers texts to some persons go, the first one first. */
export interface CarrierRoute {
  /** What the person's number begins with, such as `+44`; empty: all numbers. */
  prefix: string
  /** Ids of carriers; the next one is used while the one before is away. */
  carriers: string[]
}

/**
 * The carriers of a text to a person, in the order in which they are tried: those of the route with the longest fitting
 * prefix, where a number's own route goes before one of its account; without any, the carrier that the number has.
 */
export function carriersFor(
  person: string,
  { own, ofNumber, ofAccount }: { own: string; ofNumber: readonly CarrierRoute[]; ofAccount: readonly CarrierRoute[] },
): string[] {
  const fitting = [...ofNumber, ...ofAccount].filter(
    ({ prefix, carriers }) => carriers.length > 0 && person.startsWith(prefix),
  )
  const longest = fitting.reduce<CarrierRoute | null>(
    (best, route) => (best === null || route.prefix.length > best.prefix.length ? route : best),
    null,
  )
  return longest?.carriers ?? [own]
}
