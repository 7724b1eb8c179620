import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACCOUNT_SID, AUTH_TOKEN, openTestHouse, type TestHouse } from '../support/test-house.ts'
import { clientOf, SDKS } from '../support/twilio-sdk.ts'

const OTHER_SID = 'AC00000000000000000000000000000002'
const OTHER_TOKEN = 'f'.repeat(32)
const KEY_SID = 'SK00000000000000000000000000000001'
const NUMBER = '+15550001000'
const OTHER_NUMBER = '+15550002000'
const MESSAGES = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse({
    accounts: [
      {
        sid: ACCOUNT_SID,
        authToken: AUTH_TOKEN,
        name: 'One',
        apiKeys: [{ sid: KEY_SID, secret: 'a secret' }],
        numbers: [{ number: NUMBER }],
      },
      { sid: OTHER_SID, authToken: OTHER_TOKEN, name: 'Two', numbers: [{ number: OTHER_NUMBER }] },
    ],
  })
})
afterAll(() => house.close())

const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})

describe.each(SDKS)('%s', (_name, sdk) => {
  it('sends with an API key of the account', async () => {
    const client = clientOf(sdk, house, [KEY_SID, 'a secret', { accountSid: ACCOUNT_SID }])
    const sent = await client.messages.create({ from: NUMBER, to: '+15557770001', body: 'by key' })
    expect(sent.accountSid).toBe(ACCOUNT_SID)
  })

  it('is told that its token is wrong', async () => {
    const client = clientOf(sdk, house, [ACCOUNT_SID, 'wrong'])
    await expect(client.messages.list()).rejects.toMatchObject({ status: 401, code: 20003, message: 'Authenticate' })
  })
})

describe('credentials', () => {
  it.each([
    ['none', { authorization: '' }],
    ['of another kind', { authorization: 'Bearer abc' }],
    ['of an unknown account', basic('AC00000000000000000000000000000009', AUTH_TOKEN)],
    ['of an unknown key', basic('SK00000000000000000000000000000009', 'a secret')],
    ['of another account', basic(OTHER_SID, OTHER_TOKEN)],
  ])('%s are refused, and nothing is told of the account', async (_kind, headers) => {
    const answer = await house.ask('GET', MESSAGES, undefined, headers)
    expect(answer).toMatchObject({
      status: 401,
      body: {
        code: 20003,
        message: 'Authenticate',
        more_info: 'https://www.twilio.com/docs/errors/20003',
        status: 401,
      },
    })
    expect(answer.headers.get('www-authenticate')).toContain('Basic')
  })

  it('never show one account the texts of another, not even by their SID', async () => {
    const sent = await house.ask('POST', MESSAGES, new URLSearchParams({ From: NUMBER, To: '+15557770002', Body: 'x' }))
    const theirs = `/2010-04-01/Accounts/${OTHER_SID}/Messages`
    const seen = await house.ask('GET', `${theirs}/${sent.body.sid}.json`, undefined, basic(OTHER_SID, OTHER_TOKEN))
    expect(seen.status).toBe(404)
    const from = new URLSearchParams({ From: NUMBER, To: '+15557770002', Body: 'x' })
    const stolen = await house.ask('POST', `${theirs}.json`, from, basic(OTHER_SID, OTHER_TOKEN))
    expect(stolen).toMatchObject({ status: 400, body: { code: 21606 } })
  })
})

describe('a child account', () => {
  it('is reached with the credentials of its parent, and with its own', async () => {
    const made = await house.ask('POST', '/2010-04-01/Accounts.json', new URLSearchParams({ FriendlyName: 'Child' }))
    expect(made.status).toBe(201)
    const path = `/2010-04-01/Accounts/${made.body.sid}/Messages.json`
    const own = basic(made.body.sid, made.body.auth_token)
    for (const headers of [{}, own, basic(KEY_SID, 'a secret')]) {
      expect(await house.ask('GET', path, undefined, headers)).toMatchObject({ status: 200, body: { messages: [] } })
    }
    expect((await house.ask('GET', path, undefined, basic(OTHER_SID, OTHER_TOKEN))).status).toBe(401)
    expect((await house.ask('GET', MESSAGES, undefined, own)).status).toBe(401)
  })
})

describe('a request by host', () => {
  it('reaches the same resources as api.twilio.com', async () => {
    const answer = await house.ask('GET', MESSAGES, undefined, { host: 'api.twilio.com' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('twilio-request-id')).toMatch(/^RQ[0-9a-f]{32}$/)
  })
})
