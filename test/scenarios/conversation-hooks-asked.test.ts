import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { clientOf, refusalOf } from '../support/conversations-client.ts'
import { type HookApp, type HookTold, openHookApp } from '../support/hook-app.ts'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER = '+15550001000'
const OTHER = '+15550001001'
const AUTO = '+15550001002'
const PHONE = '+15557770001'
const OTHER_PHONE = '+15557770002'
const ASKED = { xTwilioWebhookEnabled: 'true' } as const
/** Far below the vendor's 5 s, so that an app that says nothing keeps no test waiting. */
const LIMIT_MS = 1000

const EVENTS = [
  'onConversationAdd',
  'onConversationUpdate',
  'onConversationRemove',
  'onMessageAdd',
  'onMessageUpdate',
  'onMessageRemove',
  'onParticipantAdd',
  'onParticipantUpdate',
  'onParticipantRemove',
  'onUserUpdate',
  'onMessageAdded',
]

let house: TestHouse
let app: HookApp
let numberApp: HookApp
let v1: ReturnType<typeof clientOf>['conversations']['v1']
let service = ''

beforeAll(async () => {
  app = await openHookApp()
  numberApp = await openHookApp()
  house = await openTestHouse(
    seedOf([{ number: NUMBER, smsUrl: `${numberApp.url}/sms` }, { number: OTHER }, { number: AUTO }]),
    { HEDDLE_HOOK_LIMIT_MS: String(LIMIT_MS) },
  )
  v1 = clientOf(house).conversations.v1
  await v1.configuration.webhooks().update({ filters: EVENTS, preWebhookUrl: `${app.url}/pre` })
  service = (await v1.configuration().fetch()).defaultChatServiceSid
})

afterAll(async () => {
  await house?.close()
  await app?.close()
  await numberApp?.close()
})

beforeEach(() => {
  app.told.length = 0
  numberApp.told.length = 0
})

afterEach(() => app.answer(() => ({})))

const json = (body: unknown) => ({ body: JSON.stringify(body) })

