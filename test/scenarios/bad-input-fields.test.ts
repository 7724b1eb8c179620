import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOSTILE_VALUES } from '../support/hostile-values.ts'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const OURS = '+15550001000'
const PERSON = '+15557770001'
const ACCOUNT = `/2010-04-01/Accounts/${ACCOUNT_SID}`

interface Asked {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  as: 'form' | 'json' | 'query'
  /** All fields, with values that are good together. */
  fields: Record<string, string>
}

const form = (path: string, fields: Record<string, string>): Asked => ({ method: 'POST', path, as: 'form', fields })
const json = (path: string, fields: Record<string, string>): Asked => ({ method: 'POST', path, as: 'json', fields })
const query = (path: string, fields: Record<string, string>): Asked => ({ method: 'GET', path, as: 'query', fields })

const ASKED: Asked[] = [
  json('/simulator/messages', { from: PERSON, to: OURS, body: 'hi', id: 'one' }),
  json('/simulator/clock', { advance: 'PT0S' }),
  form(`${ACCOUNT}/Messages.json`, {
    To: PERSON,
    From: OURS,
    Body: 'hi',
    StatusCallback: 'http://127.0.0.1:9/',
    ValidityPeriod: '100',
    SmartEncoded: 'true',
    ContentRetention: 'retain',
    AddressRetention: 'retain',
    MessagingServiceSid: '',
    MediaUrl: '',
    SendAt: '',
    ScheduleType: '',
    ContentSid: '',
    ContentVariables: '',
  }),
  query(`${ACCOUNT}/Messages.json`, {
    To: PERSON,
    From: OURS,
    DateSent: '2026-01-01',
    'DateSent<': '2027-01-01',
    'DateSent>': '2025-01-01',
    PageSize: '5',
    Page: '0',
    PageToken: 'PASM1',
  }),
  form(`${ACCOUNT}/IncomingPhoneNumbers.json`, {
    PhoneNumber: '+15550009001',
    FriendlyName: 'A number',
    SmsUrl: 'http://127.0.0.1:9/',
    SmsMethod: 'POST',
    SmsFallbackUrl: '',
    StatusCallback: '',
    AreaCode: '555',
  }),
  form('/2010-04-01/Accounts.json', { FriendlyName: 'A child' }),
  query(`${ACCOUNT}/AvailablePhoneNumbers/US/Local.json`, { Contains: '555', NearLatLong: '1,1', Distance: '5' }),
  form('/conversations/v1/Conversations', {
    FriendlyName: 'Talk',
    UniqueName: 'talk',
    Attributes: '{}',
    State: 'active',
    DateCreated: '2026-01-01T00:00:00Z',
    'Timers.Inactive': 'PT1H',
    'Timers.Closed': 'PT2H',
    MessagingServiceSid: '',
    'Bindings.Email.Address': '',
  }),
  form('/conversations/v1/Users', { Identity: 'ann', FriendlyName: 'Ann', Attributes: '{}', RoleSid: '' }),
  form('/conversations/v1/Services', { FriendlyName: 'Another' }),
  form('/conversations/v1/Roles', { FriendlyName: 'role', Type: 'service', Permission: 'sendMessage' }),
  form('/conversations/v1/Configuration/Addresses', { Type: 'sms', Address: OURS, 'AutoCreation.Type': 'default' }),
  query('/conversations/v1/Conversations', { StartDate: '2026-01-01', EndDate: '2027-01-01', State: 'active' }),
  form('/messaging/v1/Services', {
    FriendlyName: 'Pool',
    InboundRequestUrl: 'http://127.0.0.1:9/',
    ValidityPeriod: '9',
  }),
  form('/proxy/v1/Services', { UniqueName: 'proxy', CallbackUrl: 'http://127.0.0.1:9/', DefaultTtl: '60' }),
  query('/v1/calls', {
    number: OURS,
    person: PERSON,
    sms: '',
    kind: 'inbound',
    error: 'true',
    before: '5',
    limit: '5',
  }),
  query('/v1/threads', { room: 'r', person: PERSON, state: 'open', pool: 'p', before: '5', limit: '5' }),
  json('/v1/threads', { pool: 'p', to: PERSON, body: 'hi', room: 'r', expiresAfter: 'PT1H', replyUrl: 'http://x/' }),
  query('/v1/opt-outs', { scope: OURS, person: PERSON, before: '5', limit: '5' }),
  form('/restapi/oauth/token', {
    grant_type: 'password',
    username: '101',
    password: 'x',
    extension: '101',
    client_id: 'demo',
    assertion: 'x',
    refresh_token: 'x',
  }),
  query('/restapi/oauth/authorize', {
    client_id: 'demo',
    redirect_uri: 'http://x/',
    response_type: 'code',
    state: 's',
  }),
]

/** Paths whose last part is hostile. */
const PATHS = [
  '/simulator/phones/',
  `${ACCOUNT}/Messages/`,
  `${ACCOUNT}/IncomingPhoneNumbers/`,
  '/2010-04-01/Accounts/',
  '/conversations/v1/Conversations/',
  '/conversations/v1/Users/',
  '/conversations/v1/Services/',
  '/messaging/v1/Services/',
  '/proxy/v1/Services/',
  '/v1/calls/',
  '/v1/threads/',
  `/v1/sessions/${OURS}/`,
  '/restapi/v1.0/account/',
  '/',
]

describe('hostile values', () => {
  let house: TestHouse

  beforeAll(async () => {
    house = await openTestHouse(seedOf([{ number: OURS }]))
  })

  afterAll(() => house.close())

  /** The texts that the log holds. */
  async function countTexts(): Promise<number> {
    const answer = await house.ask('GET', `${ACCOUNT}/Messages.json?PageSize=1000`)
    return answer.body.messages.length
  }

  async function stillWell(): Promise<void> {
    expect((await house.ask('GET', '/healthz')).status).toBe(200)
    const before = await countTexts()
    await house.text(PERSON, OURS, 'still there?')
    expect(await countTexts()).toBe(before + 1)
  }

  test.each(ASKED)('in each field of $method $path are answered, never with an error of ours', async asked => {
    const wrong: string[] = []
    for (const field of Object.keys(asked.fields)) {
      for (const [what, value] of Object.entries(HOSTILE_VALUES)) {
        const status = await ask(asked, { ...asked.fields, [field]: value })
        if (status >= 500) wrong.push(`${what} in ${field}: ${status}`)
      }
    }
    expect(wrong).toEqual([])
    await stillWell()
  })

  test.each(PATHS)('in the path after %s are answered, never with an error of ours', async path => {
    const wrong: string[] = []
    for (const [what, value] of Object.entries(HOSTILE_VALUES)) {
      // Longer lines are the server's to refuse, before any route.
      const part = encodeURIComponent(value.replaceAll(/\p{Surrogate}/gu, '?').slice(0, 1000))
      for (const method of ['GET', 'POST', 'DELETE']) {
        const { status } = await house.ask(method, path + part)
        if (status >= 500) wrong.push(`${method} ${what}: ${status}`)
      }
    }
    expect(wrong).toEqual([])
    await stillWell()
  })

  async function ask({ method, path, as }: Asked, fields: Record<string, string>): Promise<number> {
    switch (as) {
      case 'form':
        return (await house.ask(method, path, new URLSearchParams(fields))).status
      case 'json':
        return (await house.ask(method, path, fields)).status
      case 'query': {
        const short = Object.entries(fields).map(([name, value]): [string, string] => [name, value.slice(0, 4000)])
        return (await house.ask(method, `${path}?${new URLSearchParams(short)}`)).status
      }
      default:
        return as satisfies never
    }
  }
})
