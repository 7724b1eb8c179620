import { numberSettings } from '../domain/number-settings.ts'
import { Refusal } from '../domain/refusal.ts'
import type { KeptSettings } from '../store/applications.ts'
import { loadOwnedNumber, type OwnedNumber, updateNumber as updateRow } from '../store/numbers.ts'
import { act } from './act.ts'
import type { Core } from './core.ts'
import { type Given, given } from './given.ts'

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
  > & { kept: KeptSettings }
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
export function withChanges(number: OwnedNumber, { kept, ...changes }: NumberChanges): OwnedNumber {
  const changed = { ...number, ...given(changes) }
  if (!kept) return changed
  return { ...changed, settings: { ...changed.settings, kept: { ...numberSettings(changed.settings).kept, ...kept } } }
}
