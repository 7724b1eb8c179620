import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type CallbackApp, openCallbackApp } from '../support/callback-app.ts'
import { watchContract } from '../support/contract-watch.ts'
import { refusalOf } from '../support/conversations-client.ts'
import { openHookApp } from '../support/hook-app.ts'
import { openContract } from '../support/openapi.ts'
import { numbersFrom } from '../support/pool-house.ts'
import { openProxyHouse, type ProxyHouse, type ServiceSettings } from '../support/proxy-house.ts'
import type { PhoneText, TestHouse } from '../support/test-house.ts'
import { clientOf, SDKS, type TwilioClient } from '../support/twilio-sdk.ts'

const contract = openContract('twilio_proxy_v1.json')

const FIFTY = numbersFrom(4000, 50)
const FEW = numbersFrom(5000, 30)
const BRITISH = '+447400111222'
const GIVEN_BACK = '+15550005100'

let proxy: ProxyHouse
let house: TestHouse
let client: TwilioClient
let app: CallbackApp

beforeAll(async () => {
  app = await openCallbackApp(({ path, parameters }) => {
    if (path !== '/outside') return ''
    return `<Response><Message>Nobody is here: ${parameters.Body}</Message></Response>`
  })
  proxy = await openProxyHouse(
    FEW,
    [...FIFTY, BRITISH, GIVEN_BACK].map(number => ({ number })),
  )
  house = proxy.house
  client = proxy.client
})
afterAll(async () => {
  await house.close()
  await app.close()
})
beforeEach(() => {
  app.told.length = 0
})

const bodies = (texts: PhoneText[]) => texts.map(({ body }) => body)

describe.each(SDKS)('with %s', (name, sdk) => {
  test.skipIf(!contract)('every operation answers as the contract says', async ({ task }) => {
    const watched = clientOf(sdk, house)
    const watch = watchContract(watched, contract!, 'proxy')
    const { services } = watched.proxy.v1
    const made = await services.create({
      uniqueName: `all of ${name}`,
      defaultTtl: 60,
      callbackUrl: `${app.url}/told`,
    })
    expect(await services.list({ limit: 100 })).toContainEqual(expect.objectContaining({ sid: made.sid }))
    const service = services(made.sid)
    expect(await service.fetch()).toMatchObject({ defaultTtl: 60, geoMatchLevel: 'country' })
    expect(await service.update({ defaultTtl: 90 })).toMatchObject({ defaultTtl: 90, callbackUrl: `${app.url}/told` })

    const number = await service.phoneNumbers.create({ phoneNumber: BRITISH, isReserved: true })
    expect(number).toMatchObject({ phoneNumber: BRITISH, isReserved: true, inUse: 0, isoCountry: 'GB' })
    expect(await service.phoneNumbers.list()).toMatchObject([{ sid: number.sid }])
    expect(await service.phoneNumbers(number.sid).update({ isReserved: false })).toMatchObject({ isReserved: false })

    const session = service.sessions((await service.sessions.create({ uniqueName: 'Order 1', ttl: 3600 })).sid)
    expect(await service.sessions.list()).toMatchObject([{ uniqueName: 'Order 1' }])
    expect(await session.fetch()).toMatchObject({ status: 'open', ttl: 3600, mode: 'voice-and-message' })
    expect(await session.update({ ttl: 7200 })).toMatchObject({ ttl: 7200 })
    const ann = await session.participants.create({ identifier: '+447400999001', friendlyName: 'Ann' })
    const bob = await session.participants.create({ identifier: '+447400999002', proxyIdentifierSid: number.sid })
    expect(bob).toMatchObject({ proxyIdentifier: BRITISH, proxyIdentifierSid: number.sid })
    expect(await session.participants.list()).toHaveLength(2)
    expect(await session.participants(ann.sid).fetch()).toMatchObject({ friendlyName: 'Ann' })
    expect(await service.phoneNumbers(number.sid).fetch()).toMatchObject({ inUse: 1 })

    const { messageInteractions } = session.participants(ann.sid)
    const said = await messageInteractions.create({ body: 'Your driver is near' })
    expect(said).toMatchObject({ participantSid: ann.sid, outboundParticipantSid: ann.sid, type: 'message' })
    expect(await messageInteractions.list()).toMatchObject([{ sid: said.sid }])
    expect(await session.participants(ann.sid).messageInteractions(said.sid).fetch()).toMatchObject({ sid: said.sid })
    expect(await session.interactions.list()).toMatchObject([{ sid: said.sid }])
    expect(await session.interactions(said.sid).fetch()).toMatchObject({ data: '{"body":"Your driver is near"}' })
    expect(await session.interactions(said.sid).remove()).toBe(true)

    await session.participants(bob.sid).remove()
    expect(await session.participants.list()).toHaveLength(1)
    expect(await refusalOf(session.participants(bob.sid).fetch())).toMatchObject({ status: 404, code: 20404 })
    expect(await session.remove()).toBe(true)
    expect(await service.phoneNumbers(number.sid).remove()).toBe(true)
    expect(await service.remove()).toBe(true)

    expect(watch.faults).toEqual([])
    expect(contract!.operations.filter(operation => !watch.asked.has(operation))).toEqual([])
    const all = contract!.operations.length
    task.meta.says = `${watch.asked.size} of ${all} operations of twilio_proxy_v1.json answer ${name} as it says`
  })
})

