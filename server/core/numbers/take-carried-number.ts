import { countryOf } from '../../domain/geography.ts'
import { Refusal } from '../../domain/refusal.ts'
import { claimLookup, LOOKUPS_KEY } from '../../store/lookups.ts'
import { insertNumber, loadOwnedNumber, type OwnedNumber, updateNumber } from '../../store/numbers.ts'
import { isViolationOf } from '../../store/violations.ts'
import { mustBeOpen } from '../accounts/must-be-open.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { newNumber } from './new-number.ts'

/**
 * Gives an account a number that it has at one of its carriers; one that it holds here already goes by that carrier from
 * now on. Refuses `number_taken` when another account holds it, and `unauthorized` when the account is closed.
 */
export async function takeCarriedNumber(
  core: Core,
  accountId: string,
  { number, carrierId }: { number: string; carrierId: string },
): Promise<void> {
  try {
    await act(core, accountId, async step => {
      const route = (await step.numberRoutes([number])).get(number)
      if (route?.carrier === carrierId) return
      await mustBeOpen(step)
      if (route) await moveToCarrier(step, route.id, carrierId)
      else add(step, number, carrierId)
      step.changes.touchConfig()
    })
  } catch (error) {
    if (!isViolationOf([LOOKUPS_KEY], error)) throw error
    throw new Refusal('number_taken', `Another account here has ${number}.`, { number })
  }
}

async function moveToCarrier(step: Act, numberId: string, carrier: string): Promise<void> {
  const [owned] = await step.load<OwnedNumber>(loadOwnedNumber, [step.accountId, numberId])
  if (owned) step.changes.add(updateNumber, { ...owned, carrier, updatedAt: step.now, version: step.tick() })
}

function add(step: Act, number: string, carrier: string): void {
  step.changes.add(claimLookup, { kind: 'number', key: number })
  const country = countryOf(number) ?? 'US'
  step.changes.add(insertNumber, newNumber(step, { number, kind: kindOf(number), country, carrier }))
}

/** Source: NANPA, toll-free codes. */
const TOLL_FREE = /^\+1(800|833|844|855|866|877|888)[0-9]{7}$/

function kindOf(number: string): OwnedNumber['kind'] {
  if (!number.startsWith('+')) return 'short_code'
  return TOLL_FREE.test(number) ? 'toll_free' : 'local'
}
