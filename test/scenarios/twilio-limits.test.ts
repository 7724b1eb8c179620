import twilio from 'twilio'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { ACCOUNT_SID, AUTH_TOKEN, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'
import { clientOf } from '../support/twilio-sdk.ts'

const NUMBER = '+15550001000'
const MESSAGES = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse(seedOf([{ number: NUMBER }]), { HEDDLE_TWILIO_LIMITS: 'requests=2' })
})
afterAll(() => house.close())

test('more requests at a time than the limit are refused with 20429 and change nothing', async () => {
  const form = () => new URLSearchParams({ From: NUMBER, To: '+15557770001', Body: 'x' })
  const answers = await Promise.all(Array.from({ length: 40 }, () => house.ask('POST', MESSAGES, form())))
  const refused = answers.filter(({ status }) => status === 429)
  const taken = answers.filter(({ status }) => status === 201)
  expect(refused.length).toBeGreaterThan(0)
  expect(taken.length + refused.length).toBe(answers.length)
  for (const { body } of refused) expect(body).toMatchObject({ code: 20429, status: 429, message: 'Too Many Requests' })
  const listed = (await house.ask('GET', MESSAGES)).body.messages
  expect(listed).toHaveLength(taken.length)
})

test("the SDK's own retries get through", async () => {
  const options = { autoRetry: true, maxRetries: 20 }
  const client = clientOf(twilio, house, [ACCOUNT_SID, AUTH_TOKEN, options])
  const sent = await Promise.all(
    Array.from({ length: 12 }, () => client.messages.create({ from: NUMBER, to: '+15557770002', body: 'x' })),
  )
  expect(new Set(sent.map(({ sid }) => sid)).size).toBe(12)
})

test.each([
  ['vendor', { requests: 100 }],
  ['requests=7', { requests: 7 }],
])('HEDDLE_TWILIO_LIMITS=%s', (value, limits) => {
  expect(readConfig({ HEDDLE_TWILIO_LIMITS: value }).twilioLimits).toEqual(limits)
})