describe('two persons who are masked', () => {
  test('text each other, and neither sees the number of the other', async () => {
    const service = await proxy.serviceWith(2)
    const { session, ann, bob } = await proxy.masked(service)
    await house.text(ann.identifier, ann.proxyIdentifier, 'Hello Bob')
    await house.text(bob.identifier, bob.proxyIdentifier, 'Hello Ann')
    const [toBob] = await proxy.seen(bob.identifier)
    const [toAnn] = await proxy.seen(ann.identifier)
    expect(toBob).toMatchObject({ from: bob.proxyIdentifier, body: 'Hello Bob' })
    expect(toAnn).toMatchObject({ from: ann.proxyIdentifier, body: 'Hello Ann' })
    expect(JSON.stringify(await house.phone(bob.identifier))).not.toContain(ann.identifier)
    expect(JSON.stringify(await house.phone(ann.identifier))).not.toContain(bob.identifier)

    const [second, first] = await session.interactions.list()
    expect(first).toMatchObject({
      inboundParticipantSid: ann.sid,
      inboundResourceStatus: 'received',
      outboundParticipantSid: bob.sid,
      data: '{"body":"Hello Bob"}',
    })
    expect(second).toMatchObject({ inboundParticipantSid: bob.sid, outboundParticipantSid: ann.sid })
    expect(await session.fetch()).toMatchObject({ status: 'in-progress' })
  })

  test('are a conversation with both pairs', async () => {
    const service = await proxy.serviceWith(1)
    const { session, ann, bob } = await proxy.masked(service, { uniqueName: 'Ride 7' })
    await house.text(ann.identifier, ann.proxyIdentifier, 'Where are you?')
    const { body } = await house.ask('GET', '/conversations/v1/Conversations?PageSize=5')
    const [conversation] = body.conversations
    expect(conversation.friendly_name).toBe('Ride 7')
    const path = `/conversations/v1/Conversations/${conversation.sid}`
    const participants = (await house.ask('GET', `${path}/Participants`)).body.participants
    expect(participants.map((each: { messaging_binding: object }) => each.messaging_binding)).toMatchObject([
      { address: ann.identifier, proxy_address: ann.proxyIdentifier },
      { address: bob.identifier, proxy_address: bob.proxyIdentifier },
    ])
    await house.ask('DELETE', path)
    expect(await session.fetch()).toMatchObject({ status: 'closed' })
  })

  test('see pictures too, both ways', async () => {
    const service = await proxy.serviceWith(1)
    const { session, ann, bob } = await proxy.masked(service)
    const mediaUrls = ['data:image/png;base64,iVBORw0KGgo=']
    await house.text(ann.identifier, ann.proxyIdentifier, 'Look', { mediaUrls })
    await house.text(bob.identifier, bob.proxyIdentifier, '', { mediaUrls })
    for (const { identifier } of [ann, bob]) {
      const [text] = await proxy.seen(identifier)
      expect(text?.mediaUrls).toHaveLength(1)
      const picture = await fetch(text?.mediaUrls[0] ?? '')
      expect(picture.headers.get('content-type')).toBe('image/png')
      expect(Buffer.from(await picture.arrayBuffer()).toString('base64')).toBe('iVBORw0KGgo=')
    }
    const [second] = await session.interactions.list()
    expect(second?.outboundResourceSid).toMatch(/^MM/)
  })

  test('do not hear the words by which the other opts out, which count for that number alone', async () => {
    const service = await proxy.serviceWith(2)
    const { session, ann, bob } = await proxy.masked(service)
    for (const word of ['STOP', 'Arrêt', 'UNSTOP!', 'Revoke', '"Stop."', 'HELP']) {
      await house.text(ann.identifier, ann.proxyIdentifier, word)
    }
    expect(bodies(await proxy.seen(bob.identifier))).toEqual(['HELP'])
    expect(await session.interactions.list()).toHaveLength(1)
    await house.text(ann.identifier, ann.proxyIdentifier, 'STOP')
    const other = await proxy.sessionIn(service)
    const again = await other.participants.create({ identifier: ann.identifier })
    const dan = await other.participants.create({ identifier: proxy.newPerson() })
    await house.text(dan.identifier, dan.proxyIdentifier, 'A new ride')
    expect(bodies((await proxy.seen(ann.identifier)).filter(({ from }) => from === again.proxyIdentifier))).toEqual([
      'A new ride',
    ])
    await house.text(bob.identifier, bob.proxyIdentifier, 'Are you there?')
    expect(bodies(await proxy.seen(ann.identifier))).not.toContain('Are you there?')
  })
})

