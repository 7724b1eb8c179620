import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readAccessToken } from '../../server/http/access-token.ts'
import { fetchToken } from '../../server/token-command.ts'
import { ACCOUNT_SID, AUTH_TOKEN, openTestHouse, type TestHouse } from '../support/test-house.ts'
import { SDKS } from '../support/twilio-sdk.ts'

const KEY_SID = 'SK00000000000000000000000000000001'
const KEY_SECRET = 'the secret of the key'
const OTHER_ACCOUNT = 'AC00000000000000000000000000000002'
const OTHER_KEY = 'SK00000000000000000000000000000002'
const ACCOUNT_ID = '00000000-0000-0000-0000-000000000001'
const DAY_S = 24 * 60 * 60

let house: TestHouse
let service = ''

beforeAll(async () => {
  house = await openTestHouse({
    accounts: [
      { sid: ACCOUNT_SID, authToken: AUTH_TOKEN, name: 'Test', apiKeys: [{ sid: KEY_SID, secret: KEY_SECRET }] },
      { sid: OTHER_ACCOUNT, name: 'Other', apiKeys: [{ sid: OTHER_KEY, secret: KEY_SECRET }] },
    ],
  })
  const answer = await house.ask('GET', '/conversations/v1/Configuration')
  service = answer.body.default_chat_service_sid
})

afterAll(() => house?.close())

const read = (token: string) => readAccessToken(house.house.core, token)
const nowS = () => Math.floor(Date.now() / 1000)

describe.each(SDKS)('a token that %s makes', (_, sdk) => {
  const { AccessToken } = sdk.jwt

  test.each(['HS256', 'HS384', 'HS512'] as const)('lets its identity in, signed by %s', async algorithm => {
    const token = new AccessToken(ACCOUNT_SID, KEY_SID, KEY_SECRET, { identity: 'ann' })
    token.addGrant(new AccessToken.ChatGrant({ serviceSid: service }))
    const access = await read(token.toJwt(algorithm))
    expect(access).toMatchObject({ accountId: ACCOUNT_ID, identity: 'ann' })
    expect(access.serviceId.replaceAll('-', '')).toBe(service.slice(2))
    expect(access.expiresAtMs / 1000 - nowS()).toBeGreaterThan(3590)
  })

  test('is signed by the account itself, as old programs do', async () => {
    const token = new AccessToken(ACCOUNT_SID, ACCOUNT_SID, AUTH_TOKEN, { identity: 'ann' })
    token.addGrant(new AccessToken.ChatGrant({ serviceSid: service }))
    expect(await read(token.toJwt())).toMatchObject({ identity: 'ann' })
  })
})

/** A token as no library would make it. */
function forge(payload: Record<string, unknown>, header: Record<string, unknown> = {}, secret = KEY_SECRET): string {
  const at = nowS()
  const claims = {
    iss: KEY_SID,
    sub: ACCOUNT_SID,
    iat: at,
    exp: at + 3600,
    grants: { identity: 'ann', chat: { service_sid: service } },
    ...payload,
  }
  const head = { alg: 'HS256', typ: 'JWT', cty: 'twilio-fpa;v=1', ...header }
  const signed = [head, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

describe('a token is refused, to a client that connects and to one that makes a request,', () => {
  test.each<[why: string, connecting: number, requesting: number, token: () => string]>([
    ['that is no token', 20101, 20160, () => 'nonsense'],
    ['of another kind', 20102, 20152, () => forge({}, { cty: 'text/plain' })],
    ['that is not signed', 20102, 20152, () => forge({}, { alg: 'none' })],
    ['of an unknown key', 20103, 20153, () => forge({ iss: 'SK0000000000000000000000000000000f' })],
    ['of a key of another account', 20103, 20153, () => forge({ iss: OTHER_KEY })],
    ['for another account', 20103, 20153, () => forge({ sub: OTHER_ACCOUNT })],
    ['for no account', 20103, 20153, () => forge({ sub: 'nobody' })],
    ['that has expired', 20104, 20156, () => forge({ iat: nowS() - 7200, exp: nowS() - 3600 })],
    ['without an end', 20104, 20156, () => forge({ exp: undefined })],
    ['whose end is no time', 20104, 20156, () => forge({ exp: 'soon' })],
    ['that is not valid yet', 20105, 20155, () => forge({ nbf: nowS() + 600 })],
    ['without an identity', 20106, 20154, () => forge({ grants: { chat: { service_sid: service } } })],
    ['without chat', 20106, 20154, () => forge({ grants: { identity: 'ann' } })],
    [
      'for a service that is not there',
      20106,
      20154,
      () => forge({ grants: { identity: 'ann', chat: { service_sid: 'IS0000000000000000000000000000000f' } } }),
    ],
    ['that another secret signed', 20107, 20151, () => forge({}, {}, 'a guess')],
    ['that counts for more than a day', 20157, 20157, () => forge({ exp: nowS() + DAY_S + 60 })],
  ])('%s: %d and %d', async (_, connecting, requesting, token) => {
    await expect(read(token())).rejects.toMatchObject({ name: 'AccessTokenRefused', code: connecting })
    const headers = { 'x-twilio-token': token() }
    const media = await house.ask('GET', `/mcs/v1/Services/${service}/Media/ME${'0'.repeat(32)}`, undefined, headers)
    expect([media.status, media.body.code]).toEqual([401, requesting])
  })

  test('once its key is revoked', async () => {
    const made = await house.ask('POST', `/2010-04-01/Accounts/${ACCOUNT_SID}/Keys.json`, new URLSearchParams())
    const token = forge({ iss: made.body.sid }, {}, made.body.secret)
    expect(await read(token)).toMatchObject({ identity: 'ann' })
    await house.ask('DELETE', `/2010-04-01/Accounts/${ACCOUNT_SID}/Keys/${made.body.sid}.json`)
    await expect(read(token)).rejects.toMatchObject({ code: 20103 })
  })
})

describe('who has no token server', () => {
  test('asks Heddle for a token', async () => {
    const made = await house.ask('POST', '/v1/tokens', { identity: 'bob', ttl: 600 })
    expect(made).toMatchObject({ status: 201, body: { identity: 'bob', service, ttl: 600 } })
    const access = await read(made.body.token)
    expect(access).toMatchObject({ accountId: ACCOUNT_ID, identity: 'bob' })
    expect(Math.abs(access.expiresAtMs / 1000 - nowS() - 600)).toBeLessThan(5)
  })

  test('asks for one on the command line', async () => {
    const options = { ttl: '60', server: house.url, account: ACCOUNT_SID, token: AUTH_TOKEN, service }
    expect(await read(await fetchToken('cat', options))).toMatchObject({ identity: 'cat' })
    await expect(fetchToken('cat', { ...options, token: 'a guess' })).rejects.toThrow('HTTP Basic')
  })

  test.each([
    [{}, 400],
    [{ identity: '' }, 400],
    [{ identity: 'bob', ttl: DAY_S + 1 }, 400],
    [{ identity: 'bob', service: 'IS0000000000000000000000000000000f' }, 404],
  ])('is refused %j', async (wish, status) => {
    expect(await house.ask('POST', '/v1/tokens', wish)).toMatchObject({ status })
  })
})
