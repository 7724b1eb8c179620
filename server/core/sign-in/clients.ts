import { isSameSecret } from '../../kit/same-secret.ts'
import { findOwners } from '../../store/accounts.ts'
import { findClient } from '../../store/tokens.ts'
import type { Core } from '../core.ts'
import { SignInRefused } from './sign-in-refused.ts'

/** A program that asks for tokens. */
export interface Client {
  accountId: string
  clientId: string
  /** It showed no secret: browsers and phones can't keep one. */
  isPublic: boolean
  redirectUris: string[]
}

/** Finds the program of an id. Refuses `client_unknown`. */
export async function getClient(core: Core, clientId: string): Promise<Client & { secret: string }> {
  const accountId = (await findOwners(core.db, 'client', [clientId])).get(clientId)
  const found = accountId === undefined ? null : await findClient(core.db, accountId, clientId)
  if (!accountId || !found) throw new SignInRefused('client_unknown', 'Invalid client: there is none of this id')
  const { redirectUris } = found
  return { accountId, clientId, isPublic: true, redirectUris, secret: core.seal.open(found.secret) }
}

/** Checks who asks; without a secret it counts as public. Refuses `client_unknown` and `client_secret_wrong`. */
export async function identifyClient(core: Core, clientId: string, secret: string | null): Promise<Client> {
  const { secret: kept, ...client } = await getClient(core, clientId)
  if (secret === null) return client
  if (!isSameSecret(secret, kept)) throw new SignInRefused('client_secret_wrong', 'Invalid client credentials')
  return { ...client, isPublic: false }
}
