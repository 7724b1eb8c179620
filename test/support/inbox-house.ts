import { SDK } from '@ringcentral/sdk'
import type { Seed } from '../../server/domain/seed.ts'
import { ACCOUNT_SID, type Answer, AUTH_TOKEN, openTestHouse, type TestHouse } from './test-house.ts'

export const BILLING = '+15550002000'
export const SUPPORT = '+15550002001'
export const GUEST = '+15557770001'

/** One account: ann and bob handle Billing, ann and cal handle Support, dan handles nothing. */
export const INBOX_SEED: Seed = {
  accounts: [
    {
      sid: ACCOUNT_SID,
      authToken: AUTH_TOKEN,
      name: 'Test',
      ringcentral: { clientId: 'app', clientSecret: 'app-secret', accountId: 400001 },
      users: [
        { identity: 'ann', name: 'Ann Lee', extensionId: 101, password: 'ann-password', jwt: 'ann-jwt' },
        { identity: 'bob', name: 'Bob Ray', extensionId: 102, password: 'bob-password', jwt: 'bob-jwt' },
        {
          identity: 'cal',
          name: 'Cal Poe',
          extensionId: 103,
          password: 'cal-password',
          jwt: 'cal-jwt',
          isAdmin: false,
        },
        { identity: 'dan', name: 'Dan Fox', extensionId: 104, password: 'dan-password', jwt: 'dan-jwt' },
      ],
      queues: [
        { name: 'Billing Queue', extensionId: 201, handlers: ['ann', 'bob'] },
        {
          name: 'Support Queue',
          extensionId: 202,
          handlers: ['ann', 'cal'],
          anyoneReassigns: true,
          closesAfter: 'PT2H',
        },
        { name: 'Main Site', kind: 'main_site', extensionId: 203 },
      ],
      numbers: [
        { number: BILLING, queue: 'Billing Queue' },
        { number: SUPPORT, queue: 'Support Queue' },
        { number: '+15550001000' },
      ],
    },
    {
      sid: 'AC00000000000000000000000000000002',
      authToken: AUTH_TOKEN,
      name: 'Stranger',
      ringcentral: { clientId: 'other-app', clientSecret: 'other-secret', accountId: 400002 },
      users: [{ identity: 'eve', name: 'Eve Roe', extensionId: 101, jwt: 'eve-jwt' }],
      queues: [{ name: 'Their Queue', extensionId: 201, handlers: ['eve'] }],
      numbers: [{ number: '+15550008000', queue: 'Their Queue' }],
    },
  ],
}

export type UserName = 'ann' | 'bob' | 'cal' | 'dan' | 'eve'

/** How users of the seed above come in. */
export interface InboxDoor {
  /** Makes a request below `/restapi/v1.0/account/~` as a user. */
  as(user: UserName, method: string, path: string, body?: unknown): Promise<Answer>
  /** A new access token of a user. */
  tokenOf(user: UserName): Promise<string>
}

export interface InboxHouse extends TestHouse, InboxDoor {
  /** Threads as a user lists them. */
  threads(user: UserName, query?: string): Promise<Answer['body'][]>
}

/** The door of a Heddle that takes requests by `ask`. */
export function inboxDoor(ask: TestHouse['ask']): InboxDoor {
  const tokens = new Map<UserName, Promise<string>>()

  async function tokenOf(user: UserName): Promise<string> {
    const client = user === 'eve' ? 'other-app:other-secret' : 'app:app-secret'
    const form = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: `${user}-jwt`,
    })
    const authorization = `Basic ${Buffer.from(client).toString('base64')}`
    const answer = await ask('POST', '/restapi/oauth/token', form, { authorization })
    if (answer.status !== 200) throw new Error(`${user} may not come in: ${JSON.stringify(answer.body)}`)
    return answer.body.access_token
  }

  async function as(user: UserName, method: string, path: string, body?: unknown): Promise<Answer> {
    if (!tokens.has(user)) tokens.set(user, tokenOf(user))
    const authorization = `Bearer ${await tokens.get(user)}`
    return ask(method, `/restapi/v1.0/account/~${path}`, body, { authorization })
  }

  return { as, tokenOf }
}

/** A whole Heddle with a shared inbox. */
export async function openInboxHouse(seed: Seed = INBOX_SEED, env: Record<string, string> = {}): Promise<InboxHouse> {
  const house = await openTestHouse(seed, env)
  const { as, tokenOf } = inboxDoor(house.ask)
  // Not a copy: its parts change with a restart.
  return Object.assign(house, {
    as,
    tokenOf,
    async threads(user: UserName, query = '') {
      const answer = await as(user, 'GET', `/message-threads?perPage=1000${query}`)
      if (answer.status !== 200) throw new Error(`No list: ${JSON.stringify(answer.body)}`)
      return answer.body.records
    },
  })
}

/** The official SDK, signed in as a user. */
export async function signedIn(house: TestHouse, user: Exclude<UserName, 'eve'>): Promise<SDK> {
  const sdk = new SDK({ server: house.url, clientId: 'app', clientSecret: 'app-secret' })
  await sdk.platform().login({ jwt: `${user}-jwt` })
  return sdk
}
