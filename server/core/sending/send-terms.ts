import { carriersFor } from '../../domain/carrier-route.ts'
import { accountDelivery, numberDelivery, rateOfKind } from '../../domain/delivery-settings.ts'
import type { QuietHours } from '../../domain/quiet-hours.ts'
import type { Sms } from '../../domain/sms.ts'
import type { AccountSettings } from '../../store/account-settings.ts'
import type { NumberRoute } from '../../store/numbers.ts'
import type { AccountTransaction } from '../../store/transaction.ts'
import type { Core } from '../core.ts'

/** On what terms texts leave from one number: what its owner and its account's owner set. */
export interface SendTerms {
  /** Segments a second; null: as many as its carrier takes. */
  numberPerSecond: number | null
  /** The number's limit comes from its kind: a simulated network has none. */
  isUsualRate: boolean
  accountPerSecond: number | null
  quietHours: QuietHours | null
  /** What persons' numbers begin with that have routes of their own. */
  prefixes: string[]
  /** Carriers of a text to the person, in the order in which they are tried. `named`: the one that the text names. */
  carriersFor(person: string, named: string): string[]
}

const known = new WeakMap<AccountSettings, Map<NumberRoute | null, SendTerms>>()

/** The terms of a number as this node knows them; null when it has to learn them first. */
export function knownTerms(core: Core, accountId: string, number: string): SendTerms | null {
  const found = core.settings.peek(accountId, number)
  if (!found) return null
  const ofAccount = known.get(found.owner) ?? new Map<NumberRoute | null, SendTerms>()
  known.set(found.owner, ofAccount)
  const kept = ofAccount.get(found.number)
  if (kept) return kept
  const terms = termsOf(found.number, found.owner)
  ofAccount.set(found.number, terms)
  return terms
}

/** Sees to it that the terms of texts that an act queues are known when it commits: they cost a query once. */
export async function knowTerms(core: Core, accountId: string, tx: AccountTransaction, queued: Sms[]): Promise<void> {
  await core.settings.owner(accountId, tx)
  await core.settings.numberRoutes(accountId, tx, new Set(queued.flatMap(sms => sms.number ?? [])))
}

/** Who is no number of ours is a name. */
function termsOf(number: NumberRoute | null, owner: AccountSettings): SendTerms {
  const account = accountDelivery(owner)
  const { perSecond, routes } = numberDelivery(number?.settings ?? {})
  return {
    numberPerSecond: perSecond ?? rateOfKind(account, number?.kind ?? 'name'),
    isUsualRate: perSecond == null,
    accountPerSecond: account.perSecond ?? null,
    quietHours: account.quietHours ?? null,
    prefixes: [...(routes ?? []), ...(account.routes ?? [])].map(route => route.prefix),
    carriersFor: (person, named) =>
      carriersFor(person, { own: number?.carrier ?? named, ofNumber: routes ?? [], ofAccount: account.routes ?? [] }),
  }
}
