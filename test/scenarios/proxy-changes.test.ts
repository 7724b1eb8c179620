import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refusalOf } from '../support/conversations-client.ts'
import { type HookApp, openHookApp } from '../support/hook-app.ts'
import { numbersFrom } from '../support/pool-house.ts'
import { openProxyHouse, type ProxyHouse } from '../support/proxy-house.ts'

let proxy: ProxyHouse
let app: HookApp

beforeAll(async () => {
  proxy = await openProxyHouse(numbersFrom(7000, 30))
  app = await openHookApp()
})
afterAll(async () => {
  await app.close()
  await proxy.house.close()
})

/** What is done while the app thinks about the next text; it then lets that text and all others pass. */
function meanwhile(change: () => Promise<unknown>): void {
  let isDone = false
  app.answer(async () => {
    if (!isDone) {
      isDone = true
      await change()
    }
    return {}
  })
}

async function threadsOn(number: string): Promise<number> {
  const { body } = await proxy.house.ask('GET', '/v1/numbers?limit=100')
  return body.records.find((each: { number: string }) => each.number === number).openThreads
}

describe('a text that the app is asked about', () => {
  const asking = () => proxy.serviceWith(1, { interceptCallbackUrl: `${app.url}/may` })

  test('goes nowhere when its sender has another session by then', async () => {
    const service = await asking()
    const { session, ann, bob } = await proxy.masked(service)
    const other = await proxy.sessionIn(service)
    const eve = await other.participants.create({ identifier: proxy.newPerson() })
    meanwhile(async () => {
      await session.update({ status: 'closed' })
      const again = await other.participants.create({ identifier: ann.identifier })
      expect(again.proxyIdentifier).toBe(ann.proxyIdentifier)
    })
    await proxy.text(ann, 'A secret for Bob')
    await expect.poll(async () => (await other.participants.list()).length).toBe(2)
    expect(await proxy.heard(eve)).toEqual([])
    expect(await proxy.heard(bob)).toEqual([])
    expect(await session.fetch()).toMatchObject({ status: 'closed' })
    expect(await other.fetch()).toMatchObject({ status: 'open' })
    const [interaction] = await session.interactions.list()
    expect(interaction).toMatchObject({ outboundParticipantSid: null, outboundResourceSid: null })
    expect(await other.interactions.list()).toEqual([])
    await proxy.text(ann, 'Hello Eve')
    await expect.poll(() => proxy.heard(eve)).toEqual(['Hello Eve'])
  })

  test('goes nowhere when its sender is in a conversation that masks nobody by then', async () => {
    const { session, ann, bob } = await proxy.masked(await asking())
    let path = ''
    meanwhile(async () => {
      await session.update({ status: 'closed' })
      const pair = { address: ann.identifier, proxyAddress: ann.proxyIdentifier }
      const { conversations } = proxy.client.conversations.v1
      const { sid } = await conversations.create({})
      await conversations(sid).participants.create({
        'messagingBinding.address': pair.address,
        'messagingBinding.proxyAddress': pair.proxyAddress,
      })
      path = `/conversations/v1/Conversations/${sid}`
    })
    await proxy.text(ann, 'A secret for Bob')
    await expect.poll(() => path).not.toBe('')
    expect(await proxy.heard(bob)).toEqual([])
    expect((await proxy.house.ask('GET', `${path}/Messages`)).body.messages).toEqual([])
    await proxy.house.ask('DELETE', path)
    await session.update({ status: 'in-progress' })
    await proxy.text(ann, 'Back again')
    await expect.poll(() => proxy.heard(bob)).toEqual(['Back again'])
  })

  test('goes nowhere when somebody else has taken the place of whom it was for', async () => {
    const { session, ann, bob } = await proxy.masked(await asking())
    const identifier = proxy.newPerson()
    meanwhile(async () => {
      await session.participants(bob.sid).remove()
      await session.participants.create({ identifier })
    })
    await proxy.text(ann, 'A secret for Bob')
    await expect
      .poll(async () => (await session.participants.list()).some(each => each.identifier === identifier))
      .toBe(true)
    expect(await proxy.heard({ identifier })).toEqual([])
    await proxy.text(ann, 'Hello Eve')
    await expect.poll(() => proxy.heard({ identifier })).toEqual(['Hello Eve'])
    expect(await proxy.heard(bob)).toEqual([])
  })

  test('goes on when its session was closed and opened again meanwhile', async () => {
    const { session, ann, bob } = await proxy.masked(await asking())
    meanwhile(async () => {
      await session.update({ status: 'closed' })
      await session.update({ status: 'in-progress' })
    })
    await proxy.text(ann, 'Hello Bob')
    await expect.poll(() => proxy.heard(bob)).toEqual(['Hello Bob'])
  })
})

