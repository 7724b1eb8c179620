import type { InboundText, Receipt } from '../domain/inbound-text.ts'
import { isServedBy } from '../store/carriers.ts'
import type { NumberOwners } from '../store/read/number-owners.ts'
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
 * without `ownerId` it reaches all. A receipt whose number tells nothing is about the owner's own text.
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

  return {
    async receive(text) {
      const received = await receiveFor(await owners.ownerOf(text.number), text)
      if (received?.kind === 'kept') return received
      return (await receiveFor(await owners.ownerNow(text.number), text)) ?? { kind: 'unknown_number' }
    },
    async report(receipts) {
      await Promise.all(
        receipts.map(async receipt => {
          const owner = await owners.ownerOf(receipt.number)
          const accountId = owner && (await mayReach(owner)) ? owner : ownerId
          if (accountId) await doors.report(accountId, { carrier, receipt })
        }),
      )
    },
  }
}
