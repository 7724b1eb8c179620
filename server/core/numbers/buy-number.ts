import type { InventoryKind } from '../../domain/inventory.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { InventoryNumber } from '../../store/inventory.ts'
import { claimLookup, LOOKUPS_KEY } from '../../store/lookups.ts'
import { insertNumber, NUMBERS_KEY, type OwnedNumber } from '../../store/numbers.ts'
import { isViolationOf } from '../../store/violations.ts'
import { mustBeOpen } from '../accounts/must-be-open.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { newNumber } from './new-number.ts'
import { type NumberChanges, withChanges } from './update-number.ts'

/** What a number that was sold as something is to us. */
const KIND_OF: Record<InventoryKind, OwnedNumber['kind']> = {
  local: 'local',
  mobile: 'mobile',
  toll_free: 'toll_free',
  national: 'local',
  voip: 'local',
  shared_cost: 'local',
  machine_to_machine: 'mobile',
}

/**
 * Gives an account a number of the inventory, set up as told. Refuses `number_taken` when somebody holds it (of two
 * buyers one wins), and `unauthorized` when the account is closed.
 */
export async function buyNumber(
  core: Core,
  accountId: string,
  sold: InventoryNumber,
  setup: NumberChanges & { friendlyName: string },
): Promise<OwnedNumber> {
  try {
    return await act(core, accountId, async step => {
      await mustBeOpen(step)
      const blank = newNumber(step, {
        number: sold.number,
        kind: KIND_OF[sold.kind],
        country: sold.country,
        carrier: sold.carrier,
        friendlyName: setup.friendlyName,
        settings: {
          capabilities: { voice: sold.canVoice, sms: sold.canSms, mms: sold.canMms, fax: sold.canFax },
          soldAs: sold.kind,
          isBeta: sold.isBeta,
          addressRequirements: sold.addressRequirements,
        },
      })
      const number = withChanges(blank, setup)
      step.changes.add(claimLookup, { kind: 'number', key: number.number })
      step.changes.add(insertNumber, number)
      step.changes.touchConfig()
      return number
    })
  } catch (error) {
    if (!isViolationOf([LOOKUPS_KEY, NUMBERS_KEY], error)) throw error
    throw new Refusal('number_taken', `${sold.number} is not available.`, { number: sold.number })
  }
}