describe('a program that asks for hooks', () => {
  let sid = ''
  let message = ''
  let participant = ''
  const conversation = () => v1.conversations(sid)

  beforeAll(async () => {
    sid = (await v1.conversations.create({})).sid
    await v1.users.create({ identity: 'ann' })
    message = (await conversation().messages.create({ author: 'bob', body: 'hello' })).sid
    participant = (await conversation().participants.create({ identity: 'bob' })).sid
  })

  test('is asked about a conversation and about each of those with whom it opens; one that is refused is enough', async () => {
    app.answer(({ parameters }) => (parameters.Identity === 'dan' ? { status: 403 } : {}))
    const open = (uniqueName: string, ...identities: string[]) =>
      v1.conversationWithParticipants.create({
        ...ASKED,
        uniqueName,
        participant: identities.map(identity => JSON.stringify({ identity })),
      })
    const refusal = await refusalOf(open('with-dan', 'cat', 'dan'))
    expect([refusal.status, refusal.code]).toEqual([403, 50056])
    expect((await refusalOf(v1.conversations('with-dan').fetch())).status).toBe(404)
    app.told.length = 0
    const opened = await open('without-dan', 'cat', 'eve')
    expect(app.told.filter(told => told.path === '/pre').map(({ event }) => event)).toEqual([
      'onConversationAdd',
      'onParticipantAdd',
      'onParticipantAdd',
    ])
    expect(
      app
        .of('onParticipantAdd')
        .map(({ parameters }) => `${parameters.ConversationSid} ${parameters.Identity}`)
        .sort(),
    ).toEqual([`${opened.sid} cat`, `${opened.sid} eve`])
    app.answer(() => ({ hangs: true }))
    const since = performance.now()
    const identities = Array.from({ length: 8 }, (_, at) => `user ${at}`)
    await open('while the app hangs', ...identities)
    expect(performance.now() - since).toBeLessThan(identities.length * LIMIT_MS)
  })

  const acts: [event: string, act: () => Promise<unknown>, told: () => Record<string, unknown>][] = [
    [
      'onConversationAdd',
      () => v1.conversations.create({ ...ASKED, friendlyName: 'New', uniqueName: 'new-1' }),
      () => ({ FriendlyName: 'New', UniqueName: 'new-1', Attributes: '{}', State: 'active' }),
    ],
    [
      'onConversationUpdate',
      () => conversation().update({ ...ASKED, friendlyName: 'Changed' }),
      () => ({ ConversationSid: sid, FriendlyName: 'Changed', State: 'active' }),
    ],
    [
      'onMessageAdd',
      () => conversation().messages.create({ ...ASKED, author: 'bob', body: 'a new one' }),
      () => ({ ConversationSid: sid, Body: 'a new one', Author: 'bob', ParticipantSid: participant, Attributes: '{}' }),
    ],
    [
      'onMessageUpdate',
      () =>
        conversation()
          .messages(message)
          .update({ ...ASKED, body: 'hello again' }),
      () => ({ ConversationSid: sid, MessageSid: message, Index: '0', Body: 'hello again', Author: 'bob' }),
    ],
    [
      'onParticipantAdd',
      () => conversation().participants.create({ ...ASKED, identity: 'cat' }),
      () => ({ ConversationSid: sid, Identity: 'cat', Attributes: '{}', 'MessagingBinding.Type': 'CHAT' }),
    ],
    [
      'onParticipantUpdate',
      () =>
        conversation()
          .participants(participant)
          .update({ ...ASKED, attributes: '{"x":1}' }),
      () => ({ ConversationSid: sid, ParticipantSid: participant, Identity: 'bob', Attributes: '{"x":1}' }),
    ],
    [
      'onUserUpdate',
      () => v1.users('ann').update({ ...ASKED, friendlyName: 'Ann Lee' }),
      () => ({ Identity: 'ann', FriendlyName: 'Ann Lee' }),
    ],
    [
      'onMessageRemove',
      () => conversation().messages(message).remove(ASKED),
      () => ({ ConversationSid: sid, MessageSid: message, Index: '0' }),
    ],
    [
      'onParticipantRemove',
      () => conversation().participants(participant).remove(ASKED),
      () => ({ ConversationSid: sid, ParticipantSid: participant, Identity: 'bob' }),
    ],
    ['onConversationRemove', () => conversation().remove(ASKED), () => ({ ConversationSid: sid, State: 'active' })],
  ]

  test.each(acts)('is refused when the app refuses %s, and nothing is changed', async (event, act, told) => {
    app.answer(() => ({ status: 403 }))
    expect(await refusalOf(act())).toMatchObject({ status: 403, code: 50056 })
    expect(app.told).toHaveLength(1)
    expect(app.told[0]).toMatchObject({ event, method: 'POST', path: '/pre', isSigned: true })
    const { parameters } = app.told[0] as HookTold
    expect(parameters).toMatchObject({ ...told(), AccountSid: ACCOUNT_SID, ChatServiceSid: service, Source: 'API' })
    const messagingService = event === 'onUserUpdate' ? undefined : ACCOUNT_SID.replace('AC', 'MG')
    expect(parameters.MessagingServiceSid).toBe(messagingService)
    expect((await conversation().fetch()).friendlyName).toBeNull()
    expect((await conversation().messages(message).fetch()).body).toBe('hello')
    expect((await conversation().participants.list()).map(each => [each.identity, each.attributes])).toEqual([
      ['bob', '{}'],
    ])
  })

  test.each([
    ['nothing', {}],
    ['an empty object', json({})],
    ['words that are no JSON', { body: 'OK', type: 'text/plain' }],
    ['no content', { status: 204 }],
    ['nothing in time', { hangs: true }],
  ])('has its way when the app answers %s', async (_, said) => {
    app.answer(() => said)
    const said2 = await conversation().messages.create({ ...ASKED, body: 'as it is' })
    expect(said2).toMatchObject({ body: 'as it is', author: 'system', attributes: '{}' })
    expect(app.of('onMessageAdd')).toHaveLength(1)
  })

  test('has its message changed as the app says', async () => {
    app.answer(() => json({ body: 'changed', author: 'cat', attributes: '{"by":"app"}', index: 7 }))
    const changed = await conversation().messages.create({ ...ASKED, body: 'mine' })
    expect(changed).toMatchObject({ body: 'changed', author: 'cat', attributes: '{"by":"app"}' })
    expect(await conversation().messages(changed.sid).fetch()).toMatchObject({ body: 'changed', author: 'cat' })
  })

  test('has its conversation named as the app says', async () => {
    app.answer(() => json({ friendly_name: 'By the app', attributes: { by: 'app' } }))
    const made = await v1.conversations.create({ ...ASKED, friendlyName: 'Mine' })
    expect(made).toMatchObject({ friendlyName: 'By the app', attributes: '{"by":"app"}' })
  })

  test('is told when the app changes something to what it cannot be', async () => {
    app.answer(() => json({ attributes: 'no json' }))
    const refused = await refusalOf(conversation().messages.create({ ...ASKED, body: 'mine' }))
    expect(refused).toMatchObject({ status: 400, code: 50057 })
  })

  test('waits for the service first, and the account is asked about what the service made of it', async () => {
    const webhooks = v1.services(service).configuration.webhooks()
    await webhooks.update({ preWebhookUrl: `${app.url}/service`, filters: ['onMessageAdd'], method: 'GET' })
    app.answer(({ path, parameters }) => json({ body: `${parameters.Body} ${path}` }))
    const changed = await conversation().messages.create({ ...ASKED, body: 'by' })
    await webhooks.update({ preWebhookUrl: '' })
    expect(changed.body).toBe('by /service /pre')
    expect(app.told.map(({ method, path, isSigned, parameters }) => [method, path, isSigned, parameters.Body])).toEqual(
      [
        ['GET', '/service', true, 'by'],
        ['POST', '/pre', true, 'by /service'],
      ],
    )
  })

  test('is not asked about by others', async () => {
    await conversation().messages.create({ body: 'quietly' })
    expect(app.told).toEqual([])
  })
})

