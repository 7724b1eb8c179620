import type { InboundText, Receipt } from '../../domain/inbound-text.ts'
import { isServedBy } from '../../store/carriers.ts'
import type { NumberOwners } from '../../store/read/number-owners.ts'
import { findSendersOf } from '../../store/read/sender-names.ts'
import type { Core } from '../core.ts'
import type { Doors } from '../doors.ts'
import type { Received } from '../inbound/receive-sms.ts'

/** What a carrier tells the house, taken to the account that it is about. */
export interface AccountDoors {
  receive(text: InboundText): Promise<Received>
  report(receipts: Receipt[]): Promise<void>
}

/**
 * The doors of one carrier. One that belongs to an account reaches only numbers of that account and of its children;
 * without `ownerId` it reaches all. A receipt whose number tells nothing is about the owner's own text. One of a name or a
 * number that several accounts have or had goes to the account whose text it is; while none knows the text all keep the
 * receipt, and it counts for the one that comes to know it.
 */
export function openCarrierDoors(
  { core, doors, owners }: { core: Core; doors: Doors; owners: NumberOwners },
  { carrier, ownerId }: { carrier: string; ownerId: string | null },
): AccountDoors {
  /** Accounts never change their parent. */
  const served = new Set<string>(ownerId === null ? [] : [ownerId])

  async function mayReach(accountId: string): Promise<boolean> {
    if (ownerId === null || served.has(accountId)) return true
    const isServed = await isServedBy(core.db, accountId, ownerId)
    if (isServed) served.add(accountId)
    return isServed
  }

  async function receiveFor(accountId: string | null, text: InboundText): Promise<Received | null> {
    return accountId && (await mayReach(accountId)) ? doors.receive(accountId, { carrier, text }) : null
  }

  /** Whose text the receipt may be about, of those who send from its number. */
  async function accountsOf({ carrierMessageId }: Receipt, senders: string[]): Promise<string[]> {
    const reached: string[] = []
    for (const accountId of senders) if (await mayReach(accountId)) reached.push(accountId)
    if (reached.length === 0) return ownerId === null ? [] : [ownerId]
    if (reached.length === 1) return reached
    const known = await findSendersOf(core.db, reached, { carrier, carrierMessageId })
    return known.length > 0 ? known : reached
  }

  /** Whether any of the accounts knows the text. */
  async function tell(accountIds: string[], receipt: Receipt): Promise<boolean> {
    const isKnown = await Promise.all(accountIds.map(accountId => doors.report(accountId, { carrier, receipt })))
    return isKnown.includes(true)
  }

  /** For a receipt that nobody knew: its number may have changed hands since it was asked last. */
  async function lookAgain(receipt: Receipt, senders: Promise<string[]>, told: string[]): Promise<string[]> {
    const reached = await accountsOf(receipt, await senders)
    return reached.filter(accountId => !told.includes(accountId))
  }

  return {
    async receive(text) {
      const received = await receiveFor(await owners.ownerOf(text.number), text)
      if (received?.kind === 'kept') return received
      return (await receiveFor(await owners.ownerNow(text.number), text)) ?? { kind: 'unknown_number' }
    },
    async report(receipts) {
      // All are asked before the first is told, so that receipts of a text keep their order.
      const reached = await Promise.all(
        receipts.map(async receipt => accountsOf(receipt, await owners.sendersOf(receipt.number))),
      )
      const isKnown = await Promise.all(receipts.map((receipt, at) => tell(reached[at] ?? [], receipt)))
      const unknown = new Set(receipts.filter((_, at) => !isKnown[at]).map(({ number }) => number))
      const senders = new Map([...unknown].map(number => [number, owners.sendersNow(number)]))
      const missed = await Promise.all(
        receipts.map((receipt, at) => {
          const now = isKnown[at] ? undefined : senders.get(receipt.number)
          return now ? lookAgain(receipt, now, reached[at] ?? []) : []
        }),
      )
      await Promise.all(receipts.map((receipt, at) => tell(missed[at] ?? [], receipt)))
    },
  }
}
