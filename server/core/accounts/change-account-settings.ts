import { Refusal } from '../../domain/refusal.ts'
import { type AccountSettings, changeAccountSettings as write } from '../../store/account-settings.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'

/** Sets what holds for all threads of an account. Refuses `not_found` when the default service is not there, `pool_unknown` likewise. */
export async function changeAccountSettings(
  core: Core,
  accountId: string,
  settings: AccountSettings,
): Promise<AccountSettings> {
  return act(core, accountId, async step => {
    const { defaultServiceId, defaultPoolId } = settings
    if (defaultServiceId && !(await step.services([defaultServiceId])).has(defaultServiceId)) {
      throw new Refusal('not_found', 'There is no such service.', { serviceId: defaultServiceId })
    }
    if (defaultPoolId && !(await step.poolRoutes([defaultPoolId])).has(defaultPoolId)) {
      throw new Refusal('pool_unknown', 'There is no such pool.', { poolId: defaultPoolId })
    }
    const before = await step.ownerSettings()
    step.changes.add(write, { settings, updatedAt: step.now })
    step.changes.touchConfig()
    return { ...before, ...settings }
  })
}