describe('a text of a phone', () => {
  let sid = ''

  beforeEach(async () => {
    sid = (await v1.conversations.create({})).sid
    const { participants } = v1.conversations(sid)
    await participants.create({ 'messagingBinding.address': PHONE, 'messagingBinding.proxyAddress': NUMBER })
    await participants.create({ 'messagingBinding.address': OTHER_PHONE, 'messagingBinding.proxyAddress': OTHER })
  })

  afterEach(() => v1.conversations(sid).remove())

  const said = async () => (await v1.conversations(sid).messages.list()).map(each => each.body)
  const heard = async () =>
    (await house.phone(OTHER_PHONE)).filter(text => text.direction === 'received').map(text => text.body)

  test('is changed as the app says before anybody reads it', async () => {
    const before = (await heard()).length
    app.answer(() => json({ body: 'Phone: hello', attributes: '{"seen":true}' }))
    await house.text(PHONE, NUMBER, 'hello')
    await house.house.settled()
    const [message] = await v1.conversations(sid).messages.list()
    expect(message).toMatchObject({ body: 'Phone: hello', author: PHONE, attributes: '{"seen":true}' })
    expect((await heard()).slice(before)).toEqual(['Phone: hello'])
    expect(app.told[0]).toMatchObject({ event: 'onMessageAdd', isSigned: true })
    expect(app.told[0]?.parameters).toMatchObject({
      Source: 'SMS',
      Author: PHONE,
      Body: 'hello',
      ConversationSid: sid,
      RetryCount: '0',
    })
  })

  test('rests in the log when the app refuses it', async () => {
    app.answer(() => ({ status: 400 }))
    const smsSid = await house.text(PHONE, NUMBER, 'a bad word')
    await house.house.settled()
    expect(await said()).toEqual([])
    const kept = await house.ask('GET', `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/${smsSid}.json`)
    expect(kept.body).toMatchObject({ body: 'a bad word', status: 'received' })
    expect(numberApp.told).toEqual([])
  })

  test.each([
    ['says nothing in time', { hangs: true }],
    ['changes it to what it cannot be', json({ attributes: 'no json' })],
  ])('is said as it came when the app %s', async (_, answer) => {
    app.answer(() => answer)
    await house.text(PHONE, NUMBER, 'as it came')
    await house.house.settled()
    expect(await said()).toEqual(['as it came'])
  })

  test('waits in line behind the one before it, and nobody else does', async () => {
    let release: (said: object) => void = () => {}
    const whenOthersAsk = new Promise<object>(resolve => {
      release = resolve
    })
    const askedBefore: string[] = []
    app.answer(({ parameters: { Body: body = '' } }) => {
      if (body === 'first') return whenOthersAsk
      if (body === 'of another') {
        askedBefore.push(...app.told.map(one => one.parameters.Body ?? ''))
        release(json({ body: 'first!' }))
      }
      return json({ body: `${body}!` })
    })
    await house.text(PHONE, NUMBER, 'first')
    await house.text(PHONE, NUMBER, 'second')
    await house.text(PHONE, NUMBER, 'third')
    await house.text(OTHER_PHONE, OTHER, 'of another')
    await house.house.settled()
    expect(askedBefore).toEqual(['first', 'of another'])
    expect((await said()).filter(body => body !== 'of another!')).toEqual(['first!', 'second!', 'third!'])
    expect(await said()).toContain('of another!')
    expect(app.told).toHaveLength(4)
  })

  test('goes where its number says when its conversation was closed before the app answered', async () => {
    app.answer(async () => {
      await v1.conversations(sid).update({ state: 'closed' })
      return json({ body: 'too late' })
    })
    await house.text(PHONE, NUMBER, 'one')
    await house.text(PHONE, NUMBER, 'two')
    await house.house.settled()
    expect(await said()).toEqual([])
    expect(numberApp.told.map(one => one.parameters.Body)).toEqual(['one', 'two'])
  })
})

