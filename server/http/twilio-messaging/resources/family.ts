import { uuidOfSid } from '../../../domain/ids.ts'
import type { Credentials } from '../../credentials.ts'
import type { TwilioCaller } from '../../twilio-auth.ts'
import { TwilioError } from '../../twilio-errors.ts'

/** The account at the head of the family: the one asked for, or its parent. Its inventory is what the family may buy. */
export function headOfFamily({ accountId, principal }: TwilioCaller): string {
  return accountId === principal.accountId ? (principal.parentId ?? accountId) : principal.accountId
}

/**
 * The account that a number is to go to, from its SID: the caller's own or one of its children, and active. Refuses
 * 20001 any other.
 */
export async function readReceiver(
  credentials: Credentials,
  { principal }: TwilioCaller,
  accountSid: string,
): Promise<string> {
  const accountId = uuidOfSid('AC', accountSid)
  const standing = accountId === null ? null : await credentials.standingOf(accountId)
  const isOurs = accountId === principal.accountId || standing?.parentId === principal.accountId
  if (!accountId || !isOurs || standing?.status !== 'active') {
    throw new TwilioError(400, 20001, `Invalid AccountSid: ${accountSid}`)
  }
  return accountId
}
