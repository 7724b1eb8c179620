import { isUuid, newId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import {
  type AddressRule,
  insertAddress,
  loadAddressesById,
  deleteAddress as removal,
  updateAddress,
} from '../../store/addresses.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { noteHooks } from '../threads/set-hooks.ts'

export type AddressDraft = Pick<AddressRule, 'kind' | 'address' | 'friendlyName' | 'country' | 'autoCreation'>

/**
 * Says what happens to texts that reach a number of ours, or any number of a pool, and belong to no thread. Refuses
 * `number_unknown` and `pool_unknown` when it is none of the account, `address_rule_taken` when something is said already,
 * `not_found` for an unknown service.
 */
export async function createAddress(core: Core, accountId: string, draft: AddressDraft): Promise<AddressRule> {
  return act(core, accountId, async step => {
    const { address, autoCreation } = draft
    if (isUuid(address) && !(await step.poolRoutes([address])).has(address)) {
      throw new Refusal('pool_unknown', 'There is no such pool.', { poolId: address })
    }
    if (!isUuid(address) && !(await step.numberRoutes([address])).has(address)) {
      throw new Refusal('number_unknown', `${address} is no number of this account.`, {
        number: address,
        as: 'address',
      })
    }
    if ((await step.addressRules([address])).has(address)) {
      throw new Refusal('address_rule_taken', `Something is set for ${address} already.`)
    }
    await mustBeService(step, autoCreation.serviceId)
    const born = step.tick()
    const dated = { createdAt: step.now, updatedAt: step.now }
    const rule: AddressRule = { ...draft, id: newId(step.now.getTime()), ...dated, version: born, born }
    step.changes.add(insertAddress, rule)
    if (autoCreation.kind === 'webhook') await noteHooks(step)
    step.changes.touchConfig()
    return rule
  })
}

export interface AddressChange {
  addressId: string
  friendlyName?: string | null
  /** Added to what is set. */
  autoCreation?: Partial<AddressRule['autoCreation']>
}

/** Changes what happens to such texts. Refuses `not_found`. */
export async function changeAddress(core: Core, accountId: string, change: AddressChange): Promise<AddressRule> {
  return act(core, accountId, async step => {
    const rule = await loadAddress(step, change.addressId)
    await mustBeService(step, change.autoCreation?.serviceId)
    if (change.friendlyName !== undefined) rule.friendlyName = change.friendlyName
    rule.autoCreation = { ...rule.autoCreation, ...change.autoCreation }
    rule.updatedAt = step.now
    rule.version = step.tick()
    step.changes.add(updateAddress, rule)
    if (rule.autoCreation.kind === 'webhook') await noteHooks(step)
    step.changes.touchConfig()
    return rule
  })
}

/** Forgets what happens to such texts. Refuses `not_found`. */
export async function deleteAddress(core: Core, accountId: string, addressId: string): Promise<void> {
  await act(core, accountId, async step => {
    const { id } = await loadAddress(step, addressId)
    step.changes.add(removal, { id })
    step.changes.touchConfig()
  })
}

async function loadAddress(step: Act, id: string): Promise<AddressRule> {
  const [rule] = await step.load<AddressRule>(loadAddressesById, [step.accountId, JSON.stringify([id])])
  if (!rule) throw new Refusal('not_found', 'There is no such address configuration.')
  return rule
}

async function mustBeService(step: Act, serviceId: string | undefined): Promise<void> {
  if (serviceId && !(await step.services([serviceId])).has(serviceId)) {
    throw new Refusal('not_found', 'There is no such service.', { serviceId })
  }
}
