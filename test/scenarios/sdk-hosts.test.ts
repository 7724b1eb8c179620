import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reachByHost } from '../support/by-host.ts'
import { refusalOf } from '../support/conversations-client.ts'
import { ACCOUNT_SID, AUTH_TOKEN, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'
import { SDKS } from '../support/twilio-sdk.ts'

const [MASK, PLAIN] = ['+15550004000', '+15550001000']

let house: TestHouse
let leave: () => void

beforeAll(async () => {
  house = await openTestHouse(seedOf([{ number: MASK }, { number: PLAIN }]))
  leave = reachByHost(house.url)
})
afterAll(async () => {
  leave()
  await house.close()
})

describe.each(SDKS)('%s, of which nothing is set, not even where it asks', (name, sdk) => {
  const client = sdk(ACCOUNT_SID, AUTH_TOKEN)

  test('masks two persons at proxy.twilio.com', async () => {
    const { services } = client.proxy.v1
    const { sid, url } = await services.create({ uniqueName: `by host ${name}` })
    expect(url).toBe(`https://proxy.twilio.com/v1/Services/${sid}`)
    const service = services(sid)
    const number = await service.phoneNumbers.create({ phoneNumber: MASK })
    const made = await service.sessions.create({ uniqueName: 'A ride' })
    expect(made.links).toMatchObject({ participants: `${made.url}/Participants` })
    const session = service.sessions(made.sid)
    const [ann, bob] = ['+15557770001', '+15557770002']
    for (const identifier of [ann, bob]) await session.participants.create({ identifier })
    await house.text(ann, MASK, 'Hello')
    expect(await session.interactions.list()).toMatchObject([{ data: '{"body":"Hello"}' }])
    // Pages lead back to the host they came from.
    expect(await session.participants.list({ pageSize: 1 })).toHaveLength(2)
    expect(await session.remove()).toBe(true)
    expect(await service.phoneNumbers(number.sid).remove()).toBe(true)
    expect(await service.remove()).toBe(true)
    expect(await refusalOf(service.fetch())).toMatchObject({ status: 404, code: 20404 })
  })

  test('sends through a service at messaging.twilio.com and api.twilio.com', async () => {
    const { services } = client.messaging.v1
    const { sid, url } = await services.create({ friendlyName: 'By host' })
    expect(url).toBe(`https://messaging.twilio.com/v1/Services/${sid}`)
    const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: PLAIN })
    await services(sid).phoneNumbers.create({ phoneNumberSid: number!.sid })
    const sent = await client.messages.create({ messagingServiceSid: sid, to: '+15557770009', body: 'Hello' })
    expect(await client.messages(sent.sid).fetch()).toMatchObject({ from: PLAIN, messagingServiceSid: sid })
    expect((await services.list({ pageSize: 1, limit: 5 })).map(each => each.sid)).toContain(sid)
    expect(await services(sid).remove()).toBe(true)
  })
})
