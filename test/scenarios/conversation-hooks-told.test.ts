import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf } from '../support/conversations-client.ts'
import { type HookApp, openHookApp } from '../support/hook-app.ts'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER = '+15550001000'
const OTHER = '+15550001001'
const PHONE = '+15557770001'
const OTHER_PHONE = '+15557770002'
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const ASKED = { xTwilioWebhookEnabled: 'true' } as const

let house: TestHouse
let app: HookApp
let client: ReturnType<typeof clientOf>
let v1: ReturnType<typeof clientOf>['conversations']['v1']

beforeAll(async () => {
  app = await openHookApp()
  house = await openTestHouse(seedOf([{ number: NUMBER }, { number: OTHER }]))
  client = clientOf(house)
  v1 = client.conversations.v1
})

afterAll(async () => {
  await house?.close()
  await app?.close()
})

const EVENTS = [
  'onConversationAdded',
  'onConversationUpdated',
  'onConversationRemoved',
  'onConversationStateUpdated',
  'onMessageAdded',
  'onMessageUpdated',
  'onMessageRemoved',
  'onParticipantAdded',
  'onParticipantUpdated',
  'onParticipantRemoved',
  'onDeliveryUpdated',
  'onUserAdded',
  'onUserUpdated',
]

describe('an app that asked for all events', () => {
  let conversation = ''
  let message = ''
  let participant = ''
  let user = ''
  let service = ''

  beforeAll(async () => {
    await v1.configuration.webhooks().update({ filters: EVENTS, method: 'POST', postWebhookUrl: `${app.url}/post` })
    const made = await v1.conversations.create({ ...ASKED, friendlyName: 'Repair', uniqueName: 'repair-1' })
    conversation = made.sid
    service = made.chatServiceSid
    const { participants, messages } = v1.conversations(conversation)
    await participants.create({ ...ASKED, identity: 'ann', attributes: '{"a":1}' })
    const phone = { 'messagingBinding.address': PHONE, 'messagingBinding.proxyAddress': NUMBER }
    participant = (await participants.create({ ...ASKED, ...phone })).sid
    message = (await messages.create({ ...ASKED, author: 'ann', body: 'we come at nine' })).sid
    await house.house.settled()
    await messages(message).update({ ...ASKED, body: 'we come at ten' })
    await participants(participant).update({ ...ASKED, attributes: '{"b":2}' })
    user = (await v1.users('ann').update({ ...ASKED, friendlyName: 'Ann Lee' })).sid
    await v1.conversations(conversation).update({ ...ASKED, friendlyName: 'Repair of a tap' })
    await v1.conversations(conversation).update({ ...ASKED, state: 'inactive' })
    await messages(message).remove(ASKED)
    await participants(participant).remove(ASKED)
    await v1.conversations(conversation).remove(ASKED)
    await house.house.settled()
  })

  test.each(EVENTS)('is told %s once or more, signed, with what all events say', event => {
    const told = app.of(event)
    expect(told.length).toBeGreaterThan(0)
    for (const one of told) {
      expect(one).toMatchObject({ method: 'POST', path: '/post', isSigned: true })
      expect(one.parameters).toMatchObject({ AccountSid: ACCOUNT_SID, ChatServiceSid: service, RetryCount: '0' })
      const messagingService = event.startsWith('onUser') ? undefined : ACCOUNT_SID.replace('AC', 'MG')
      expect(one.parameters.MessagingServiceSid).toBe(messagingService)
      expect(one.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/)
      expect(one.headers.cookie).toBeUndefined()
    }
  })

  test.each<[string, () => Record<string, unknown>]>([
    [
      'onConversationAdded',
      () => ({
        ConversationSid: conversation,
        FriendlyName: 'Repair',
        UniqueName: 'repair-1',
        Attributes: '{}',
        State: 'active',
        DateCreated: expect.stringMatching(TIME),
        DateUpdated: expect.stringMatching(TIME),
        Source: 'API',
      }),
    ],
    [
      'onConversationUpdated',
      () => ({ ConversationSid: conversation, FriendlyName: 'Repair of a tap', State: 'active' }),
    ],
    [
      'onConversationStateUpdated',
      () => ({
        ConversationSid: conversation,
        StateFrom: 'active',
        StateTo: 'inactive',
        Reason: 'API',
        StateUpdated: expect.stringMatching(TIME),
      }),
    ],
    [
      'onConversationRemoved',
      () => ({ ConversationSid: conversation, State: 'inactive', DateRemoved: expect.stringMatching(TIME) }),
    ],
    [
      'onMessageAdded',
      () => ({
        ConversationSid: conversation,
        MessageSid: message,
        Index: '0',
        Body: 'we come at nine',
        Author: 'ann',
        Attributes: '{}',
        ParticipantSid: expect.stringMatching(/^MB[0-9a-f]{32}$/),
        DateCreated: expect.stringMatching(TIME),
      }),
    ],
    [
      'onMessageUpdated',
      () => ({ MessageSid: message, Index: '0', Body: 'we come at ten', DateUpdated: expect.stringMatching(TIME) }),
    ],
    [
      'onMessageRemoved',
      () => ({ MessageSid: message, Body: 'we come at ten', DateRemoved: expect.stringMatching(TIME) }),
    ],
    [
      'onParticipantUpdated',
      () => ({ ParticipantSid: participant, Attributes: '{"b":2}', DateUpdated: expect.stringMatching(TIME) }),
    ],
    [
      'onParticipantRemoved',
      () => ({
        ParticipantSid: participant,
        'MessagingBinding.Address': PHONE,
        DateUpdated: expect.stringMatching(TIME),
        DateRemoved: expect.stringMatching(TIME),
      }),
    ],
    [
      'onUserAdded',
      () => ({ UserSid: user, Identity: 'ann', Attributes: '{}', DateCreated: expect.stringMatching(TIME) }),
    ],
    [
      'onUserUpdated',
      () => ({ UserSid: user, Identity: 'ann', FriendlyName: 'Ann Lee', isOnline: 'false', isNotifiable: 'false' }),
    ],
  ])('is told of %s in these words', (event, parameters) => {
    expect(app.of(event)[0]?.parameters).toMatchObject(parameters())
  })

  test('is told of a chat user and of a phone that were added', () => {
    const [chat, phone] = app.of('onParticipantAdded').map(one => one.parameters)
    expect(chat).toMatchObject({ Identity: 'ann', Attributes: '{"a":1}', 'MessagingBinding.Type': 'CHAT' })
    expect(chat?.RoleSid).toMatch(/^RL[0-9a-f]{32}$/)
    expect(phone).toMatchObject({
      ParticipantSid: participant,
      'MessagingBinding.Type': 'SMS',
      'MessagingBinding.Address': PHONE,
      'MessagingBinding.ProxyAddress': NUMBER,
    })
    expect(phone).not.toHaveProperty('Identity')
  })

  test('is told how the text to the phone fares', () => {
    const told = app.of('onDeliveryUpdated').map(one => one.parameters)
    expect(told.map(one => one.Status)).toEqual(['sent', 'delivered'])
    expect(told[0]).toMatchObject({
      ConversationSid: conversation,
      MessageSid: message,
      ParticipantSid: participant,
      ErrorCode: '0',
      DeliveryReceiptSid: expect.stringMatching(/^DY[0-9a-f]{32}$/),
      ChannelMessageSid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
    })
  })
})

