import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, refusalOf } from '../support/conversations-client.ts'
import { openHookApp } from '../support/hook-app.ts'
import { serveHttp } from '../support/loopback.ts'
import { openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const AUTO = '+15550001000'
const PLAIN = '+15550001001'
const WITH_APP = '+15550001002'

describe('a text that belongs to no conversation', () => {
  let house: TestHouse
  let client: ReturnType<typeof clientOf>
  let phones = 0

  beforeAll(async () => {
    house = await openTestHouse(seedOf([{ number: AUTO }, { number: PLAIN }, { number: WITH_APP }]))
    client = clientOf(house)
    await client.conversations.v1.configuration().update({ defaultClosedTimer: 'PT1H' })
    await client.conversations.v1.addressConfigurations.create({
      type: 'sms',
      address: AUTO,
      'autoCreation.enabled': true,
      'autoCreation.type': 'default',
    })
  })
  afterAll(() => house.close())

  const newPhone = () => `+1555775${String(++phones).padStart(4, '0')}`
  const conversations = () => client.conversations.v1.conversations
  const ofPhone = (address: string) => client.conversations.v1.participantConversations.list({ address })

  test('opens one where its number says so, with its sender and what was said', async () => {
    const phone = newPhone()
    await house.text(phone, AUTO, 'is anybody there?')
    const [found, ...more] = await ofPhone(phone)
    expect(more).toEqual([])
    expect(found).toMatchObject({
      conversationState: 'active',
      conversationFriendlyName: null,
      conversationAttributes: '{}',
      participantMessagingBinding: { type: 'sms', address: phone, proxy_address: AUTO },
    })
    expect(Object.keys(found?.conversationTimers)).toEqual(['date_closed'])
    const [message] = await conversations()(found?.conversationSid ?? '').messages.list()
    expect(message).toMatchObject({
      index: 0,
      author: phone,
      body: 'is anybody there?',
      participantSid: found?.participantSid,
    })
  })

  test('opens only one for texts that come together', async () => {
    const phone = newPhone()
    await Promise.all(Array.from({ length: 20 }, (_, at) => house.text(phone, AUTO, `text ${at}`)))
    const [found, ...more] = await ofPhone(phone)
    expect(more).toEqual([])
    expect(await conversations()(found?.conversationSid ?? '').messages.list()).toHaveLength(20)
  })

  test('opens another once the first is closed', async () => {
    const phone = newPhone()
    await house.text(phone, AUTO, 'first')
    const [first] = await ofPhone(phone)
    await conversations()(first?.conversationSid ?? '').update({ state: 'closed' })
    await house.text(phone, AUTO, 'second')
    const both = await ofPhone(phone)
    expect(both.map(each => each.conversationState)).toEqual(['active', 'closed'])
    expect((await conversations()(first?.conversationSid ?? '').messages.list()).map(({ body }) => body)).toEqual([
      'first',
    ])
  })

  test('opens a group text with all its members', async () => {
    const app = await openHookApp()
    const hooks = client.conversations.v1.configuration.webhooks()
    await hooks.update({ postWebhookUrl: app.url, filters: ['onConversationAdded', 'onConversationStateUpdated'] })
    const [one, two] = [newPhone(), newPhone()]
    await house.text(one, AUTO, 'hello all', { to: [AUTO, two, PLAIN] })
    const [found] = await ofPhone(one)
    const sid = found?.conversationSid ?? ''
    await house.house.settled()
    const [, changed, ...more] = app.told.map(({ parameters }) => parameters)
    expect(changed).toMatchObject({
      EventType: 'onConversationStateUpdated',
      Source: 'SMS',
      ConversationSid: sid,
      StateFrom: 'initializing',
      StateTo: 'active',
      Reason: 'EVENT',
    })
    expect(more).toEqual([])
    await app.close()
    const members = (await conversations()(sid).participants.list()).map(({ messagingBinding }) => messagingBinding)
    expect(members).toEqual([
      { type: 'sms', address: one },
      { type: 'sms', projected_address: AUTO },
      { type: 'sms', address: two },
      { type: 'sms', projected_address: PLAIN },
    ])
    await house.text(two, AUTO, 'hello to you', { to: [AUTO, one, PLAIN] })
    expect((await conversations()(sid).messages.list()).map(({ body }) => body)).toEqual(['hello all', 'hello to you'])
  })

  test('opens it in the service that the address names', async () => {
    const service = await client.conversations.v1.services.create({ friendlyName: 'Sales' })
    const config = await client.conversations.v1
      .addressConfigurations(AUTO)
      .update({ 'autoCreation.conversationServiceSid': service.sid })
    expect(config.autoCreation.conversation_service_sid).toBe(service.sid)
    const phone = newPhone()
    await house.text(phone, AUTO, 'sales, please')
    expect(await ofPhone(phone)).toEqual([])
    const { participantConversations } = client.conversations.v1.services(service.sid)
    expect(await participantConversations.list({ address: phone })).toHaveLength(1)
  })

  test('opens it in the default service once the one that the address names is deleted', async () => {
    const service = await client.conversations.v1.services.create({ friendlyName: 'Closing down' })
    const address = client.conversations.v1.addressConfigurations(AUTO)
    await address.update({ 'autoCreation.conversationServiceSid': service.sid })
    await client.conversations.v1.services(service.sid).remove()
    const phone = newPhone()
    await house.text(phone, AUTO, 'is sales there?')
    const { chatServiceSid } = await conversations().create({})
    expect((await address.fetch()).autoCreation.conversation_service_sid).toBe(chatServiceSid)
    expect(await ofPhone(phone)).toHaveLength(1)
  })

  test('rests in the log where nothing says so, and once it is switched off', async () => {
    const phone = newPhone()
    const text = await house.text(phone, PLAIN, 'nobody home')
    expect(await ofPhone(phone)).toEqual([])
    expect((await client.messages(text).fetch()).status).toBe('received')
    await client.conversations.v1.addressConfigurations(AUTO).update({ 'autoCreation.enabled': false })
    await house.text(phone, AUTO, 'nobody here either')
    expect(await ofPhone(phone)).toEqual([])
    const other = await client.conversations.v1.addressConfigurations.list()
    expect(other).toHaveLength(1)
    const twice = client.conversations.v1.addressConfigurations.create({ type: 'sms', address: AUTO })
    expect((await refusalOf(twice)).status).toBe(409)
  })

  test('goes to the number’s app; that of a conversation does too only where it is asked for', async () => {
    const told: (string | null)[] = []
    const url = await serveHttp((request, response) => {
      let body = ''
      request.on('data', chunk => {
        body += chunk
      })
      request.on('end', () => {
        told.push(new URLSearchParams(body).get('Body'))
        response.writeHead(200, { 'content-type': 'text/xml' }).end('<Response/>')
      })
    })
    const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: WITH_APP })
    await client.incomingPhoneNumbers(number?.sid ?? '').update({ smsUrl: url })
    const phone = newPhone()
    const say = async (body: string) => {
      await house.text(phone, WITH_APP, body)
      await house.house.settled()
    }
    await say('unbound')
    const { sid } = await conversations().create({})
    await conversations()(sid).participants.create({
      'messagingBinding.address': phone,
      'messagingBinding.proxyAddress': WITH_APP,
    })
    await say('bound')
    await house.ask('PUT', '/v1/thread-calls', { on: true })
    await say('bound, and told')
    await house.ask('PUT', `/v1/numbers/${encodeURIComponent(WITH_APP)}/thread-calls`, { on: false })
    await say('not by this number')
    await house.ask('PUT', `/v1/numbers/${encodeURIComponent(WITH_APP)}/thread-calls`, { on: null })
    await say('as the account says')
    await house.ask('PUT', '/v1/thread-calls', { on: false })
    await conversations()(sid).update({ state: 'closed' })
    await say('unbound again')
    expect(told).toEqual(['unbound', 'bound, and told', 'as the account says', 'unbound again'])
    expect(await conversations()(sid).messages.list()).toHaveLength(4)
  })
})
