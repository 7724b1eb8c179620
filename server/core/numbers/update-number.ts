import type { Capabilities } from '../../domain/inventory.ts'
import { numberSettings } from '../../domain/number-settings.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { KeptSettings } from '../../store/applications.ts'
import { loadOwnedNumber, type OwnedNumber, updateNumber as updateRow } from '../../store/numbers.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { type Given, given } from '../given.ts'

/** What an owner may set of a number. Left out or undefined: as it was. An empty URL is none. */
export type NumberChanges = Given<
  Pick<
    OwnedNumber,
    | 'friendlyName'
    | 'smsUrl'
    | 'smsMethod'
    | 'smsFallbackUrl'
    | 'smsFallbackMethod'
    | 'statusCallback'
    | 'statusCallbackMethod'
    | 'smsApplicationId'
  > & { kept: KeptSettings; capabilities: Given<Capabilities> }
>

/** Sets up a number. Refuses `not_found` when the account does not hold it. */
export async function updateNumber(
  core: Core,
  accountId: string,
  numberId: string,
  changes: NumberChanges,
): Promise<OwnedNumber> {
  return act(core, accountId, async step => {
    const [known] = await step.load<OwnedNumber>(loadOwnedNumber, [accountId, numberId])
    if (!known) throw new Refusal('not_found', 'The account holds no such number.')
    const number = { ...withChanges(known, changes), updatedAt: step.now, version: step.tick() }
    step.changes.add(updateRow, number)
    step.changes.touchConfig()
    return number
  })
}

/** The number as it is after the changes. */
export function withChanges(number: OwnedNumber, { kept, capabilities, ...changes }: NumberChanges): OwnedNumber {
  const before = numberSettings(number.settings)
  const settings = {
    ...number.settings,
    ...(kept && { kept: { ...before.kept, ...kept } }),
    ...(capabilities && { capabilities: { ...before.capabilities, ...given(capabilities) } }),
  }
  return { ...number, ...given(changes), settings }
}

/** Says what a number can do; what is left out stays. Refuses `number_unknown` when the account does not hold it. */
export async function setCapabilities(
  core: Core,
  accountId: string,
  number: string,
  capabilities: Given<Capabilities>,
): Promise<void> {
  const found = await act(core, accountId, async step => (await step.numberRoutes([number])).get(number))
  if (!found) throw new Refusal('number_unknown', `${number} is not a number of this account.`, { number })
  await updateNumber(core, accountId, found.id, { capabilities })
}
