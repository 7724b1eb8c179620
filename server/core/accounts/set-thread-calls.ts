import { Refusal } from '../../domain/refusal.ts'
import { changeAccountSettings } from '../../store/account-settings.ts'
import { loadOwnedNumber, type OwnedNumber, updateNumber } from '../../store/numbers.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'

/**
 * Says whether apps are also told of texts that belong to a thread: those of one number (null: as the account says), or
 * of all. Off unless set, so that an app and a conversation do not both answer. Refuses `not_found`.
 */
export async function setThreadCalls(
  core: Core,
  accountId: string,
  asked: { number: string; on: boolean | null } | { number: null; on: boolean },
): Promise<void> {
  await act(core, accountId, async step => {
    step.changes.touchConfig()
    if (asked.number === null) {
      const settings = { callsForThreads: asked.on }
      step.changes.add(changeAccountSettings, { settings, updatedAt: step.now })
      return
    }
    const route = (await step.numberRoutes([asked.number])).get(asked.number)
    const [number] = route ? await step.load<OwnedNumber>(loadOwnedNumber, [accountId, route.id]) : []
    if (!number) throw new Refusal('not_found', 'The account holds no such number.')
    const settings = { ...number.settings, callsForThreads: asked.on }
    step.changes.add(updateNumber, { ...number, settings, updatedAt: step.now, version: step.tick() })
  })
}
