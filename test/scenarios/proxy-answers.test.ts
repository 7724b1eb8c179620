import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { refusalOf } from '../support/conversations-client.ts'
import { numbersFrom } from '../support/pool-house.ts'
import { openProxyHouse, type ProxyHouse } from '../support/proxy-house.ts'
import type { TestHouse } from '../support/test-house.ts'
import type { TwilioClient } from '../support/twilio-sdk.ts'

const FREE = numbersFrom(6000, 20)
const MANY = numbersFrom(6100, 55)
const [FIRST, SECOND, THIRD] = numbersFrom(6200, 3) as [string, string, string]
const [NEW_YORK, BOSTON] = ['+12125550170', '+16175550170']
const [MUTE, TALKS] = ['+15550006800', '+15550006801']
const BRITISH = '+447400111222'

let proxy: ProxyHouse
let house: TestHouse
let client: TwilioClient

beforeAll(async () => {
  proxy = await openProxyHouse(FREE, [
    ...[...MANY, FIRST, SECOND, THIRD, NEW_YORK, BOSTON, BRITISH].map(number => ({ number })),
    { number: MUTE, capabilities: { sms: false, mms: false } },
    { number: TALKS, capabilities: { sms: false, mms: false, voice: true } },
  ])
  house = proxy.house
  client = proxy.client
})
afterAll(() => house.close())
afterEach(async () => {
  await house.ask('PATCH', '/v1/settings', {
    allowedCountries: null,
    allowedPhones: null,
    maxMaskingNumbers: null,
    maxReservedNumbers: null,
  })
})

/** What the log says of a text that came in. */
const logged = async (sid: string) => {
  const { status, errorCode } = await client.messages(sid).fetch()
  return { status, errorCode }
}

describe('a participant is refused', () => {
  test.each([
    [80201, 'when no number of the service can be called', [MUTE], 'voice-only'],
    [80202, 'when no number of the service can be texted', [MUTE, TALKS], 'message-only'],
    [80203, 'when no number is of their country', [BRITISH], 'voice-and-message'],
    [80205, 'when the service has no numbers', [], 'voice-and-message'],
  ] as const)('with %i %s', async (code, _why, numbers, mode) => {
    const service = await proxy.serviceWith([...numbers])
    const session = await proxy.sessionIn(service, { mode })
    const asked = session.participants.create({ identifier: proxy.newPerson() })
    expect(await refusalOf(asked)).toMatchObject({ status: 400, code })
    expect(await session.participants.list()).toEqual([])
    await service.remove()
  })

  test('unless a number can do what the session is for', async () => {
    const service = await proxy.serviceWith([TALKS, BRITISH])
    const called = await proxy.sessionIn(service, { mode: 'voice-only' })
    expect((await called.participants.create({ identifier: proxy.newPerson() })).proxyIdentifier).toBe(TALKS)
    const texted = await proxy.sessionIn(service, { mode: 'message-only' })
    expect((await texted.participants.create({ identifier: '+447400999001' })).proxyIdentifier).toBe(BRITISH)
    await service.remove()
  })

  test('with 80604 when they have the number in another session, whatever FailOnParticipantConflict says', async () => {
    const service = await proxy.serviceWith(1)
    const { ann } = await proxy.masked(service)
    const session = await proxy.sessionIn(service)
    const path = `/proxy/v1/Services/${service.sid}/Sessions/${session.sid}/Participants`
    for (const FailOnParticipantConflict of ['true', 'false']) {
      const form = { Identifier: ann.identifier, ProxyIdentifier: ann.proxyIdentifier, FailOnParticipantConflict }
      const answer = await house.ask('POST', path, new URLSearchParams(form))
      expect(answer).toMatchObject({ status: 400, body: { code: 80604 } })
    }
    expect(await session.participants.list()).toEqual([])
  })
})

describe('a number of the area', () => {
  test.each(['area-code', 'overlay', 'radius'] as const)('is given at the level %s, and no other', async level => {
    const service = await proxy.serviceWith([BOSTON, NEW_YORK], { geoMatchLevel: level })
    const session = await proxy.sessionIn(service)
    const near = await session.participants.create({ identifier: proxy.newPerson().replace('+1555', '+1212') })
    expect(near.proxyIdentifier).toBe(NEW_YORK)
    const elsewhere = session.participants.create({ identifier: proxy.newPerson().replace('+1555', '+1415') })
    expect(await refusalOf(elsewhere)).toMatchObject({ status: 400, code: 80206 })
    // Their country has no area codes: any number of it would do, and there is none.
    const abroad = session.participants.create({ identifier: '+447400999002' })
    expect(await refusalOf(abroad)).toMatchObject({ code: 80203 })
    await service.remove()
  })

  test('is found behind fifty that are not, and behind fifty that cannot be texted', async () => {
    const service = await proxy.serviceWith([...MANY, NEW_YORK], { geoMatchLevel: 'area-code' })
    for (const number of MANY) {
      const path = `/v1/numbers/${encodeURIComponent(number)}`
      expect((await house.ask('PATCH', path, { capabilities: { sms: false } })).status).toBe(204)
    }
    const session = await proxy.sessionIn(service)
    expect((await session.participants.create({ identifier: '+12125550999' })).proxyIdentifier).toBe(NEW_YORK)
    await service.update({ geoMatchLevel: 'country' })
    const other = await proxy.sessionIn(service)
    expect((await other.participants.create({ identifier: proxy.newPerson() })).proxyIdentifier).toBe(NEW_YORK)
    for (const number of MANY) {
      await house.ask('PATCH', `/v1/numbers/${encodeURIComponent(number)}`, { capabilities: { sms: true } })
    }
    await service.remove()
  })
})

