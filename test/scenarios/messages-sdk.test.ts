import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'
import { clientOf, SDKS } from '../support/twilio-sdk.ts'

const NUMBER = '+15550001000'

describe.each(SDKS)('a program written for %s', (name, sdk) => {
  const phone = `+1555777${name.length}00${name.at(-1)}`
  let house: TestHouse

  beforeAll(async () => {
    house = await openTestHouse(seedOf([{ number: NUMBER }]))
  })
  afterAll(() => house.close())

  it('sends a text, which reaches the phone and comes to be delivered', async () => {
    const client = clientOf(sdk, house)
    const sent = await client.messages.create({ from: NUMBER, to: phone, body: 'Hello there' })
    expect(sent).toMatchObject({
      status: 'queued',
      from: NUMBER,
      to: phone,
      body: 'Hello there',
      numSegments: '1',
      numMedia: '0',
      direction: 'outbound-api',
      errorCode: null,
      dateSent: null,
    })
    expect(sent.sid).toMatch(/^SM[0-9a-f]{32}$/)
    await house.house.settled()
    await house.advance('PT1S')
    expect(await house.phone(phone)).toMatchObject([{ from: NUMBER, body: 'Hello there', sid: sent.sid }])
    const fetched = await client.messages(sent.sid).fetch()
    expect(fetched.status).toBe('delivered')
    expect(fetched.dateSent).toBeInstanceOf(Date)
  })
})