describe('who is told', () => {
  let sid = ''

  beforeAll(async () => {
    sid = (await v1.conversations.create({})).sid
    const binding = { 'messagingBinding.address': OTHER_PHONE, 'messagingBinding.proxyAddress': OTHER }
    await v1.conversations(sid).participants.create(binding)
  })

  const since = (from: number) => app.told.slice(from)

  test('nobody, of what a program does without asking for hooks', async () => {
    const from = app.told.length
    await v1.conversations(sid).update({ attributes: '{"quiet":true}' })
    await house.house.settled()
    expect(since(from)).toEqual([])
  })

  test('everybody, of a text that a phone sent', async () => {
    const from = app.told.length
    await house.text(OTHER_PHONE, OTHER, 'the tap drips')
    await house.house.settled()
    const [told] = since(from)
    expect(told).toMatchObject({ event: 'onMessageAdded', isSigned: true })
    expect(told?.parameters).toMatchObject({ Source: 'SMS', Author: OTHER_PHONE, Body: 'the tap drips', Index: '0' })
  })

  test('the service and the conversation too, each by its own method and filters', async () => {
    const { chatServiceSid } = await v1.conversations(sid).fetch()
    const webhooks = v1.services(chatServiceSid).configuration.webhooks()
    await webhooks.update({ postWebhookUrl: `${app.url}/service?of=us`, filters: ['onMessageAdded'], method: 'GET' })
    const configuration = {
      'configuration.url': `${app.url}/scoped#rc=5&rp=all`,
      'configuration.filters': ['onMessageAdded', 'onConversationUpdated'],
    }
    await v1.conversations(sid).webhooks.create({ target: 'webhook', ...configuration, 'configuration.method': 'get' })
    const trigger = { 'configuration.url': `${app.url}/trigger`, 'configuration.triggers': ['help', 'stop it'] }
    await v1.conversations(sid).webhooks.create({ target: 'trigger', ...trigger })
    const from = app.told.length
    await house.text(OTHER_PHONE, OTHER, 'Please HELP me')
    await house.text(OTHER_PHONE, OTHER, 'thanks')
    await house.house.settled()
    const told = since(from).map(one => [one.path, one.method, one.parameters.Body, one.isSigned])
    expect(told.sort()).toEqual([
      ['/post', 'POST', 'Please HELP me', true],
      ['/post', 'POST', 'thanks', true],
      ['/scoped', 'GET', 'Please HELP me', true],
      ['/scoped', 'GET', 'thanks', true],
      ['/service', 'GET', 'Please HELP me', true],
      ['/service', 'GET', 'thanks', true],
      ['/trigger', 'POST', 'Please HELP me', true],
    ])
    expect(since(from).find(one => one.path === '/service')?.parameters.of).toBe('us')
  })

  test('a new hook that replays, of the messages from its index on, and then of new ones', async () => {
    const from = app.told.length
    await v1.conversations(sid).webhooks.create({
      target: 'webhook',
      'configuration.url': `${app.url}/replay`,
      'configuration.filters': ['onMessageAdded'],
      'configuration.replayAfter': 1,
    })
    await house.text(OTHER_PHONE, OTHER, 'and one more')
    await house.house.settled()
    const told = since(from).filter(one => one.path === '/replay')
    expect(told.map(one => [one.parameters.Index, one.parameters.Body, one.parameters.Source])).toEqual([
      ['1', 'Please HELP me', 'SMS'],
      ['2', 'thanks', 'SMS'],
      ['3', 'and one more', 'SMS'],
    ])
  })

  test('of a closing by timer', async () => {
    await v1.conversations(sid).update({ 'timers.closed': 'PT10M' })
    const from = app.told.length
    await house.advance('PT11M')
    await house.house.settled()
    const told = since(from).filter(one => one.path === '/post')
    expect(told.map(one => [one.event, one.parameters.StateTo, one.parameters.Reason])).toEqual([
      ['onConversationStateUpdated', 'closed', 'TIMER'],
    ])
  })
})
