import { Refusal } from '../../domain/refusal.ts'
import { deleteDuty, insertDuty } from '../../store/duties.ts'
import { loadUsers, type User } from '../../store/users.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'

/**
 * Puts a user on duty, or off: only those on duty are given threads that queues give out. The threads that they have stay
 * theirs. Refuses `not_found`.
 */
export async function setDuty(
  core: Core,
  accountId: string,
  { userId, on }: { userId: string; on: boolean },
): Promise<void> {
  await act(core, accountId, async step => {
    const [user] = await step.load<User>(loadUsers, [accountId, JSON.stringify([userId])])
    if (!user) throw new Refusal('not_found', `There is no user ${userId}.`)
    if (on) step.changes.add(insertDuty, { userId, since: step.now })
    else step.changes.add(deleteDuty, { userId })
  })
}
