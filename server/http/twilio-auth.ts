import type { FastifyRequest } from 'fastify'
import { uuidOfSid } from '../domain/ids.ts'
import type { Credentials, Principal } from './credentials.ts'
import { TwilioError } from './twilio-errors.ts'

/** Whose request it is, and whose resources it asks for. */
export interface TwilioCaller {
  /** The account that is asked for: the caller's own or one of its children. */
  accountId: string
  principal: Principal
}

export interface TwilioAuth {
  /**
   * The caller of a request for an account (an `AC` SID in the path) or, with null, for its own. Refuses 20003 (401)
   * without good credentials of that account or its parent, and 20005 (401) when the account is not active, unless
   * `evenInactive`: parents look at and reopen suspended children.
   */
  callerOf(request: FastifyRequest, accountSid: string | null, evenInactive?: boolean): Promise<TwilioCaller>
}

/** Accounts by HTTP Basic, as the SDKs send it: SID and token of the account or its parent, or an API key of either. */
export function openTwilioAuth(credentials: Credentials): TwilioAuth {
  return {
    async callerOf(request, accountSid, evenInactive = false) {
      const principal = await credentials.check(request.headers.authorization)
      if (!principal) throw unauthenticated()
      if (principal.status !== 'active') throw inactive(principal.status)
      const accountId = accountSid === null ? principal.accountId : uuidOfSid('AC', accountSid)
      if (accountId === principal.accountId) return { accountId, principal }
      const child = accountId === null ? null : await credentials.standingOf(accountId)
      if (!accountId || child?.parentId !== principal.accountId) throw unauthenticated()
      if (child.status !== 'active' && !evenInactive) throw inactive(child.status)
      return { accountId, principal }
    },
  }
}

/**
 * Refuses API keys (20003, 401) where accounts and keys themselves are managed: who got hold of a key must not be able to
 * read the account's token or make keys that outlive it. Source: Twilio, "API keys", standard keys.
 */
export function refuseKeys({ principal }: TwilioCaller): void {
  if (principal.keyId !== null) throw unauthenticated()
}

function unauthenticated(): TwilioError {
  return new TwilioError(401, 20003, 'Authenticate')
}

function inactive(status: Principal['status']): TwilioError {
  if (status === 'closed') return unauthenticated()
  return new TwilioError(401, 20005, 'Account is not active')
}
