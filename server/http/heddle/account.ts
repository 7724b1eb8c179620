import type { FastifyRequest } from 'fastify'
import { Refusal } from '../../domain/refusal.ts'
import type { Credentials } from '../credentials.ts'

/** The account that a request comes from. Refuses `unauthorized` without good credentials of an active account. */
export async function accountOf(credentials: Credentials, request: FastifyRequest): Promise<{ accountId: string }> {
  const principal = await credentials.check(request.headers.authorization)
  if (principal?.status !== 'active') {
    throw new Refusal('unauthorized', 'Send the SID and token of an account, or an API key, by HTTP Basic.')
  }
  return { accountId: principal.accountId }
}
