import { newId, sid } from '../../domain/ids.ts'
import type { SeedAccount, SeedUser } from '../../domain/seed.ts'
import { randomSecret } from '../accounts/random-secret.ts'

/** What a seed leaves open of one account, drawn: to be put into the seed as if it had been written there. */
export interface SeedSecrets {
  authToken: string
  clientSecret: string
  /** In the order of the seed's keys. */
  keys: { sid: string; secret: string }[]
  users: { identity: string; password: string; jwt: string }[]
}

export function drawSecrets({ apiKeys = [], users = [] }: SeedAccount, nowMs: number): SeedSecrets {
  return {
    authToken: randomSecret(),
    clientSecret: randomSecret(),
    keys: apiKeys.map(() => drawKey(nowMs)),
    users: users.map(drawUser),
  }
}

/** A seed's account with nothing left open. Keys and users that were written since the secrets were drawn get new ones. */
export function withSecrets(account: SeedAccount, drawn: SeedSecrets, nowMs: number) {
  const { apiKeys = [], users = [], ringcentral, ...rest } = account
  const drawnOf = (user: SeedUser) => drawn.users.find(({ identity }) => identity === user.identity)
  return {
    ...rest,
    authToken: account.authToken ?? drawn.authToken,
    apiKeys: apiKeys.map((key, at) => ({ name: '', ...(drawn.keys[at] ?? drawKey(nowMs)), ...key })),
    users: users.map(user => ({ ...(drawnOf(user) ?? drawUser(user)), ...user })),
    ...(ringcentral && { ringcentral: { clientSecret: drawn.clientSecret, ...ringcentral } }),
  }
}

export type CompleteSeed = ReturnType<typeof withSecrets>

function drawKey(nowMs: number): SeedSecrets['keys'][number] {
  return { sid: sid('SK', newId(nowMs)), secret: randomSecret() }
}

function drawUser({ identity }: SeedUser): SeedSecrets['users'][number] {
  return { identity, password: randomSecret(), jwt: randomSecret() }
}
