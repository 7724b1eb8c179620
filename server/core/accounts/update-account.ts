import type { AccountSettings } from '../../store/account-settings.ts'
import {
  type AccountRow,
  type AccountStatus,
  findAccount,
  loadAccount,
  updateAccountRow,
} from '../../store/accounts.ts'
import { loadOwnedNumberIds } from '../../store/numbers.ts'
import { listChildren } from '../../store/read/accounts.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { releaseNumber } from '../numbers/release-number.ts'
import type { Act } from '../step.ts'

export interface AccountChanges {
  name?: string | undefined
  status?: AccountStatus | undefined
}

/** Numbers of a closing account that one look finds; looks are repeated until there is none. */
const NUMBERS_A_LOOK = 100

/**
 * Renames, suspends, reopens or closes an account. One that is closed has released its numbers and stays as it is for
 * good: false then, and when there is no such account. While a parent is suspended its children are too; what a crash
 * leaves undone is done by asking again. Source: Twilio error 10001.
 */
export async function updateAccount(core: Core, accountId: string, changes: AccountChanges): Promise<boolean> {
  for (;;) {
    const held = await act(core, accountId, step => change(step, changes))
    if (held === true && changes.status) await tellChildren(core, accountId, changes.status)
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
  const { isSuspendedWithParent: _, ...settings }: AccountSettings = account.settings
  write(step, {
    name: name ?? account.name,
    status: status ?? account.status,
    settings: status ? settings : account.settings,
  })
  return true
}

async function tellChildren(core: Core, accountId: string, status: AccountStatus): Promise<void> {
  for (const childId of await listChildren(core.db, accountId)) {
    await act(core, childId, step => followParent(step, status))
  }
}

/** Suspends a child whose parent is suspended. */
export async function followParentNow(core: Core, accountId: string, parentId: string): Promise<void> {
  const parent = await findAccount(core.db, parentId)
  if (parent?.status === 'suspended') await act(core, accountId, step => followParent(step, 'suspended'))
}

/** A child that was suspended for itself stays so when its parent is active again. */
async function followParent(step: Act, parentStatus: AccountStatus): Promise<void> {
  const [child] = await step.load<AccountRow>(loadAccount, [step.accountId])
  const { isSuspendedWithParent = false, ...settings }: AccountSettings = child?.settings ?? {}
  if (child?.status === 'active' && parentStatus === 'suspended') {
    write(step, { ...child, status: 'suspended', settings: { ...settings, isSuspendedWithParent: true } })
  }
  if (child?.status === 'suspended' && isSuspendedWithParent && parentStatus === 'active') {
    write(step, { ...child, status: 'active', settings })
  }
}

function write(step: Act, { name, status, settings }: Pick<AccountRow, 'name' | 'status' | 'settings'>): void {
  step.changes.add(updateAccountRow, { name, status, settings, updatedAt: step.now })
  step.changes.touchConfig()
}
