import { areaCodeOf, countryOf } from '../domain/geography.ts'
import { loadLastNumbers, type PoolRoute } from '../store/pools.ts'
import type { Act } from './step.ts'

export interface PoolText {
  poolId: string
  person: string
}

/** Chooses which number of a pool a text leaves from. */
export interface NumberChooser {
  /** Null when the pool has no number. */
  choose(text: PoolText): string | null
}

/**
 * A person keeps the number that texted them last, as long as it is in the pool and the pool does not say otherwise. A
 * short code goes before other numbers where it is valid: in its country. Others are spread by chance that is always the same for the same person: over the numbers of their area code where the
 * pool wants that, else of their country, else over all. Source: Twilio, Messaging Services: sticky sender, geo-match.
 */
export async function numberChooser(
  step: Act,
  pools: Map<string, PoolRoute>,
  texts: PoolText[],
): Promise<NumberChooser> {
  const sticky = texts.filter(({ poolId }) => pools.get(poolId)?.settings.stickySender !== false)
  const rows =
    sticky.length === 0
      ? []
      : await step.load<PoolText & { number: string }>(loadLastNumbers, [step.accountId, JSON.stringify(sticky)])
  const last = new Map(rows.map(row => [keyOf(row), row.number]))
  return {
    choose(text) {
      const { numbers = [], shortCodes = [], settings = {} } = pools.get(text.poolId) ?? {}
      const kept = last.get(keyOf(text))
      if (kept !== undefined && numbers.includes(kept)) return kept
      const codes = shortCodesFor(text.person, shortCodes)
      const rest = numbers.filter(number => !shortCodes.some(code => code.number === number))
      const fit = codes.length > 0 ? codes : rest.length > 0 ? rest : numbers
      const chosen = spread(nearest(fit, text.person, settings.areaCodeGeomatch === true), text.person)
      if (chosen !== null) last.set(keyOf(text), chosen)
      return chosen
    },
  }
}

function shortCodesFor(person: string, shortCodes: PoolRoute['shortCodes']): string[] {
  if (shortCodes.length === 0) return []
  const country = countryOf(person)
  return shortCodes.filter(code => code.country === country).map(({ number }) => number)
}

function nearest(numbers: string[], person: string, byAreaCode: boolean): string[] {
  if (numbers.length < 2) return numbers
  const area = byAreaCode ? areaCodeOf(person) : null
  const local = area === null ? [] : numbers.filter(number => areaCodeOf(number) === area)
  if (local.length > 0) return local
  const country = countryOf(person)
  const national = country === null ? [] : numbers.filter(number => countryOf(number) === country)
  return national.length > 0 ? national : numbers
}

/** FNV-1a over the person's number. */
function spread(numbers: string[], person: string): string | null {
  let hash = 0x811c9dc5
  for (let at = 0; at < person.length; at++) hash = Math.imul(hash ^ person.charCodeAt(at), 0x01000193) >>> 0
  return numbers[hash % Math.max(1, numbers.length)] ?? null
}

function keyOf({ poolId, person }: PoolText): string {
  return `${poolId} ${person}`
}
