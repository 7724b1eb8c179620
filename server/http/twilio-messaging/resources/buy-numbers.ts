import type { Core } from '../../../core/core.ts'
import { buyNumber } from '../../../core/numbers/buy-number.ts'
import type { InventoryKind } from '../../../domain/inventory.ts'
import { canonicalPhoneNumber } from '../../../domain/phone-number.ts'
import { Refusal } from '../../../domain/refusal.ts'
import { findInventoryNumber, type InventoryNumber, searchInventory } from '../../../store/read/inventory.ts'
import type { OwnedNumber } from '../../../store/read/numbers.ts'
import { TwilioError } from '../../twilio-errors.ts'
import type { TwilioCall } from '../../twilio-routes.ts'
import { headOfFamily } from './family.ts'
import { readSetup } from './number-setup.ts'
import { friendlyNumber } from './spelling.ts'

/** Numbers of an area that are tried in turn, when other buyers are quicker. */
const MAX_TRIES = 20
/** Source: NANPA: the first digit of an area code is neither 0 nor 1. */
const AREA_CODE = /^[2-9][0-9]{2}$/

/**
 * Buys the number that is named, of the given kind if one is given, or the first of an area code. Refuses 21421 what is
 * no number, 21422 what is not to be had, 21451 what is no area code, 21452 an area without numbers.
 */
export async function buyAsAsked(core: Core, call: TwilioCall, kind: InventoryKind | null): Promise<OwnedNumber> {
  const setup = await readSetup(core, call, { smsUrl: '', smsApplicationId: null, voiceUrl: '' })
  const buy = (sold: InventoryNumber) =>
    buyNumber(core, call.accountId, sold, { ...setup, friendlyName: setup.friendlyName || friendlyNumber(sold.number) })

  const areaCode = call.parameters.filled('AreaCode')
  const asked = call.parameters.address('PhoneNumber')
  if (asked === undefined && areaCode !== undefined && kind === null) return buyInArea(core, call, areaCode, buy)

  const number = canonicalPhoneNumber(asked ?? '')
  if (number === null) throw new TwilioError(400, 21421, `PhoneNumber is invalid: ${asked ?? ''}`)
  const sold = await findInventoryNumber(core.db, headOfFamily(call), number)
  if (!sold || (kind !== null && sold.kind !== kind)) throw new TwilioError(400, 21422, `${number} is not available`)
  return buy(sold)
}

async function buyInArea(
  core: Core,
  call: TwilioCall,
  areaCode: string,
  buy: (sold: InventoryNumber) => Promise<OwnedNumber>,
): Promise<OwnedNumber> {
  if (!AREA_CODE.test(areaCode)) throw new TwilioError(400, 21451, `Invalid area code: ${areaCode}`)
  const free = await searchInventory(core.db, headOfFamily(call), {
    kind: 'local',
    patterns: [`+1${areaCode}%`],
    excludes: [],
    allowsBeta: true,
    limit: MAX_TRIES,
    offset: 0,
  })
  for (const sold of free) {
    try {
      return await buy(sold)
    } catch (error) {
      if (!(error instanceof Refusal && error.code === 'number_taken')) throw error
    }
  }
  throw new TwilioError(400, 21452, `No phone numbers found in area code ${areaCode}`)
}
