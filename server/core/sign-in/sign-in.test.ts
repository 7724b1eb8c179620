import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type InboxHouse, openInboxHouse } from '../../../test/support/inbox-house.ts'
import type { Core } from '../core.ts'
import { checkJwt, checkPassword } from './check-user.ts'
import { type Client, identifyClient } from './clients.ts'
import { checkAccessToken, openSession, refreshSession, revokeToken, type TokenPair } from './sessions.ts'
import { checkWebSocketTicket, issueCode, issueWebSocketTicket, redeemCode } from './tickets.ts'

const LIFETIMES = { accessSeconds: 3600, refreshSeconds: 604_800 }
const SECOND = 1000
const MINUTE = 60_000

let house: InboxHouse
/** The house's core with a clock of our own. */
let core: Core
let client: Client
let nowMs = Date.parse('2030-01-01T12:00:00Z')

beforeAll(async () => {
  house = await openInboxHouse()
  core = { ...house.house.core, clock: { world: () => new Date(nowMs), machineMs: () => nowMs } }
  client = await identifyClient(core, 'app', 'app-secret')
})
afterAll(() => house.close())

const signIn = (username: string, password: string) => checkPassword(core, client.accountId, { username, password })

async function ann(): Promise<TokenPair> {
  const userId = await checkJwt(core, client.accountId, 'ann-jwt')
  return openSession(core, client, { userId, scope: 'SMS', endpointId: null, lifetimes: LIFETIMES })
}

const stateOf = async (token: string) => (await checkAccessToken(core, token)).kind
const refresh = (refreshToken: string) => refreshSession(core, client, { refreshToken, lifetimes: LIFETIMES })

describe('a program', () => {
  test('shows its id, and its secret if it can keep one', async () => {
    expect(client).toMatchObject({ clientId: 'app', isPublic: false })
    expect(await identifyClient(core, 'app', null)).toMatchObject({ isPublic: true })
    await expect(identifyClient(core, 'app', 'wrong')).rejects.toMatchObject({ reason: 'client_secret_wrong' })
    await expect(identifyClient(core, 'none', null)).rejects.toMatchObject({ reason: 'client_unknown' })
  })
})

describe('a password', () => {
  test('goes with an identity, an extension, or a number and an extension', async () => {
    const id = await signIn('ann', 'ann-password')
    expect(await signIn('101', 'ann-password')).toBe(id)
    expect(await signIn('+15550002000*101', 'ann-password')).toBe(id)
    await expect(signIn('nobody', 'ann-password')).rejects.toMatchObject({ reason: 'password_wrong' })
    await expect(signIn('bob', 'ann-password')).rejects.toMatchObject({ reason: 'password_wrong' })
  })

  test('shuts its login for a while when it is guessed, longer each time, and no longer than a quarter of an hour', async () => {
    const guess = () => signIn('cal', 'guess').catch(error => error.reason)
    for (let times = 0; times < 5; times++) expect(await guess()).toBe('password_wrong')
    await expect(signIn('cal', 'cal-password')).rejects.toMatchObject({ reason: 'locked' })
    nowMs += SECOND
    expect(await guess()).toBe('password_wrong')
    nowMs += SECOND
    expect(await guess()).toBe('locked')
    nowMs += SECOND
    for (let times = 0; times < 20; times++) {
      await guess()
      nowMs += 15 * MINUTE
    }
    await expect(signIn('cal', 'cal-password')).resolves.toEqual(expect.any(String))
    expect(await guess()).toBe('password_wrong')
  })

  test('is guessed no faster by many at once', async () => {
    const guesses = await Promise.all(
      Array.from({ length: 20 }, () => signIn('dan', 'guess').catch(error => error.reason)),
    )
    expect(guesses.filter(reason => reason === 'password_wrong')).toHaveLength(5)
    expect(guesses.filter(reason => reason === 'locked')).toHaveLength(15)
  })
})

