import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openFakeTwilio, TWILIO_SID, TWILIO_TOKEN } from '../../../test/support/fake-twilio.ts'
import { closedPort } from '../../../test/support/loopback.ts'
import { movableClock } from '../../domain/clock.ts'
import { checkTwilio } from './check.ts'

describe('the check of a Twilio account', () => {
  let twilio: Awaited<ReturnType<typeof openFakeTwilio>>
  beforeEach(async () => {
    twilio = await openFakeTwilio()
  })
  afterEach(() => twilio.close())

  const check = (settings: object = {}, secrets: object = {}) =>
    checkTwilio({
      settings: { accountSid: TWILIO_SID, url: twilio.url, ...settings },
      secrets: { authToken: TWILIO_TOKEN, ...secrets },
      clock: movableClock(() => 0),
    })

  test('says in one line that it was reached', async () => {
    expect(await check()).toMatch(/^Reached the account Fake at 127\.0\.0\.1:\d+ in \d+ ms\.$/)
  })

  test('says in one line what is wrong', async () => {
    await expect(check({}, { authToken: 'wrong' })).rejects.toThrow(/refuses the account AC\w+ or its token\.$/)
    const key = { apiKeySid: `SK${'1'.repeat(32)}` }
    await expect(check(key, { apiKeySecret: 'wrong' })).rejects.toThrow(/refuses the API key SK1+ or its secret\.$/)
    await expect(check({ accountSid: `AC${'b'.repeat(32)}` }, {})).rejects.toThrow(/refuses/)
    await expect(check({ url: `http://127.0.0.1:${await closedPort()}` })).rejects.toThrow(/could not be reached/)
  })

  test('tells nobody the token', async () => {
    const error: Error = await check({}, { authToken: 'a-wrong-token' }).catch(thrown => thrown)
    expect(error.message).not.toContain('a-wrong-token')
  })
})
