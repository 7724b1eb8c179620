import { isUuid } from '../../domain/ids.ts'
import { type OptOutSettings, optOutSettings } from '../../domain/opt-out-settings.ts'
import { Refusal } from '../../domain/refusal.ts'
import { setNumberOptOut, setPoolOptOut } from '../../store/opt-out-settings.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'

/** How opt-outs work on a number or pool. Refuses `number_unknown`. */
export function findOptOutSettings(core: Core, accountId: string, scope: string): Promise<OptOutSettings> {
  return act(core, accountId, async step => optOutSettings((await ownScope(step, scope)).settings))
}

/** Sets how opt-outs work on a number or pool; what is left out is as by default. Refuses `number_unknown`. */
export function setOptOutSettings(
  core: Core,
  accountId: string,
  { scope, settings }: { scope: string; settings: Partial<OptOutSettings> },
): Promise<OptOutSettings> {
  return act(core, accountId, async step => {
    const { id } = await ownScope(step, scope)
    const write = isUuid(scope) ? setPoolOptOut : setNumberOptOut
    step.changes.add(write, { id, optOut: settings, updatedAt: step.now, version: step.tick() })
    step.changes.touchConfig()
    return optOutSettings({ optOut: settings })
  })
}

async function ownScope(step: Act, scope: string): Promise<{ id: string; settings: Record<string, unknown> }> {
  const found = isUuid(scope)
    ? (await step.poolRoutes([scope])).get(scope)
    : (await step.numberRoutes([scope])).get(scope)
  if (!found) throw new Refusal('number_unknown', `${scope} is neither a number nor a pool of this account.`)
  return found
}