describe('a session', () => {
  test('ends when nothing was texted for its time to live', async () => {
    const service = await proxy.serviceWith(1)
    const { session, ann, bob } = await proxy.masked(service, { ttl: 600 })
    await house.advance('PT9M')
    await house.text(ann.identifier, ann.proxyIdentifier, 'In time')
    await house.advance('PT9M')
    expect(await session.fetch()).toMatchObject({ status: 'in-progress' })
    await house.advance('PT2M')
    expect(await session.fetch()).toMatchObject({ status: 'closed', closedReason: 'ttl-expired' })
    await house.text(ann.identifier, ann.proxyIdentifier, 'Too late')
    expect(bodies(await proxy.seen(bob.identifier))).toEqual(['In time'])
    expect(await refusalOf(session.participants.create({ identifier: proxy.newPerson() }))).toMatchObject({
      code: 80607,
    })
  })

  test('ends on its date of expiry, whatever is texted', async () => {
    const service = await proxy.serviceWith(1)
    const { body } = await house.ask('GET', '/simulator/clock')
    const dateExpiry = new Date(Date.parse(body.now) + 600_000)
    const { session, ann } = await proxy.masked(service, { ttl: 60, dateExpiry })
    await house.advance('PT9M')
    await house.text(ann.identifier, ann.proxyIdentifier, 'Still here')
    expect((await session.fetch()).status).toBe('in-progress')
    await house.advance('PT2M')
    expect(await session.fetch()).toMatchObject({ status: 'closed', closedReason: 'expired' })
  })

  test('is opened again as a new thread, unless a pair of it was given away', async () => {
    const service = await proxy.serviceWith(1)
    const { session, ann, bob } = await proxy.masked(service)
    expect(await session.update({ status: 'closed' })).toMatchObject({ status: 'closed' })
    expect(await session.update({ status: 'in-progress' })).toMatchObject({ dateEnded: null })
    await house.text(ann.identifier, ann.proxyIdentifier, 'Back again')
    expect(bodies(await proxy.seen(bob.identifier))).toEqual(['Back again'])

    await session.update({ status: 'closed' })
    const other = await proxy.sessionIn(service)
    expect((await other.participants.create({ identifier: ann.identifier })).proxyIdentifier).toBe(ann.proxyIdentifier)
    expect(await refusalOf(session.update({ status: 'in-progress' }))).toMatchObject({ status: 400, code: 80604 })
    expect(await session.fetch()).toMatchObject({ status: 'closed' })
    expect(await refusalOf(session.update({ status: 'failed' }))).toMatchObject({ code: 80608 })
  })

  test('has two participants, given at once or one by one, and a name of its own', async () => {
    const service = await proxy.serviceWith(1)
    const [first, second] = [proxy.newPerson(), proxy.newPerson()]
    const participants = [{ Identifier: first, FriendlyName: 'First' }, { Identifier: second }]
    const session = await proxy.sessionIn(service, { uniqueName: 'Both', participants })
    expect((await session.participants.list()).map(({ identifier }) => identifier).sort()).toEqual([first, second])
    const third = session.participants.create({ identifier: proxy.newPerson() })
    expect(await refusalOf(third)).toMatchObject({ code: 80609 })
    expect(await refusalOf(service.sessions.create({ uniqueName: 'Both' }))).toMatchObject({ status: 409, code: 80603 })
    expect((await service.sessions('Both').fetch()).sid).toBe(session.sid)
    const alone = await proxy.sessionIn(service)
    const ann = await alone.participants.create({ identifier: proxy.newPerson() })
    const twice = alone.participants.create({ identifier: ann.identifier })
    expect(await refusalOf(twice)).toMatchObject({ code: 80612 })
    const said = alone.participants(ann.sid).messageInteractions.create({ body: 'Hello' })
    expect(await refusalOf(said)).toMatchObject({ code: 80614 })
  })
})

