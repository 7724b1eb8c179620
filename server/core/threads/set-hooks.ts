import { Refusal } from '../../domain/refusal.ts'
import { changeAccountSettings } from '../../store/account-settings.ts'
import type { HookSettings } from '../../store/hooks.ts'
import { type Service, type ServiceSettings, updateService } from '../../store/services.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'

/** Sets some of the hooks of an account and leaves the others; gives them all. */
export async function setAccountHooks(core: Core, accountId: string, change: HookSettings): Promise<HookSettings> {
  return act(core, accountId, async step => {
    const owner = await step.ownerSettings()
    const hooks = { ...owner.hooks, ...change }
    step.changes.add(changeAccountSettings, { settings: { hooks, hasHooks: true }, updatedAt: step.now })
    step.changes.touchConfig()
    return hooks
  })
}

/** Sets some settings of a service and leaves the others. Refuses `not_found`. */
export async function changeServiceSettings(
  core: Core,
  accountId: string,
  serviceId: string,
  change: (settings: ServiceSettings) => ServiceSettings,
): Promise<ServiceSettings> {
  return act(core, accountId, async step => {
    const service = (await step.services([serviceId])).get(serviceId)
    if (!service) throw new Refusal('not_found', 'There is no such service.')
    const changed: Service = {
      ...service,
      settings: change(service.settings),
      updatedAt: step.now,
      version: step.tick(),
    }
    step.changes.add(updateService, changed)
    step.changes.touchConfig()
    await noteHooks(step)
    return changed.settings
  })
}

/** Notes that the account has hooks, so that they are looked for from now on. */
export async function noteHooks(step: Act): Promise<void> {
  const isNoted = (await step.ownerSettings()).hasHooks || step.changes.rowsOf(changeAccountSettings).length > 0
  if (isNoted) return
  step.changes.add(changeAccountSettings, { settings: { hasHooks: true }, updatedAt: step.now })
  step.changes.touchConfig()
}
