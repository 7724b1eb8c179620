import type { AccountSettings } from '../domain/account-settings.ts'
import { mergeAccountSettings } from '../store/account-settings.ts'
import { act } from './act.ts'
import type { Core } from './core.ts'

/** Sets what is given for the whole account; what is left out stays. */
export async function setAccountSettings(
  core: Core,
  accountId: string,
  settings: Partial<AccountSettings>,
): Promise<void> {
  await act(core, accountId, async step => {
    step.changes.add(mergeAccountSettings, { settings, updatedAt: step.now })
    step.changes.touchConfig()
  })
}