describe('a service', () => {
  test('that is deleted ends its sessions and gives its numbers back', async () => {
    const service = await proxy.serviceWith([GIVEN_BACK])
    const { ann, bob } = await proxy.masked(service)
    await service.remove()
    expect(await refusalOf(service.fetch())).toMatchObject({ status: 404 })
    await house.text(ann.identifier, ann.proxyIdentifier, 'Hello?')
    expect(await proxy.seen(bob.identifier)).toEqual([])
    const next = await proxy.sessionIn(await proxy.serviceWith([GIVEN_BACK]))
    expect((await next.participants.create({ identifier: ann.identifier })).proxyIdentifier).toBe(GIVEN_BACK)
  })

  test('has a name and numbers that no other one has', async () => {
    const service = await proxy.serviceWith(1)
    const [number] = await service.phoneNumbers.list()
    const { uniqueName } = await service.fetch()
    expect(await refusalOf(proxy.serviceWith(0, { uniqueName }))).toMatchObject({ status: 409, code: 80602 })
    const other = await proxy.serviceWith(0)
    const taken = other.phoneNumbers.create({ sid: number!.sid })
    expect(await refusalOf(taken)).toMatchObject({ status: 409, code: 80601 })
    const sending = await client.messaging.v1.services.create({ friendlyName: 'Sends' })
    const { phoneNumbers } = client.messaging.v1.services(sending.sid)
    expect(await refusalOf(phoneNumbers.create({ phoneNumberSid: number!.sid }))).toMatchObject({ code: 21712 })
    const listed = (await client.messaging.v1.services.list()).map(({ sid }) => sid)
    expect(listed).toContain(sending.sid)
    expect(listed).not.toContain(service.sid.replace('KS', 'MG'))
  })

  test.each([
    [{ geoMatchLevel: 'planet' }, 20001],
    [{ callbackUrl: 'no url' }, 21402],
    [{ defaultTtl: -1 }, 20001],
    [{ chatInstanceSid: 'CH1' }, 20001],
  ])('made of %j is refused with %i', async (settings, code) => {
    expect(await refusalOf(proxy.serviceWith(0, settings as ServiceSettings))).toMatchObject({ status: 400, code })
  })
})