describe('the numbers of a service', () => {
  test('are as many as the account allows, reserved ones counted apart', async () => {
    await house.ask('PATCH', '/v1/settings', { maxMaskingNumbers: 1, maxReservedNumbers: 1 })
    const service = await proxy.serviceWith([FIRST])
    const one = service.phoneNumbers.create({ phoneNumber: SECOND })
    expect(await refusalOf(one)).toMatchObject({ status: 400, code: 80622 })
    const { sid } = await service.phoneNumbers.create({ phoneNumber: SECOND, isReserved: true })
    const two = service.phoneNumbers.create({ phoneNumber: THIRD, isReserved: true })
    expect(await refusalOf(two)).toMatchObject({ code: 80622 })
    expect(await refusalOf(service.phoneNumbers(sid).update({ isReserved: false }))).toMatchObject({ code: 80622 })
    const listed = await service.phoneNumbers.list()
    expect(listed.map(({ phoneNumber, isReserved }) => [phoneNumber, isReserved]).sort()).toEqual([
      [FIRST, false],
      [SECOND, true],
    ])
    await service.remove()
  })
})

describe('a text that is not passed on rests in the log, which says why', () => {
  test('with 80901: it opts out', async () => {
    const { ann, bob, session } = await proxy.masked(await proxy.serviceWith(1))
    const sid = await house.text(ann.identifier, ann.proxyIdentifier, 'Stop')
    expect(await logged(sid)).toEqual({ status: 'received', errorCode: 80901 })
    expect(await proxy.seen(bob.identifier)).toEqual([])
    expect(await session.interactions.list()).toEqual([])
  })

  test('with 80902: its session was closed', async () => {
    const { ann, session } = await proxy.masked(await proxy.serviceWith(1))
    await session.update({ status: 'closed' })
    const sid = await house.text(ann.identifier, ann.proxyIdentifier, 'Hello?')
    expect(await logged(sid)).toEqual({ status: 'received', errorCode: 80902 })
  })

  test('with 80903: its sender never had a session there', async () => {
    const { ann } = await proxy.masked(await proxy.serviceWith(1))
    const sid = await house.text(proxy.newPerson(), ann.proxyIdentifier, 'Hello?')
    expect(await logged(sid)).toEqual({ status: 'received', errorCode: 80903 })
  })

  test('with 80904: its session has expired', async () => {
    const { ann } = await proxy.masked(await proxy.serviceWith(1), { ttl: 60 })
    await house.advance('PT2M')
    const sid = await house.text(ann.identifier, ann.proxyIdentifier, 'Hello?')
    expect(await logged(sid)).toEqual({ status: 'received', errorCode: 80904 })
  })

  test('with 80905: it is of a group', async () => {
    const { ann, bob } = await proxy.masked(await proxy.serviceWith(1))
    const answer = await house.ask('POST', '/simulator/messages', {
      from: ann.identifier,
      to: [ann.proxyIdentifier, proxy.newPerson()],
      body: 'Hello all',
    })
    expect(await logged(answer.body.sid)).toEqual({ status: 'received', errorCode: 80905 })
    expect(await proxy.seen(bob.identifier)).toEqual([])
  })

  test('with 80910: its session is for calls', async () => {
    const service = await proxy.serviceWith([TALKS])
    const { ann, bob } = await proxy.masked(service, { mode: 'voice-only' })
    const sid = await house.text(ann.identifier, TALKS, 'Hello?')
    expect(await logged(sid)).toEqual({ status: 'received', errorCode: 80910 })
    expect(await proxy.seen(bob.identifier)).toEqual([])
    await service.remove()
  })

  test('with 80614: nobody else is in its session', async () => {
    const session = await proxy.sessionIn(await proxy.serviceWith(1))
    const ann = await session.participants.create({ identifier: proxy.newPerson() })
    const sid = await house.text(ann.identifier, ann.proxyIdentifier, 'Anybody?')
    expect(await logged(sid)).toEqual({ status: 'received', errorCode: 80614 })
    expect(await session.interactions.list()).toEqual([])
  })
})

describe('what the service itself says to a participant', () => {
  test('is refused with 21623 when it has more than ten files', async () => {
    const { ann, session } = await proxy.masked(await proxy.serviceWith(1))
    const mediaUrl = Array.from({ length: 11 }, (_, at) => `http://127.0.0.1:9/${at}.png`)
    const refusal = await refusalOf(
      session.participants(ann.sid).messageInteractions.create({ body: 'Hello', mediaUrl }),
    )
    expect(refusal).toMatchObject({ status: 400, code: 21623 })
  })

  test('is refused with 80613 when it may not be sent', async () => {
    const { ann, session } = await proxy.masked(await proxy.serviceWith(1))
    const say = () => session.participants(ann.sid).messageInteractions.create({ body: 'Hello' })
    await house.ask('PATCH', '/v1/settings', { allowedCountries: ['GB'] })
    expect(await refusalOf(say())).toMatchObject({ status: 400, code: 80613 })
    await house.ask('PATCH', '/v1/settings', { allowedCountries: null, allowedPhones: ['+15557779999'] })
    expect(await refusalOf(say())).toMatchObject({ status: 400, code: 80613 })
    await house.ask('PATCH', '/v1/settings', { allowedPhones: null })
    await house.text(ann.identifier, ann.proxyIdentifier, 'STOP')
    expect(await refusalOf(say())).toMatchObject({ status: 400, code: 80613 })
    expect(await session.interactions.list()).toEqual([])
  })
})
