/** How a pool chooses the number that a new thread with a person leaves from. */

export const PICKS = ['in-order', 'least-recently-used', 'fewest-open'] as const
/** The rule among the free numbers that the preferences leave. */
export type Pick = (typeof PICKS)[number]

export const PREFERENCES = ['sticky', 'area-code', 'country'] as const
/** `sticky`: a number that the person knows from an earlier thread; the others: where the number says it is from. */
export type Preference = (typeof PREFERENCES)[number]

export const EXHAUSTED_POLICIES = ['refuse', 'queue', 'take-idle'] as const
/** What becomes of a thread when all numbers are held: it is refused, waits, or takes the place of the longest idle one. */
export type ExhaustedPolicy = (typeof EXHAUSTED_POLICIES)[number]

/** A free number as the store finds it. */
export interface Candidate {
  number: string
  /** Numbers are tried by rank, then position: see `pool_numbers`. */
  rank: number
  position: number
  areaCode: string | null
  country: string
  /** The person held a thread on it before. */
  isKnown: boolean
  /** When it was released, while it still rests; null when it is rested. */
  restingSince: Date | null
}

/** Whom a number is wanted for. */
export interface Wish {
  prefers: readonly Preference[]
  picks: Pick
  areaCode: string | null
  country: string | null
}

/**
 * The best candidate, or null when there is none. A resting number comes after all that are rested, the longest rested
 * first; before that the preferences count in their order, then the pool's rule. `isClaimed` tells numbers that were
 * given away since the candidates were found, `claims` how often each was: what the store does not know yet.
 */
export function chooseNumber(
  candidates: readonly Candidate[],
  wish: Wish,
  since: { isClaimed(number: string): boolean; claims(number: string): number } = NOTHING_SINCE,
): string | null {
  let best: Candidate | null = null
  for (const candidate of candidates) {
    if (since.isClaimed(candidate.number)) continue
    if (!best || compare(candidate, best, wish, since.claims) < 0) best = candidate
  }
  return best?.number ?? null
}

const NOTHING_SINCE = { isClaimed: () => false, claims: () => 0 }

function compare(a: Candidate, b: Candidate, wish: Wish, claims: (number: string) => number): number {
  if (a.restingSince || b.restingSince) {
    if (a.restingSince && b.restingSince && a.restingSince.getTime() !== b.restingSince.getTime()) {
      return a.restingSince.getTime() - b.restingSince.getTime()
    }
    if (!a.restingSince || !b.restingSince) return a.restingSince ? 1 : -1
  }
  for (const preference of wish.prefers) {
    const difference = Number(fits(b, preference, wish)) - Number(fits(a, preference, wish))
    if (difference !== 0) return difference
  }
  return rankNow(a, wish, claims) - rankNow(b, wish, claims) || a.position - b.position
}

function fits(candidate: Candidate, preference: Preference, wish: Wish): boolean {
  switch (preference) {
    case 'sticky':
      return candidate.isKnown
    case 'area-code':
      return wish.areaCode !== null && candidate.areaCode === wish.areaCode
    case 'country':
      return wish.country !== null && candidate.country === wish.country
    default:
      return preference satisfies never
  }
}

/** A version is far below this, so that a number claimed just now comes after all others. */
const JUST_USED = 2 ** 52

function rankNow({ rank, number }: Candidate, { picks }: Wish, claims: (number: string) => number): number {
  switch (picks) {
    case 'in-order':
      return 0
    case 'least-recently-used':
      return claims(number) > 0 ? JUST_USED + claims(number) : rank
    case 'fewest-open':
      return rank + claims(number)
    default:
      return picks satisfies never
  }
}