describe('the app of a service', () => {
  test('is told of each text that was passed on, and how it fares', async () => {
    const service = await proxy.serviceWith(1, { callbackUrl: `${app.url}/told` })
    const { session, ann, bob } = await proxy.masked(service)
    await house.text(ann.identifier, ann.proxyIdentifier, 'Hello')
    await expect.poll(() => app.told.length).toBe(3)
    const statuses = app.told.map(({ parameters }) => parameters.outboundResourceStatus)
    expect(statuses).toEqual(['queued', 'sent', 'delivered'])
    const [interaction] = await session.interactions.list()
    for (const told of app.told) {
      expect(told).toMatchObject({
        path: '/told',
        isSigned: true,
        parameters: {
          interactionSid: interaction!.sid,
          inboundResourceSid: interaction!.inboundResourceSid,
          inboundResourceStatus: 'received',
          outboundResourceSid: interaction!.outboundResourceSid,
          interactionServiceSid: service.sid,
          interactionSessionSid: session.sid,
          interactionData: '{"body":"Hello"}',
          inboundParticipantSid: ann.sid,
          outboundParticipantSid: bob.sid,
        },
      })
    }
  })

  test('is told that a text did not arrive, and how fares what the service says itself', async () => {
    const service = await proxy.serviceWith(1, { callbackUrl: `${app.url}/told` })
    const { session, ann, bob } = await proxy.masked(service)
    await house.ask('PUT', '/simulator/faults', { number: bob.identifier, fail: { code: 30003, times: 1 } })
    await house.text(ann.identifier, ann.proxyIdentifier, 'Hello')
    const statuses = () => app.told.map(({ parameters }) => parameters.outboundResourceStatus)
    await expect.poll(statuses).toEqual(['queued', 'sent', 'undelivered'])
    app.told.length = 0
    const said = await session.participants(ann.sid).messageInteractions.create({ body: 'Your ride is late' })
    await expect.poll(statuses).toEqual(['queued', 'sent', 'delivered'])
    expect(app.told.every(({ parameters }) => parameters.interactionSid === said.sid)).toBe(true)
    expect(app.told.every(({ parameters }) => parameters.inboundResourceSid === undefined)).toBe(true)
  })

  test('sees the files of a text that it may block, and those it lets pass arrive', async () => {
    const hooks = await openHookApp()
    hooks.answer(({ parameters }) => ({ status: parameters.interactionData?.includes('secret') ? 403 : 200 }))
    const service = await proxy.serviceWith(1, {
      interceptCallbackUrl: `${hooks.url}/may`,
      callbackUrl: `${app.url}/told`,
    })
    const { session, ann, bob } = await proxy.masked(service)
    const mediaUrls = ['data:image/png;base64,iVBORw0KGgo=', 'data:image/png;base64,iVBORw0KGgo=']
    for (const body of ['Look', 'A secret']) await house.text(ann.identifier, ann.proxyIdentifier, body, { mediaUrls })
    await expect.poll(async () => bodies(await proxy.seen(bob.identifier))).toEqual(['Look'])
    await expect.poll(() => hooks.told.length).toBe(2)
    const { parameters } = hooks.told[0]!
    expect(parameters).toMatchObject({
      interactionNumMedia: '2',
      interactionMediaContentType0: 'image/png',
      interactionMediaContentType1: 'image/png',
    })
    for (const at of [0, 1]) {
      const shown = await fetch(parameters[`interactionMediaUrl${at}`] ?? '')
      expect(Buffer.from(await shown.arrayBuffer()).toString('base64')).toBe('iVBORw0KGgo=')
    }
    const [text] = await proxy.seen(bob.identifier)
    expect(text?.mediaUrls).toHaveLength(2)
    expect((await fetch(text?.mediaUrls[1] ?? '')).status).toBe(200)
    const interactions = await session.interactions.list()
    expect(interactions.map(({ outboundResourceSid }) => outboundResourceSid?.slice(0, 2) ?? null)).toEqual([
      null,
      'MM',
    ])
    await expect.poll(() => app.told.map(told => told.parameters.interactionNumMedia)).toEqual(['2', '2', '2'])
    await hooks.close()
  })

  test('may block a text before it is passed on, and only by 403', async () => {
    const hooks = await openHookApp()
    hooks.answer(({ parameters }) => {
      const { body } = JSON.parse(parameters.interactionData ?? '{}')
      return { status: body.includes('secret') ? 403 : body.includes('broken') ? 500 : 200 }
    })
    const service = await proxy.serviceWith(1, { interceptCallbackUrl: `${hooks.url}/may` })
    const { session, ann, bob } = await proxy.masked(service)
    const said = ['One', 'A secret', 'A broken app', 'Four']
    for (const body of said) await house.text(ann.identifier, ann.proxyIdentifier, body)
    await expect.poll(async () => bodies(await proxy.seen(bob.identifier))).toEqual(['One', 'A broken app', 'Four'])
    expect(hooks.told.map(({ path, isSigned }) => [path, isSigned])).toEqual(said.map(() => ['/may', true]))
    expect(hooks.told[0]?.parameters).toMatchObject({
      interactionSessionSid: session.sid,
      inboundParticipantSid: ann.sid,
    })
    const blocked = (await session.interactions.list()).filter(each => each.outboundResourceSid === null)
    expect(blocked).toMatchObject([{ data: '{"body":"A secret"}', inboundParticipantSid: ann.sid }])
    await hooks.close()
  })

  test('is asked of a text whose session ends meanwhile: then it is not passed on', async () => {
    const hooks = await openHookApp()
    const service = await proxy.serviceWith(1, { interceptCallbackUrl: `${hooks.url}/may` })
    const { session, ann, bob } = await proxy.masked(service)
    hooks.answer(async () => {
      await session.update({ status: 'closed' })
      return {}
    })
    await house.text(ann.identifier, ann.proxyIdentifier, 'Too late')
    await expect.poll(async () => (await session.fetch()).status).toBe('closed')
    expect(await proxy.seen(bob.identifier)).toEqual([])
    await hooks.close()
  })

  test('answers texts of no session', async () => {
    const service = await proxy.serviceWith(1, { outOfSessionCallbackUrl: `${app.url}/outside` })
    const [number] = await service.phoneNumbers.list()
    const stranger = proxy.newPerson()
    await house.text(stranger, number!.phoneNumber, 'Anybody?')
    await expect.poll(async () => bodies(await proxy.seen(stranger))).toEqual(['Nobody is here: Anybody?'])
  })
})