describe('a pair of tokens', () => {
  let pair: TokenPair
  beforeEach(async () => {
    pair = await ann()
  })

  test('lets in until the access token runs out', async () => {
    expect(await checkAccessToken(core, pair.accessToken)).toMatchObject({
      kind: 'known',
      bearer: { accountId: client.accountId, extensionId: 101, name: 'Ann Lee', scope: 'SMS' },
    })
    nowMs += 3600 * SECOND
    expect(await stateOf(pair.accessToken)).toBe('expired')
    expect(await stateOf('x')).toBe('unreadable')
    expect(await stateOf(pair.refreshToken)).toBe('unknown')
  })

  test('is replaced at once, and the earlier refresh token gives the same pair for ten seconds of its use', async () => {
    const next = await refresh(pair.refreshToken)
    expect(await stateOf(pair.accessToken)).toBe('unknown')
    expect((await refresh(pair.refreshToken)).accessToken).toBe(next.accessToken)
    nowMs += 30 * MINUTE
    const again = await refresh(pair.refreshToken)
    expect(again).toMatchObject({ accessToken: next.accessToken, refreshToken: next.refreshToken, accessSeconds: 1800 })
    expect(await stateOf(next.accessToken)).toBe('known')
    nowMs += 9 * SECOND
    expect((await refresh(pair.refreshToken)).accessToken).toBe(next.accessToken)
    nowMs += SECOND
    await expect(refresh(pair.refreshToken)).rejects.toMatchObject({ reason: 'refresh_revoked' })
    expect((await refresh(next.refreshToken)).accessToken).not.toBe(next.accessToken)
  })

  test('that was replaced and never used may be asked for again for an hour', async () => {
    await refresh(pair.refreshToken)
    nowMs += 59 * MINUTE
    await refresh(pair.refreshToken)
    nowMs += MINUTE
    await expect(refresh(pair.refreshToken)).rejects.toMatchObject({ reason: 'refresh_revoked' })
  })

  test('is replaced once however many ask at once', async () => {
    const pairs = await Promise.all(Array.from({ length: 8 }, () => refresh(pair.refreshToken)))
    expect(new Set(pairs.map(each => each.accessToken)).size).toBe(1)
  })

  test('ends with its refresh token, its program, or by being revoked', async () => {
    const other: Client = { ...client, clientId: 'another' }
    const asked = { refreshToken: pair.refreshToken, lifetimes: LIFETIMES }
    await expect(refreshSession(core, other, asked)).rejects.toMatchObject({ reason: 'refresh_revoked' })
    const withoutSecret: Client = { ...client, isPublic: true }
    await expect(refreshSession(core, withoutSecret, asked)).rejects.toMatchObject({ reason: 'client_not_trusted' })
    const ticket = await issueTicket(pair)
    await revokeToken(core, client, pair.refreshToken)
    expect(await stateOf(pair.accessToken)).toBe('unknown')
    expect(await checkWebSocketTicket(core, ticket)).toBeNull()
    const late = await ann()
    nowMs += 604_800 * SECOND
    await expect(refresh(late.refreshToken)).rejects.toMatchObject({ reason: 'refresh_revoked' })
  })

  test('opens WebSockets for ten minutes, again and again', async () => {
    const ticket = await issueTicket(pair)
    expect(await checkWebSocketTicket(core, ticket)).toMatchObject({ accountId: client.accountId, userId: pair.userId })
    nowMs += 10 * MINUTE - 1
    expect(await checkWebSocketTicket(core, ticket)).not.toBeNull()
    nowMs += 1
    expect(await checkWebSocketTicket(core, ticket)).toBeNull()
  })
})

async function issueTicket(pair: TokenPair): Promise<string> {
  const check = await checkAccessToken(core, pair.accessToken)
  if (check.kind !== 'known') throw new Error(check.kind)
  return issueWebSocketTicket(core, check.bearer)
}

describe('a code', () => {
  const redirectUri = 'http://127.0.0.1:4000/callback'
  const facts = { clientId: 'app', redirectUri, scope: 'SMS', challenge: null, challengeMethod: 'plain' as const }
  const redeem = (code: string, more: object = {}) =>
    redeemCode(core, client, { code, redirectUri, verifier: null, ...more })

  test('counts once, within a minute, for its own address', async () => {
    const { userId } = await ann()
    const code = await issueCode(core, client, userId, facts)
    expect(await redeem(code)).toEqual({ userId, scope: 'SMS' })
    await expect(redeem(code)).rejects.toMatchObject({ reason: 'code_wrong' })
    const astray = await issueCode(core, client, userId, facts)
    await expect(redeem(astray, { redirectUri: 'http://127.0.0.1/' })).rejects.toMatchObject({
      reason: 'redirect_wrong',
    })
    const late = await issueCode(core, client, userId, facts)
    nowMs += 60 * SECOND
    await expect(redeem(late)).rejects.toMatchObject({ reason: 'code_wrong' })
    const plain = await issueCode(core, client, userId, facts)
    await expect(
      redeemCode(core, { ...client, isPublic: true }, { code: plain, redirectUri, verifier: null }),
    ).rejects.toMatchObject({ reason: 'client_not_trusted' })
  })

  test('needs the verifier that fits its challenge', async () => {
    const { userId } = await ann()
    // Source: RFC 7636, appendix B.
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
    const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    const withChallenge = { ...facts, challenge, challengeMethod: 'S256' as const }
    const code = await issueCode(core, client, userId, withChallenge)
    expect(await redeem(code, { verifier })).toMatchObject({ userId })
    const other = await issueCode(core, client, userId, withChallenge)
    await expect(redeem(other, { verifier: 'guess' })).rejects.toMatchObject({ reason: 'verifier_wrong' })
  })
})
