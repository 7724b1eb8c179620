import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openThreadDoors } from '../../server/core/threads/thread-doors.ts'
import { BY_PROGRAM } from '../../server/core/threads/thread-events.ts'
import { sid as sidOf, uuidOfSid } from '../../server/domain/ids.ts'
import { clientOf, type Refused, refusalOf } from '../support/conversations-client.ts'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER = '+15550001000'
const SECOND = '+15550001001'
const PHONE = '+15557770001'
const LONG = 'x'.repeat(257)

type Answered = [status: number, code: number]

describe('what conversations refuse, and what stays as it was', () => {
  let house: TestHouse
  let client: ReturnType<typeof clientOf>

  beforeAll(async () => {
    house = await openTestHouse(seedOf([{ number: NUMBER }, { number: SECOND }]))
    client = clientOf(house)
  })
  afterAll(() => house.close())

  const conversations = () => client.conversations.v1.conversations
  const codeOf = async (request: Promise<unknown>): Promise<Answered> => {
    const { status, code } = await refusalOf(request)
    return [status, code]
  }
  const sms = (address: string, proxy: string) => ({
    'messagingBinding.address': address,
    'messagingBinding.proxyAddress': proxy,
  })

  test.each<[string, Record<string, unknown>, Answered]>([
    ['a state that is none', { state: 'sleeping' }, [400, 50378]],
    ['an empty state', { state: '' }, [400, 50374]],
    ['to be opened closed', { state: 'closed' }, [400, 50384]],
    ['an inactive timer under a minute', { 'timers.inactive': 'PT59S' }, [400, 50375]],
    ['a closed timer under ten minutes', { 'timers.closed': 'PT9M59S' }, [400, 50376]],
    ['an inactive timer that is no duration', { 'timers.inactive': 'one minute' }, [400, 50379]],
    ['a closed timer that is no duration', { 'timers.closed': 'P1Y' }, [400, 50380]],
    ['an inactive timer past all dates', { 'timers.inactive': 'P3000000D' }, [400, 50379]],
    ['a closed timer past all dates', { 'timers.closed': 'P3000000D' }, [400, 50380]],
    ['attributes that are no JSON', { attributes: '{topic}' }, [400, 50304]],
    ['attributes over 16 KB', { attributes: JSON.stringify({ x: 'x'.repeat(16 * 1024) }) }, [400, 50303]],
    ['a friendly name over 256 characters', { friendlyName: LONG }, [400, 50004]],
    ['a unique name over 256 characters', { uniqueName: LONG }, [400, 50005]],
    ['a unique name that looks like a SID', { uniqueName: `CH${'0'.repeat(32)}` }, [400, 50390]],
    ['a date of creation that is none', { dateCreated: 'yesterday' }, [400, 50308]],
    ['a date of change that is none', { dateUpdated: 'today' }, [400, 50309]],
    ['a date of creation past all dates', { dateCreated: '9999-12-31T23:59:59-12:00' }, [400, 50308]],
    ['a date of creation before all dates', { dateCreated: '0001-01-01T00:00:00+12:00' }, [400, 50308]],
    ['a date of creation in no year', { dateCreated: '0000-01-01' }, [400, 50308]],
    ['a messaging service that is none', { messagingServiceSid: 'nobody' }, [400, 50341]],
  ])('a conversation with %s', async (_, fields, answered) => {
    const before = (await conversations().list()).length
    // The vendor's client formats dates itself: a wrong one is sent as it would be by hand.
    const form = new URLSearchParams()
    for (const [name, value] of Object.entries(fields)) {
      form.set(
        name.replace(/(^|\.)[a-z]/g, letter => letter.toUpperCase()),
        String(value),
      )
    }
    const { status, body } = await house.ask('POST', '/conversations/v1/Conversations', form)
    expect([status, body.code]).toEqual(answered)
    expect(await conversations().list()).toHaveLength(before)
  })

  test('names are counted in characters: an emoji is one', async () => {
    const name = '\u{1f9f5}'.repeat(256)
    const conversation = await conversations().create({ friendlyName: name, uniqueName: name })
    expect([conversation.friendlyName, conversation.uniqueName]).toEqual([name, name])
    const { identity } = await conversations()(conversation.sid).participants.create({ identity: name })
    expect(identity).toBe(name)
    expect((await conversations()(conversation.sid).messages.create({ author: name, body: 'x' })).author).toBe(name)
    expect((await client.conversations.v1.services.create({ friendlyName: name })).friendlyName).toBe(name)
    expect(await codeOf(conversations().create({ friendlyName: `${name}!` }))).toEqual([400, 50004])
    await conversations()(conversation.sid).remove()
  })

  test.each<[string, Record<string, string>, Answered]>([
    ['no identity and no address', {}, [400, 50204]],
    ['an identity with an address', { identity: 'ann', ...sms(PHONE, NUMBER) }, [400, 50211]],
    ['an identity with a proxy address', { identity: 'ann', 'messagingBinding.proxyAddress': NUMBER }, [400, 50211]],
    ['an identity over 256 characters', { identity: LONG }, [400, 50207]],
    ['an identity that looks like a SID', { identity: `US${'0'.repeat(32)}` }, [400, 50206]],
    ['a reserved identity', { identity: 'system' }, [400, 50203]],
    ['an address that is none', sms('nowhere', NUMBER), [400, 50407]],
    ['a proxy address that is none', sms(PHONE, 'nowhere'), [400, 50408]],
    ['an empty projected address', { 'messagingBinding.projectedAddress': '' }, [400, 50434]],
    [
      'a proxy address and a projected address',
      { 'messagingBinding.proxyAddress': NUMBER, 'messagingBinding.projectedAddress': SECOND },
      [400, 50420],
    ],
    ['an address that is a number of ours', sms(SECOND, NUMBER), [400, 50407]],
    [
      'an address and a projected address',
      { 'messagingBinding.address': PHONE, 'messagingBinding.projectedAddress': NUMBER },
      [400, 50407],
    ],
    ['an empty address', sms('', NUMBER), [400, 50411]],
    ['an empty proxy address', sms(PHONE, ''), [400, 50412]],
    ['a proxy address alone', { 'messagingBinding.proxyAddress': NUMBER }, [400, 50411]],
    ['the same number at both ends', sms(NUMBER, NUMBER), [400, 50409]],
    ['a proxy address that is not ours', sms(PHONE, '+15559990000'), [400, 50413]],
    ['a whatsapp address with a plain number', sms(`whatsapp:${PHONE}`, NUMBER), [400, 50414]],
    ['a projected address that is not ours', { 'messagingBinding.projectedAddress': '+15559990000' }, [400, 50439]],
    ['attributes that are no JSON', { identity: 'ann', attributes: 'x' }, [400, 50304]],
    ['attributes over 4 KB', { identity: 'ann', attributes: JSON.stringify('x'.repeat(4096)) }, [400, 50303]],
    ['a role that is none', { identity: 'ann', roleSid: `RL${'0'.repeat(32)}` }, [400, 50109]],
  ])('a participant with %s', async (_, fields, answered) => {
    const { sid } = await conversations().create({})
    expect(await codeOf(conversations()(sid).participants.create(fields))).toEqual(answered)
    expect(await conversations()(sid).participants.list()).toEqual([])
  })

  test('an identity or a member twice, and a unique name twice', async () => {
    const { sid } = await conversations().create({ uniqueName: 'only one' })
    const { participants } = conversations()(sid)
    await participants.create({ identity: 'ann' })
    const twice = await refusalOf(participants.create({ identity: 'ann' }))
    expect(twice).toEqual<Refused>({ status: 409, code: 50433, message: 'Participant already exists' })
    expect(await codeOf(conversations().create({ uniqueName: 'only one' }))).toEqual([409, 50353])
    await participants.create({ 'messagingBinding.address': '+15557770077' })
    expect(await codeOf(participants.create({ 'messagingBinding.address': '+15557770077' }))).toEqual([409, 50437])
    expect(await participants.list()).toHaveLength(2)
  })

  test('a change of numbers that does not fit the participant', async () => {
    const { sid } = await conversations().create({})
    const { participants } = conversations()(sid)
    const phone = await participants.create(sms('+15557770042', NUMBER))
    const ann = await participants.create({ identity: 'ann' })
    const change = (who: string, fields: Record<string, string>) =>
      codeOf(conversations()(sid).participants(who).update(fields))
    expect(await change(ann.sid, { 'messagingBinding.proxyAddress': NUMBER })).toEqual([400, 50441])
    expect(await change(ann.sid, { 'messagingBinding.proxyAddress': 'null' })).toEqual([400, 50440])
    expect(await change(ann.sid, { 'messagingBinding.projectedAddress': 'null' })).toEqual([400, 50442])
    expect(await change(phone.sid, { 'messagingBinding.projectedAddress': SECOND })).toEqual([400, 50443])
    expect(await change(phone.sid, { identity: 'bob' })).toEqual([400, 50444])
    expect(await change(ann.sid, { identity: 'bob' })).toEqual([400, 50444])
    expect(await change(phone.sid, { 'messagingBinding.proxyAddress': '+15559990000' })).toEqual([400, 50413])
    const index = { lastReadMessageIndex: 'many' as unknown as number }
    expect(await codeOf(conversations()(sid).participants(ann.sid).update(index))).toEqual([400, 50421])
    expect((await conversations()(sid).participants(phone.sid).fetch()).messagingBinding).toEqual({
      type: 'sms',
      address: '+15557770042',
      proxy_address: NUMBER,
    })
  })

  test('a change of kind for which there is no more room', async () => {
    const full = async (limit: number, binding: (at: number) => Record<string, string>) => {
      const { sid } = await conversations().create({})
      const { participants } = conversations()(sid)
      await Promise.all(Array.from({ length: limit }, (_, at) => participants.create(binding(at))))
      const { sid: ann } = await participants.create({ identity: 'ann' })
      const change = await codeOf(participants(ann).update({ 'messagingBinding.projectedAddress': SECOND }))
      expect((await participants(ann).fetch()).messagingBinding).toBeNull()
      return change
    }
    expect(await full(50, at => sms(`+155577702${10 + at}`, NUMBER))).toEqual([400, 50418])
    expect(await full(10, at => ({ 'messagingBinding.address': `+155577703${10 + at}` }))).toEqual([400, 50436])
  })

  test.each<[string, Record<string, string>, Answered]>([
    ['nothing in it', {}, [400, 50503]],
    ['1,601 characters', { body: 'x'.repeat(1601) }, [400, 50504]],
    ['a media SID that is none', { mediaSid: 'photo' }, [400, 50510]],
    ['media that is not there', { mediaSid: `ME${'0'.repeat(32)}` }, [400, 50507]],
    ['attributes that are no JSON', { body: 'hi', attributes: '[' }, [400, 50304]],
    ['an author over 256 characters', { body: 'hi', author: LONG }, [400, 50207]],
  ])('a message with %s', async (_, fields, answered) => {
    const { sid } = await conversations().create({})
    expect(await codeOf(conversations()(sid).messages.create(fields))).toEqual(answered)
    expect(await conversations()(sid).messages.list()).toEqual([])
  })

  test('a file that was said before', async () => {
    const { defaultChatServiceSid } = await client.conversations.v1.configuration().fetch()
    const files = `/mcs/v1/Services/${defaultChatServiceSid}/Media`
    const file = await house.ask('POST', files, 'a picture', { 'content-type': 'image/png' })
    const { sid } = await conversations().create({})
    await conversations()(sid).messages.create({ mediaSid: file.body.sid })
    expect(await codeOf(conversations()(sid).messages.create({ mediaSid: file.body.sid }))).toEqual([400, 50508])
    expect(await conversations()(sid).messages.list()).toHaveLength(1)
    const other = await house.ask('POST', files, 'another picture', { 'content-type': 'image/png' })
    const accountId = uuidOfSid('AC', ACCOUNT_SID)!
    const { say } = openThreadDoors(house.house.core)
    const saying = { threadId: uuidOfSid('CH', sid)!, serviceId: accountId, origin: 'api', cause: BY_PROGRAM } as const
    const mediaId = uuidOfSid('ME', other.body.sid)!
    // The last two are one batch: what one of them may not say is there for the next.
    const [, refused, said] = await Promise.allSettled([
      say(accountId, { ...saying, body: 'hi', mediaIds: [] }),
      say(accountId, { ...saying, body: null, mediaIds: [mediaId, accountId] }),
      say(accountId, { ...saying, body: null, mediaIds: [mediaId] }),
    ])
    expect([refused?.status, said?.status]).toEqual(['rejected', 'fulfilled'])
  })

  test('more than ten participants at once', async () => {
    const before = (await conversations().list()).length
    const participant = Array.from({ length: 11 }, (_, at) => JSON.stringify({ identity: `user ${at}` }))
    expect(await codeOf(client.conversations.v1.conversationWithParticipants.create({ participant }))).toEqual([
      400, 50422,
    ])
    expect(await conversations().list()).toHaveLength(before)
  })

  test('an identity in more than a thousand open conversations', async () => {
    const accountId = uuidOfSid('AC', ACCOUNT_SID)!
    const { open } = openThreadDoors(house.house.core)
    const opening = { participants: [{ kind: 'chat' as const, identity: 'everywhere' }], cause: BY_PROGRAM }
    const opened = await Promise.all(
      Array.from({ length: 1000 }, () => open(accountId, { thread: { serviceId: accountId }, ...opening })),
    )
    const { sid } = await conversations().create({})
    const { participants } = conversations()(sid)
    expect(await codeOf(participants.create({ identity: 'everywhere' }))).toEqual([400, 50214])
    expect(await participants.list()).toEqual([])
    await conversations()(sidOf('CH', opened[500]!.thread.id)).update({ state: 'closed' })
    expect(await participants.create({ identity: 'everywhere' })).toMatchObject({ identity: 'everywhere' })
  }, 60_000)

  test('every write to a closed conversation, and no read', async () => {
    const { sid } = await conversations().create({})
    const conversation = conversations()(sid)
    const participant = await conversation.participants.create({ identity: 'ann' })
    const message = await conversation.messages.create({ body: 'hi' })
    await conversation.update({ state: 'closed' })
    const closed = { status: 400, code: 50377, message: "Can't update conversation as it's in final closed state" }
    const writes = [
      () => conversation.update({ state: 'active' }),
      () => conversation.update({ friendlyName: 'x' }),
      () => conversation.participants.create({ identity: 'bob' }),
      () => conversation.participants(participant.sid).update({ attributes: '{}' }),
      () => conversation.participants(participant.sid).remove(),
      () => conversation.messages.create({ body: 'hi' }),
      () => conversation.messages(message.sid).update({ body: 'x' }),
      () => conversation.messages(message.sid).remove(),
    ]
    for (const write of writes) expect(await refusalOf(write())).toEqual(closed)
    expect((await conversation.fetch()).state).toBe('closed')
    expect(await conversation.messages.list()).toHaveLength(1)
    expect(await conversation.participants.list()).toHaveLength(1)
    expect(await conversation.remove()).toBe(true)
    expect(await codeOf(conversation.fetch())).toEqual([404, 20404])
  })

  test('what is not there, in the words that programs look for', async () => {
    const missing = `CH${'0'.repeat(32)}`
    expect(await refusalOf(conversations()(missing).fetch())).toEqual({
      status: 404,
      code: 20404,
      message: `The requested resource /Conversations/${missing} was not found`,
    })
    expect(await codeOf(conversations()(missing).messages.create({ body: 'hi' }))).toEqual([404, 20404])
    expect(await codeOf(conversations()(missing).participants.create({ identity: 'ann' }))).toEqual([404, 20404])
    expect(await codeOf(conversations()(missing).update({ friendlyName: 'x' }))).toEqual([404, 20404])
    const { sid } = await conversations().create({})
    expect(await codeOf(conversations()(sid).participants('nobody').fetch())).toEqual([404, 20404])
    expect(
      await codeOf(
        conversations()(sid)
          .messages(`IM${'0'.repeat(32)}`)
          .remove(),
      ),
    ).toEqual([404, 20404])
    expect(await codeOf(conversations()(sid).update({}))).toEqual([400, 20161])
  })

  test('a search for participants by both or by nothing', async () => {
    const { participantConversations } = client.conversations.v1
    expect(await codeOf(participantConversations.list({ identity: 'ann', address: PHONE }))).toEqual([400, 50451])
    expect(await codeOf(participantConversations.list({}))).toEqual([400, 50451])
  })

  test('roles and users that cannot be', async () => {
    const { roles, users } = client.conversations.v1
    const role = { friendlyName: 'Guest', type: 'conversation' as const }
    expect(await codeOf(roles.create({ ...role, permission: ['fly'] }))).toEqual([400, 50104])
    expect(await codeOf(roles.create({ ...role, permission: ['createConversation'] }))).toEqual([400, 50104])
    const guest = await roles.create({ ...role, permission: ['sendMessage'] })
    expect(await codeOf(users.create({ identity: 'eve', roleSid: guest.sid }))).toEqual([400, 50100])
    await users.create({ identity: 'carol' })
    expect(await codeOf(users.create({ identity: 'carol' }))).toEqual([409, 50201])
    expect(await codeOf(users.create({ identity: 'dave', attributes: 'x' }))).toEqual([400, 50304])
    expect(await codeOf(users.create({ identity: 'dave', friendlyName: LONG }))).toEqual([400, 50004])
  })

  test('addresses whose texts could not go where they say', async () => {
    const { addressConfigurations, configuration } = client.conversations.v1
    const address = { type: 'sms' as const, address: NUMBER }
    const webhook = { 'autoCreation.type': 'webhook' as const }
    const nobodys = `IS${'0'.repeat(30)}ff`
    const make = (more: object) => codeOf(addressConfigurations.create({ ...address, ...more }))
    expect(await make(webhook)).toEqual([400, 50369])
    expect(await make({ ...webhook, 'autoCreation.webhookUrl': 'nonsense' })).toEqual([400, 50053])
    expect(await make({ ...webhook, 'autoCreation.webhookUrl': `https://${'x'.repeat(2048)}` })).toEqual([400, 50372])
    expect(await make({ 'autoCreation.conversationServiceSid': nobodys })).toEqual([404, 50050])
    const { sid } = await addressConfigurations.create(address)
    const change = (more: object) => codeOf(addressConfigurations(sid).update(more))
    expect(await change(webhook)).toEqual([400, 50369])
    expect(await change({ 'autoCreation.webhookUrl': 'nonsense' })).toEqual([400, 50053])
    expect(await change({ 'autoCreation.conversationServiceSid': nobodys })).toEqual([404, 50050])
    expect((await addressConfigurations(sid).fetch()).autoCreation).toMatchObject({ type: 'default' })
    expect(await codeOf(configuration().update({ defaultChatServiceSid: nobodys }))).toEqual([404, 50050])
    await addressConfigurations(sid).remove()
  })
})
