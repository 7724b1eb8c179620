import { type AccountRow, type AccountStatus, loadAccount, updateAccountRow } from '../store/accounts.ts'
import { loadOwnedNumberIds } from '../store/numbers.ts'
import { act } from './act.ts'
import type { Core } from './core.ts'
import { releaseNumber } from './release-number.ts'
import type { Act } from './step.ts'

export interface AccountChanges {
  name?: string | undefined
  status?: AccountStatus | undefined
}

/** Numbers of a closing account that one look finds; looks are repeated until there is none. */
const NUMBERS_A_LOOK = 100

/**
 * Renames, suspends, reopens or closes an account. One that is closed has released its numbers and stays as it is for
 * good: false then, and when there is no such account.
 */
export async function updateAccount(core: Core, accountId: string, changes: AccountChanges): Promise<boolean> {
  for (;;) {
    const held = await act(core, accountId, step => change(step, changes))
    if (!Array.isArray(held)) return held
    for (const id of held) await releaseNumber(core, accountId, id)
  }
}

/** Writes the change; or says which numbers must be released first. */
async function change(step: Act, { name, status }: AccountChanges): Promise<boolean | string[]> {
  const [account] = await step.load<AccountRow>(loadAccount, [step.accountId])
  if (!account || account.status === 'closed') return false
  if (status === 'closed') {
    const held = await step.load<{ id: string }>(loadOwnedNumberIds, [step.accountId, NUMBERS_A_LOOK])
    if (held.length > 0) return held.map(({ id }) => id)
  }
  step.changes.add(updateAccountRow, {
    name: name ?? account.name,
    status: status ?? account.status,
    updatedAt: step.now,
  })
  step.changes.touchConfig()
  return true
}
