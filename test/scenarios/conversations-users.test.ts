import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, refusalOf } from '../support/conversations-client.ts'
import { openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER = '+15550001000'

describe('users of conversations', () => {
  let house: TestHouse
  let client: ReturnType<typeof clientOf>

  beforeAll(async () => {
    house = await openTestHouse(seedOf([{ number: NUMBER }]))
    client = clientOf(house)
  })
  afterAll(() => house.close())

  const conversations = () => client.conversations.v1.conversations
  const users = () => client.conversations.v1.users

  test('are made when their identity first takes part, with the roles of the service', async () => {
    const { sid, chatServiceSid } = await conversations().create({})
    const participant = await conversations()(sid).participants.create({ identity: 'eve' })
    const configuration = await client.conversations.v1.services(chatServiceSid).configuration().fetch()
    expect(participant.roleSid).toBe(configuration.defaultConversationRoleSid)
    const user = await users()('eve').fetch()
    expect(user).toMatchObject({ identity: 'eve', roleSid: configuration.defaultChatServiceRoleSid, attributes: '{}' })
    const kinds = (await client.conversations.v1.roles.list()).map(({ type }) => type)
    expect(kinds.sort()).toEqual(['conversation', 'conversation', 'service', 'service'])
    expect((await refusalOf(client.conversations.v1.roles(participant.roleSid).remove())).status).toBe(409)
  })

  test.each(['ann@example.com', 'Jürgen Größe', '小林', 'a/b', '100%', 'a b+c', 'ann.json', '💜', '?#&'])(
    'an identity or a unique name may be %s, and is found in paths',
    async name => {
      const { sid } = await conversations().create({ uniqueName: name })
      const path = encodeURIComponent(name)
      expect((await conversations()(path).fetch()).sid).toBe(sid)
      await conversations()(path).participants.create({ identity: name })
      expect((await conversations()(sid).participants(path).fetch()).identity).toBe(name)
      expect((await users()(path).fetch()).identity).toBe(name)
      expect(await users()(path).userConversations.list()).toHaveLength(1)
      await conversations()(path).participants(path).remove()
      await conversations()(path).remove()
    },
  )

  test('an identity of 256 characters is found in a path', async () => {
    const identity = '界'.repeat(256)
    await users().create({ identity })
    expect((await users()(encodeURIComponent(identity)).fetch()).identity).toBe(identity)
  })

  test('know how far they have read, and how many messages came since', async () => {
    const { sid } = await conversations().create({ friendlyName: 'unread' })
    await conversations()(sid).participants.create({ identity: 'fred' })
    const state = () => users()('fred').userConversations(sid).fetch()
    for (const body of ['one', 'two', 'three', 'four']) await conversations()(sid).messages.create({ body })
    expect(await state()).toMatchObject({
      unreadMessagesCount: null,
      lastReadMessageIndex: null,
      notificationLevel: 'default',
    })
    await users()('fred').userConversations(sid).update({ lastReadMessageIndex: 1, notificationLevel: 'muted' })
    expect(await state()).toMatchObject({ unreadMessagesCount: 2, lastReadMessageIndex: 1, notificationLevel: 'muted' })
    const [, , third] = await conversations()(sid).messages.list()
    await conversations()(sid)
      .messages(third?.sid ?? '')
      .remove()
    expect((await state()).unreadMessagesCount).toBe(1)
    const participant = await conversations()(sid).participants('fred').update({ lastReadMessageIndex: 3 })
    expect(participant.lastReadTimestamp).toMatch(/^\d{4}-\d\d-\d\dT/)
    expect((await state()).unreadMessagesCount).toBe(0)
    await users()('fred').userConversations(sid).remove()
    expect((await refusalOf(state())).code).toBe(20404)
    expect(await conversations()(sid).participants.list()).toEqual([])
  })

  test('belong to one service each, like conversations', async () => {
    const service = await client.conversations.v1.services.create({ friendlyName: 'Apart' })
    const apart = client.conversations.v1.services(service.sid)
    const { sid } = await apart.conversations.create({ uniqueName: 'apart' })
    await apart.conversations(sid).participants.create({ identity: 'gina' })
    expect((await refusalOf(users()('gina').fetch())).code).toBe(20404)
    expect((await apart.users('gina').fetch()).chatServiceSid).toBe(service.sid)
    expect((await refusalOf(conversations()(sid).fetch())).code).toBe(20404)
    expect((await refusalOf(conversations()('apart').fetch())).code).toBe(20404)
    expect((await refusalOf(conversations()(sid).messages.create({ body: 'x' }))).code).toBe(20404)
    await client.conversations.v1.services(service.sid).remove()
    expect((await refusalOf(apart.conversations(sid).fetch())).code).toBe(20404)
  })

  test('one conversation has at most fifty phones, and a thousand participants', async () => {
    const { sid } = await conversations().create({})
    const { participants } = conversations()(sid)
    const phone = (at: number) => ({
      'messagingBinding.address': `+1555774${String(at).padStart(4, '0')}`,
      'messagingBinding.proxyAddress': NUMBER,
    })
    await Promise.all(Array.from({ length: 50 }, (_, at) => participants.create(phone(at))))
    expect((await refusalOf(participants.create(phone(50)))).code).toBe(50418)
    for (let at = 0; at < 950; at += 95) {
      await Promise.all(Array.from({ length: 95 }, (_, more) => participants.create({ identity: `user ${at + more}` })))
    }
    expect((await refusalOf(participants.create({ identity: 'one too many' }))).code).toBe(50417)
    expect(await participants.list({ pageSize: 100 })).toHaveLength(1000)
    const message = await conversations()(sid).messages.create({ author: 'user 7', body: 'hello all' })
    expect(message.delivery).toMatchObject({ total: 50 })
  }, 60_000)
})
