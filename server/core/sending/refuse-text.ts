import { countryOf } from '../../domain/geography.ts'
import { Refusal } from '../../domain/refusal.ts'
import { nameFor } from '../../domain/sender-names.ts'
import { forbids, type SendingRules } from '../../domain/sending-rules.ts'
import type { SenderRoute } from '../../store/numbers.ts'
import type { PoolRoute } from '../../store/pools.ts'
import type { AccountSenders } from '../settings-cache.ts'
import { abilitiesOf } from './sender-routes.ts'

/** Why texts through the pool do not leave: null when they may. `from` is asked for; null: the pool chooses. */
export function refusalOfPool(
  pool: PoolRoute,
  { names }: AccountSenders,
  { from, chosen }: { from: string | null; chosen: string | null },
): Refusal | null {
  if (pool.settings.proxy) return new Refusal('pool_not_sending', 'The pool masks persons and sends no other texts.')
  const own = names.filter(({ poolId }) => poolId === pool.id)
  if (pool.numbers.length + own.length === 0) return new Refusal('pool_empty', 'The pool has no numbers.')
  if (from !== null) {
    const isIn = pool.numbers.includes(from) || own.some(({ number }) => number === from)
    return isIn ? null : new Refusal('number_not_in_pool', `${from} is not in the pool.`)
  }
  return chosen === null ? new Refusal('pool_unfit', 'No sender of the pool can carry the text to this person.') : null
}

const FORBIDDEN = {
  region_not_allowed: 'The account does not text that country.',
  person_not_allowed: 'The account texts only the phones that it names.',
}

/** Why the account does not text the person, whatever the text. */
export function refusalOfPerson(rules: SendingRules, { textless }: AccountSenders, person: string): Refusal | null {
  const why = forbids(rules, person)
  if (why) return new Refusal(why, FORBIDDEN[why], { person })
  if (!textless.has(person)) return null
  return new Refusal('person_unreachable', `${person} cannot be texted.`, { person })
}

/** Why the sender cannot carry the text to the person. */
export function refusalOfSender(
  route: SenderRoute,
  { names }: AccountSenders,
  { person, hasMedia }: { person: string; hasMedia: boolean },
): Refusal | null {
  const detail = { number: route.number, person }
  const { sms, mms } = abilitiesOf(route)
  if (!sms) return new Refusal('sms_unsupported', `${route.number} cannot send texts.`, detail)
  if (hasMedia && !mms) return new Refusal('mms_unsupported', `${route.number} cannot send media.`, detail)
  if (route.kind !== 'name' || isTaken(route.number, names, person)) return null
  return new Refusal('pair_unreachable', `Texts to ${person} cannot come from a name.`, detail)
}

function isTaken(name: string, names: AccountSenders['names'], person: string): boolean {
  return (
    nameFor(
      countryOf(person),
      names.filter(({ number }) => number === name),
    ) !== undefined
  )
}
