import type { InboundText, Receipt } from '../domain/inbound-text.ts'
import { classifyAddress } from '../domain/phone-number.ts'
import { isServedBy } from '../store/carriers.ts'
import type { NumberOwners } from '../store/read/number-owners.ts'
import { findSendersOf } from '../store/read/sender-names.ts'
import type { Core } from './core.ts'
import type { Doors } from './doors.ts'
import type { Received } from './receive-sms.ts'

/** What a carrier tells the house, taken to the account that it is about. */
export interface AccountDoors {
  receive(text: InboundText): Promise<Received>
  report(receipts: Receipt[]): Promise<void>
}

/**
 * The doors of one carrier. One that belongs to an account reaches only numbers of that account and of its children;
 * without `ownerId` it reaches all. A receipt whose number tells nothing is about the owner's own text. One of a name that
 * several accounts have goes to the account whose text it is; while none knows the text all keep the receipt, and it counts
 * for the one that comes to know it.
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

  /** Whose text the receipt may be about. */
  async function accountsOf({ number, carrierMessageId }: Receipt): Promise<string[]> {
    const isName = classifyAddress(number) === 'alphanumeric'
    const named = isName ? await owners.holdersOf(number) : [(await owners.ownerOf(number)) ?? ''].filter(Boolean)
    const reached: string[] = []
    for (const accountId of named) if (await mayReach(accountId)) reached.push(accountId)
    if (reached.length === 0) return ownerId === null ? [] : [ownerId]
    if (reached.length === 1) return reached
    const senders = await findSendersOf(core.db, reached, { carrier, carrierMessageId })
    return senders.length > 0 ? senders : reached
  }

  return {
    async receive(text) {
      const received = await receiveFor(await owners.ownerOf(text.number), text)
      if (received?.kind === 'kept') return received
      return (await receiveFor(await owners.ownerNow(text.number), text)) ?? { kind: 'unknown_number' }
    },
    async report(receipts) {
      const reached = await Promise.all(receipts.map(accountsOf))
      // Asked before the first is told, so that receipts of a text keep their order.
      const told = receipts.flatMap((receipt, at) =>
        (reached[at] ?? []).map(accountId => doors.report(accountId, { carrier, receipt })),
      )
      await Promise.all(told)
    },
  }
}