describe('a text that opens a conversation by itself', () => {
  beforeAll(async () => {
    await v1.addressConfigurations.create({ type: 'sms', address: AUTO, 'autoCreation.enabled': true })
  })

  const of = async (phone: string) => {
    const found = await v1.participantConversations.list({ address: phone })
    return found.map(each => each.conversationSid)
  }

  test('opens it as the app names it, and is not asked about again', async () => {
    const phone = '+15557770011'
    app.answer(() => json({ friendly_name: 'Walk-in', attributes: '{"lead":true}' }))
    await house.text(phone, AUTO, 'hi there')
    await house.house.settled()
    const [sid] = await of(phone)
    expect(await v1.conversations(sid ?? '').fetch()).toMatchObject({
      friendlyName: 'Walk-in',
      attributes: '{"lead":true}',
    })
    const [message] = await v1.conversations(sid ?? '').messages.list()
    expect(message).toMatchObject({ body: 'hi there', attributes: '{}' })
    expect(app.told.map(one => one.event)).toEqual(['onConversationAdd'])
    expect(app.told[0]?.parameters).toMatchObject({
      Source: 'SMS',
      MessageBody: 'hi there',
      'MessagingBinding.Address': phone,
      'MessagingBinding.ProxyAddress': AUTO,
      State: 'active',
      ChatServiceSid: service,
      MessagingServiceSid: ACCOUNT_SID.replace('AC', 'MG'),
    })
  })

  test('is dropped, and kept in the log, when the app refuses; the next one is asked about anew', async () => {
    const phone = '+15557770012'
    app.answer(() => ({ status: 500 }))
    const dropped = await house.text(phone, AUTO, 'first')
    await house.house.settled()
    expect(await of(phone)).toEqual([])
    const kept = await house.ask('GET', `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/${dropped}.json`)
    expect(kept.body).toMatchObject({ body: 'first', status: 'received' })
    app.answer(() => ({}))
    await house.text(phone, AUTO, 'second')
    await house.house.settled()
    const [sid] = await of(phone)
    expect((await v1.conversations(sid ?? '').messages.list()).map(each => each.body)).toEqual(['second'])
  })

  test('of two at once opens it once; the second is said there, and the app is asked whether it may', async () => {
    const phone = '+15557770013'
    await Promise.all([house.text(phone, AUTO, 'one'), house.text(phone, AUTO, 'two')])
    await house.house.settled()
    const sids = await of(phone)
    expect(sids).toHaveLength(1)
    expect((await v1.conversations(sids[0] ?? '').messages.list()).map(each => each.body).sort()).toEqual([
      'one',
      'two',
    ])
    expect(app.told.map(one => one.event)).toEqual(['onConversationAdd', 'onMessageAdd'])
  })
})
