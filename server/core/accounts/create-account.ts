import { newId, sid } from '../../domain/ids.ts'
import type { Queryable } from '../../kit/queryable.ts'
import type { Seal } from '../../kit/seal.ts'
import { insertAccount } from '../../store/accounts.ts'
import type { Core } from '../core.ts'
import { randomSecret } from './random-secret.ts'
import { followParentNow } from './update-account.ts'

/** An account with its token in the clear: shown to its owner. */
export interface CreatedAccount {
  accountId: string
  sid: string
  authToken: string
}

/** Makes a subaccount. It is suspended at once when its parent is, as it may be since the request was let in. */
export async function createChild(core: Core, parentId: string, name: string): Promise<CreatedAccount> {
  const child = await createAccount(core.db, core.seal, { name, parentId, now: core.clock.world() })
  // A parent that is suspended from here on finds the child among its children.
  await followParentNow(core, child.accountId, parentId)
  return child
}

/** Makes an account; with a parent, a subaccount. */
export async function createAccount(
  db: Queryable,
  seal: Seal,
  { name, parentId, now }: { name: string; parentId: string | null; now: Date },
): Promise<CreatedAccount> {
  const accountId = newId(now.getTime())
  const authToken = randomSecret()
  await insertAccount(db, { accountId, parentId, name, authToken: seal.seal(authToken), settings: {}, now })
  return { accountId, sid: sid('AC', accountId), authToken }
}