test('a text says what a hook of conversations made of it', async () => {
  const { session, ann, bob } = await proxy.masked(await proxy.serviceWith(1))
  const hooks = proxy.client.conversations.v1.configuration.webhooks()
  await hooks.update({ preWebhookUrl: `${app.url}/hook`, filters: ['onMessageAdd'] })
  app.answer(() => ({ body: JSON.stringify({ body: 'Call me at ***' }) }))
  await proxy.text(ann, 'Call me at 5551234')
  await expect.poll(() => proxy.heard(bob)).toEqual(['Call me at ***'])
  expect(await session.interactions.list()).toMatchObject([{ data: '{"body":"Call me at ***"}' }])
  await hooks.update({ preWebhookUrl: '', filters: [] })
})

describe('a service', () => {
  test('is deleted whose persons had several sessions on one number', async () => {
    const service = await proxy.serviceWith(1)
    const { session, ann, bob } = await proxy.masked(service)
    await session.update({ status: 'closed' })
    const participants = [ann, bob].map(({ identifier }) => ({ Identifier: identifier }))
    const second = await proxy.sessionIn(service, { participants })
    expect(await service.remove()).toBe(true)
    expect(await refusalOf(service.fetch())).toMatchObject({ status: 404 })
    expect(await refusalOf(second.fetch())).toMatchObject({ status: 404 })
    await proxy.text(ann, 'Hello?')
    expect(await proxy.heard(bob)).toEqual([])
  })

  test('leaves no session behind that was opened as it was deleted', async () => {
    const service = await proxy.serviceWith(1)
    const [{ phoneNumber } = { phoneNumber: '' }] = await service.phoneNumbers.list()
    const opening = Array.from({ length: 12 }, () =>
      proxy.sessionIn(service, { participants: [{ Identifier: proxy.newPerson() }] }).catch(refused => refused.code),
    )
    expect(await service.remove()).toBe(true)
    for (const opened of await Promise.all(opening)) if (typeof opened === 'number') expect(opened).toBe(20404)
    expect(await threadsOn(phoneNumber)).toBe(0)
  })

  test('that our own API deletes ends its sessions too', async () => {
    const service = await proxy.serviceWith(1)
    const { session, ann } = await proxy.masked(service)
    await proxy.house.ask('DELETE', `/v1/pools/${service.sid.replace('KS', 'MG')}`)
    expect(await refusalOf(session.fetch())).toMatchObject({ status: 404 })
    expect(await threadsOn(ann.proxyIdentifier)).toBe(0)
  })

  test('does not lose a number that a session takes at the same time', async () => {
    const service = await proxy.serviceWith(1)
    const [{ sid } = { sid: '' }] = await service.phoneNumbers.list()
    const [removed, taken] = await Promise.allSettled([
      service.phoneNumbers(sid).remove(),
      proxy.sessionIn(service, { participants: [{ Identifier: proxy.newPerson() }] }),
    ])
    // Whichever comes first, the other is refused.
    expect([removed.status, taken.status].sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('has its sessions among the account’s conversations when its chat service is gone', async () => {
    const { services } = proxy.client.conversations.v1
    const chat = await services.create({ friendlyName: 'Chat' })
    const service = await proxy.serviceWith(1, { chatInstanceSid: chat.sid })
    await services(chat.sid).remove()
    await proxy.sessionIn(service, { uniqueName: 'Homeless' })
    const { body } = await proxy.house.ask('GET', await proxy.lastConversation())
    expect(body.friendly_name).toBe('Homeless')
  })

  test('keeps what several programs change of it at once', async () => {
    const service = await proxy.serviceWith(0)
    const changes = { defaultTtl: 60, geoMatchLevel: 'area-code', callbackUrl: app.url, interceptCallbackUrl: app.url }
    await Promise.all(Object.entries(changes).map(([name, value]) => service.update({ [name]: value })))
    expect(await service.fetch()).toMatchObject(changes)
  })
})

describe('a session whose conversation', () => {
  test('of before is deleted stays open', async () => {
    const { session, ann, bob } = await proxy.masked(await proxy.serviceWith(1))
    const before = await proxy.lastConversation()
    await session.update({ status: 'closed' })
    await session.update({ status: 'in-progress' })
    expect((await proxy.house.ask('DELETE', before)).status).toBe(204)
    expect(await session.fetch()).toMatchObject({ status: 'open', closedReason: null, dateEnded: null })
    await proxy.text(ann, 'Still here')
    expect(await proxy.heard(bob)).toEqual(['Still here'])
  })

  test('is deleted after it stays deleted', async () => {
    const service = await proxy.serviceWith(1)
    for (const isClosed of [true, false]) {
      const { session } = await proxy.masked(service)
      const conversation = await proxy.lastConversation()
      if (isClosed) await session.update({ status: 'closed' })
      await session.remove()
      expect((await proxy.house.ask('DELETE', conversation)).status).toBe(204)
      expect(await service.sessions.list()).toEqual([])
    }
  })

  test('loses a participant loses them too, and has room for another', async () => {
    const service = await proxy.serviceWith(1)
    const { session, ann, bob } = await proxy.masked(service)
    const path = `${await proxy.lastConversation()}/Participants`
    const { participants } = (await proxy.house.ask('GET', path)).body
    const [, second] = participants
    expect(second.messaging_binding.address).toBe(bob.identifier)
    expect((await proxy.house.ask('DELETE', `${path}/${second.sid}`)).status).toBe(204)
    expect((await session.participants.list()).map(({ sid }) => sid)).toEqual([ann.sid])
    expect(await refusalOf(session.participants(bob.sid).fetch())).toMatchObject({ status: 404 })
    const next = await session.participants.create({ identifier: proxy.newPerson() })
    await proxy.text(ann, 'Hello')
    expect(await proxy.heard(next)).toEqual(['Hello'])
    expect(await proxy.heard(bob)).toEqual([])
    const other = await proxy.sessionIn(service)
    expect(await other.participants.create({ identifier: bob.identifier })).toMatchObject({
      proxyIdentifier: bob.proxyIdentifier,
    })
  })
})

describe('a session is not opened again', () => {
  test('on a number that its service has no more', async () => {
    const service = await proxy.serviceWith(1)
    const { session } = await proxy.masked(service)
    await session.update({ status: 'closed' })
    const [number] = await service.phoneNumbers.list()
    await service.phoneNumbers(number!.sid).remove()
    expect(await refusalOf(session.update({ status: 'in-progress' }))).toMatchObject({ status: 400, code: 80605 })
    expect(await session.fetch()).toMatchObject({ status: 'closed' })
    await service.phoneNumbers.create({ sid: number!.sid })
    expect(await session.update({ status: 'in-progress' })).toMatchObject({ status: 'open' })
  })

  test('on a number that its account has no more', async () => {
    const service = await proxy.serviceWith(1)
    const { session } = await proxy.masked(service)
    const [number] = await service.phoneNumbers.list()
    await proxy.client.incomingPhoneNumbers(number!.sid).remove()
    expect(await session.fetch()).toMatchObject({ status: 'closed', closedReason: 'owner_number_deleted' })
    expect(await refusalOf(session.update({ status: 'open' }))).toMatchObject({ status: 400, code: 80606 })
    expect(await session.fetch()).toMatchObject({ status: 'closed' })
  })
})
