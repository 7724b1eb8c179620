import { randomUUID } from 'node:crypto'
import { updateAccount } from './core/accounts/update-account.ts'
import type { Core } from './core/core.ts'
import { SettingsCache } from './core/settings-cache.ts'
import { HookAnswers } from './core/threads/hook-answers.ts'
import { movableClock } from './domain/clock.ts'
import { uuidOfSid } from './domain/ids.ts'
import type { Seal } from './kit/seal.ts'
import { type AccountStatus, findAccount } from './store/accounts.ts'
import type { Engine } from './store/open-engine.ts'
import { readWorldOffset } from './store/world-clock.ts'

/** Suspends or reopens an account, and its subaccounts with it. Throws with a sentence for the operator when it cannot. */
export async function setAccountStatus(
  engine: Engine,
  seal: Seal,
  { sid, status }: { sid: string; status: Exclude<AccountStatus, 'closed'> },
): Promise<void> {
  const accountId = uuidOfSid('AC', sid)
  const account = accountId && (await findAccount(engine.db, accountId))
  if (!account) throw new Error(`There is no account ${sid}.`)
  const parent = account.parentId === null ? null : await findAccount(engine.db, account.parentId)
  if (parent && parent.status !== 'active')
    throw new Error(`The account ${sid} follows its parent, which is suspended.`)
  const isDone = await updateAccount(await coreOf(engine, seal), account.accountId, { status })
  if (!isDone) throw new Error(`The account ${sid} is closed for good.`)
}

/** What acts need when an operator runs one beside the server, which carries out what they queue. */
async function coreOf({ db }: Engine, seal: Seal): Promise<Core> {
  const offsetMs = await readWorldOffset(db)
  return {
    db,
    clock: movableClock(() => offsetMs),
    nodeId: randomUUID(),
    seal,
    settings: new SettingsCache(),
    hookAnswers: new HookAnswers(),
    publicUrl: '',
    carry: () => {},
    observe: () => {},
  }
}