describe('numbers', () => {
  test('are never given twice to a person who joins several sessions at once', async () => {
    const service = await proxy.serviceWith(3)
    const identifier = proxy.newPerson()
    const sessions = await Promise.all(Array.from({ length: 6 }, () => proxy.sessionIn(service)))
    const joined = await Promise.allSettled(sessions.map(session => session.participants.create({ identifier })))
    const given = joined.flatMap(each => (each.status === 'fulfilled' ? [each.value.proxyIdentifier] : []))
    const codes = joined.flatMap(each => (each.status === 'rejected' ? [each.reason.code] : []))
    expect(new Set(given).size).toBe(3)
    expect(given).toHaveLength(3)
    expect(codes).toEqual([80206, 80206, 80206])
  })

  test('serve 50 sessions of one person over 50 numbers, and the 51st is refused', async () => {
    const service = await proxy.serviceWith(FIFTY)
    const identifier = proxy.newPerson()
    const given = new Set<string>()
    for (let at = 0; at < FIFTY.length; at++) {
      const session = await proxy.sessionIn(service)
      given.add((await session.participants.create({ identifier })).proxyIdentifier)
    }
    expect(given.size).toBe(FIFTY.length)
    const last = await proxy.sessionIn(service)
    expect(await refusalOf(last.participants.create({ identifier }))).toMatchObject({ status: 400, code: 80206 })
    expect((await last.participants.create({ identifier: proxy.newPerson() })).proxyIdentifier).toBeTruthy()
  })

  test.each([
    ['prefer-sticky', true],
    ['avoid-sticky', false],
  ] as const)('%s gives a person the number of before: %s', async (numberSelectionBehavior, isSame) => {
    const service = await proxy.serviceWith(2, { numberSelectionBehavior })
    const identifier = proxy.newPerson()
    const [, last] = await service.phoneNumbers.list()
    const numbers: string[] = []
    for (let at = 0; at < 3; at++) {
      const session = await proxy.sessionIn(service)
      // The pool's order alone would always give its first number.
      const proxyIdentifier = at === 0 ? last!.phoneNumber : undefined
      const asked = { identifier, ...(isSame && proxyIdentifier && { proxyIdentifier }) }
      numbers.push((await session.participants.create(asked)).proxyIdentifier)
      await session.update({ status: 'closed' })
    }
    expect(new Set(numbers).size).toBe(isSame ? 1 : 2)
    expect(numbers[2]).toBe(numbers[0])
  })

  test('must be of the country of their person', async () => {
    const service = await proxy.serviceWith([BRITISH])
    const session = await proxy.sessionIn(service)
    expect(await refusalOf(session.participants.create({ identifier: proxy.newPerson() }))).toMatchObject({
      code: 80203,
    })
    expect((await session.participants.create({ identifier: '+447400999009' })).proxyIdentifier).toBe(BRITISH)
  })

  test('that are reserved, strange, in use, or none are told apart', async () => {
    const empty = await proxy.sessionIn(await proxy.serviceWith([]))
    expect(await refusalOf(empty.participants.create({ identifier: proxy.newPerson() }))).toMatchObject({ code: 80205 })
    const service = await proxy.serviceWith(1)
    const [number] = await service.phoneNumbers.list()
    await service.phoneNumbers(number!.sid).update({ isReserved: true })
    const session = await proxy.sessionIn(service)
    const identifier = proxy.newPerson()
    expect(await refusalOf(session.participants.create({ identifier }))).toMatchObject({ code: 80207 })
    const elsewhere = session.participants.create({ identifier, proxyIdentifier: FIFTY[0]! })
    expect(await refusalOf(elsewhere)).toMatchObject({ code: 80605 })
    const unknown = session.participants.create({ identifier, proxyIdentifier: '+15550009999' })
    expect(await refusalOf(unknown)).toMatchObject({ code: 80606 })
    await session.participants.create({ identifier, proxyIdentifier: number!.phoneNumber })
    expect(await refusalOf(service.phoneNumbers(number!.sid).remove())).toMatchObject({ status: 409, code: 80611 })
    const other = await proxy.sessionIn(service)
    const taken = other.participants.create({ identifier, proxyIdentifier: number!.phoneNumber })
    expect(await refusalOf(taken)).toMatchObject({ status: 400, code: 80604 })
  })
})
