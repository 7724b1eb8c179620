import { areaCodeOf, countryOf } from '../../domain/geography.ts'
import { nameFor } from '../../domain/sender-names.ts'
import type { NameRoute } from '../../store/numbers.ts'
import { loadLastNumbers, type PoolRoute } from '../../store/pools.ts'
import type { Act } from '../step.ts'

export interface PoolText {
  poolId: string
  person: string
  /** It carries files, as not every sender can. */
  hasMedia: boolean
}

/** Chooses what a text of a pool leaves from. */
export interface SenderChooser {
  /** A number or a name; null when the pool has none that may. */
  choose(text: PoolText): string | null
}

/**
 * A person keeps the sender that texted them last, as long as it is in the pool, can carry the text, and the pool does
 * not say otherwise. Else a short code goes before a name, and a name before other numbers: a short code in its country, a
 * name where names are taken and nothing but words is sent. Other numbers are spread by chance that is always the same
 * for the same person: over those of their area code where the pool wants that, else of their country, else over all.
 * Source: Twilio, Messaging Services: sender selection, sticky sender, geo-match.
 */
export async function senderChooser(
  step: Act,
  pools: Map<string, PoolRoute>,
  texts: PoolText[],
): Promise<SenderChooser> {
  const { names } = await step.senders()
  const last = await loadLast(step, pools, texts)
  return {
    choose(text) {
      const pool = pools.get(text.poolId)
      if (!pool) return null
      const numbers = ableNumbers(pool, text)
      const name = text.hasMedia ? undefined : nameOf(pool, text.person, names)
      const kept = last.get(keyOf(text))
      if (kept !== undefined && (numbers.includes(kept) || kept === name)) return kept
      const chosen = firstOf(pool, text.person, { numbers, name })
      if (chosen !== null) last.set(keyOf(text), chosen)
      return chosen
    },
  }
}

/** What each person was texted from last, where pools keep to that. */
async function loadLast(step: Act, pools: Map<string, PoolRoute>, texts: PoolText[]): Promise<Map<string, string>> {
  const sticky = texts.flatMap(({ poolId, person }) =>
    pools.get(poolId)?.settings.stickySender === false ? [] : [{ poolId, person }],
  )
  if (sticky.length === 0) return new Map()
  const rows = await step.load<{ poolId: string; person: string; number: string }>(loadLastNumbers, [
    step.accountId,
    JSON.stringify(sticky),
  ])
  return new Map(rows.map(row => [keyOf(row), row.number]))
}

/** No number texts itself. */
function ableNumbers({ numbers, unfit }: PoolRoute, { person, hasMedia }: PoolText): string[] {
  const unable = unfit.filter(({ sms, mms }) => !sms || (hasMedia && !mms))
  if (unable.length === 0 && !numbers.includes(person)) return numbers
  const left = new Set([person, ...unable.map(({ number }) => number)])
  return numbers.filter(number => !left.has(number))
}

function nameOf({ id }: PoolRoute, person: string, names: readonly Readonly<NameRoute>[]): string | undefined {
  const own = names.filter(({ poolId }) => poolId === id)
  return own.length === 0 ? undefined : nameFor(countryOf(person), own)?.number
}

function firstOf(
  { shortCodes, settings }: PoolRoute,
  person: string,
  { numbers, name }: { numbers: string[]; name: string | undefined },
): string | null {
  const byAreaCode = settings.areaCodeGeomatch === true
  const country = shortCodes.length > 0 ? countryOf(person) : null
  const isCode = (number: string) => shortCodes.some(code => code.number === number)
  const codes = numbers.filter(number => shortCodes.some(code => code.number === number && code.country === country))
  if (codes.length > 0) return spread(codes, person)
  if (name !== undefined) return name
  const others = shortCodes.length > 0 ? numbers.filter(number => !isCode(number)) : numbers
  // Where nothing else is left a short code may still be known abroad: its carrier says.
  return spread(nearest(others.length > 0 ? others : numbers, person, byAreaCode), person)
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

function keyOf({ poolId, person }: Pick<PoolText, 'poolId' | 'person'>): string {
  return `${poolId} ${person}`
}
