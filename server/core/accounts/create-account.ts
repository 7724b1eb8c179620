import { newId, sid } from '../../domain/ids.ts'
import type { Queryable } from '../../kit/queryable.ts'
import type { Seal } from '../../kit/seal.ts'
import { insertAccount } from '../../store/accounts.ts'
import { randomSecret } from './random-secret.ts'

/** An account with its token in the clear: shown to its owner. */
export interface CreatedAccount {
  accountId: string
  sid: string
  authToken: string
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
