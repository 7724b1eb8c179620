import { Refusal } from '../../domain/refusal.ts'
import { type AccountRow, loadAccount } from '../../store/accounts.ts'
import type { Act } from '../step.ts'

/**
 * Refuses `unauthorized` when the account is closed, as it may be since the request was let in: what it took now nobody
 * could give up again.
 */
export async function mustBeOpen(step: Act): Promise<void> {
  const [account] = await step.load<AccountRow>(loadAccount, [step.accountId])
  if (account?.status === 'closed') throw new Refusal('unauthorized', 'The account is closed.')
}
