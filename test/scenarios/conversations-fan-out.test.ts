import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, refusalOf } from '../support/conversations-client.ts'
import { ACCOUNT_SID, AUTH_TOKEN, openTestHouse, type PhoneText, type TestHouse } from '../support/test-house.ts'

const NUMBER_1 = '+15550001000'
const NUMBER_2 = '+15550001001'
const NEIGHBOUR_SID = 'AC00000000000000000000000000000002'
const NEIGHBOUR_1 = '+15550002000'
const NEIGHBOUR_2 = '+15550002001'
/** One red pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='

describe('what carries a message to phones', () => {
  let house: TestHouse
  let client: ReturnType<typeof clientOf>
  let phones = 0

  beforeAll(async () => {
    const account = { authToken: AUTH_TOKEN, name: 'Test' }
    house = await openTestHouse({
      accounts: [
        { ...account, sid: ACCOUNT_SID, numbers: [{ number: NUMBER_1 }, { number: NUMBER_2 }] },
        { ...account, sid: NEIGHBOUR_SID, numbers: [{ number: NEIGHBOUR_1 }, { number: NEIGHBOUR_2 }] },
      ],
    })
    client = clientOf(house)
  })
  afterAll(() => house.close())

  const newPhone = () => `+1555779${String(++phones).padStart(4, '0')}`
  const conversations = (of = client) => of.conversations.v1.conversations
  const bind = (sid: string, phone: string, number: string, of = client) =>
    conversations(of)(sid).participants.create({
      'messagingBinding.address': phone,
      'messagingBinding.proxyAddress': number,
    })
  const received = async (phone: string) => (await house.phone(phone)).filter(each => each.direction === 'received')
  const bodies = (texts: PhoneText[]) => texts.map(({ body }) => body)
  /** All texts are out and their receipts in. */
  const settle = async () => {
    await house.house.settled()
    await house.advance('PT1S')
  }

  test('a picture from one phone reaches the others, byte by byte', async () => {
    const [sender, other] = [newPhone(), newPhone()]
    const { sid } = await conversations().create({})
    await bind(sid, sender, NUMBER_1)
    await bind(sid, other, NUMBER_2)
    await house.text(sender, NUMBER_1, 'look', { mediaUrls: [`data:image/png;base64,${PIXEL}`] })
    await settle()
    const [text] = await received(other)
    expect(text).toMatchObject({ body: 'look', from: NUMBER_2, mediaUrls: [expect.any(String)] })
    const authorization = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`
    const file = await fetch(text?.mediaUrls[0] ?? '', { headers: { authorization } })
    expect(Buffer.from(await file.arrayBuffer()).toString('base64')).toBe(PIXEL)
    const [message] = await conversations()(sid).messages.list()
    expect(message?.media).toMatchObject([{ content_type: 'image/png', size: Buffer.from(PIXEL, 'base64').length }])
  })

  test('who opted out fails alone, and the receipts say so', async () => {
    const [quiet, loud] = [newPhone(), newPhone()]
    const { sid } = await conversations().create({})
    const quietOne = await bind(sid, quiet, NUMBER_1)
    await bind(sid, loud, NUMBER_1)
    await house.text(quiet, NUMBER_1, 'STOP')
    await settle()
    const message = await conversations()(sid).messages.create({ body: 'news' })
    expect(message.delivery).toMatchObject({ total: 2, failed: 'some', sent: 'none' })
    await settle()
    expect(bodies(await received(loud))).toContain('news')
    expect(bodies(await received(quiet))).not.toContain('news')
    const receipts = await conversations()(sid).messages(message.sid).deliveryReceipts.list()
    expect(receipts).toHaveLength(2)
    expect(receipts.find(({ participantSid }) => participantSid === quietOne.sid)).toMatchObject({
      status: 'failed',
      errorCode: 21610,
    })
    expect(receipts.find(({ participantSid }) => participantSid !== quietOne.sid)).toMatchObject({
      status: 'delivered',
      errorCode: 0,
    })
    expect((await conversations()(sid).messages(message.sid).fetch()).delivery).toEqual({
      total: 2,
      sent: 'some',
      delivered: 'some',
      read: 'none',
      failed: 'some',
      undelivered: 'none',
    })
  })

  test('a receipt names the text in the log, which shows its conversation’s number', async () => {
    const phone = newPhone()
    const { sid } = await conversations().create({})
    await bind(sid, phone, NUMBER_2)
    const message = await conversations()(sid).messages.create({ body: 'in the log' })
    await settle()
    const [receipt] = await conversations()(sid).messages(message.sid).deliveryReceipts.list()
    expect(receipt?.sid.slice(2)).toBe(receipt?.channelMessageSid.slice(2))
    expect(await client.messages(receipt?.channelMessageSid ?? '').fetch()).toMatchObject({
      from: NUMBER_2,
      to: phone,
      body: 'in the log',
      status: 'delivered',
      direction: 'outbound-api',
    })
  })

  test('a message that no phone gets has no delivery', async () => {
    const { sid } = await conversations().create({})
    await conversations()(sid).participants.create({ identity: 'ann' })
    const message = await conversations()(sid).messages.create({ body: 'among us', author: 'ann' })
    expect(message.delivery).toBeNull()
    expect(await conversations()(sid).messages(message.sid).deliveryReceipts.list()).toEqual([])
  })

  test('an author who is an address of the conversation is not told again', async () => {
    const [one, two] = [newPhone(), newPhone()]
    const { sid } = await conversations().create({})
    const participant = await bind(sid, one, NUMBER_1)
    await bind(sid, two, NUMBER_1)
    const message = await conversations()(sid).messages.create({ body: 'as of one', author: one })
    expect(message.participantSid).toBe(participant.sid)
    await settle()
    expect(bodies(await received(two))).toEqual(['as of one'])
    expect(await received(one)).toEqual([])
  })

  test('texts name their author where a conversation or its service says so', async () => {
    const [one, two] = [newPhone(), newPhone()]
    const { sid } = await conversations().create({})
    const { participants, messages } = conversations()(sid)
    await bind(sid, one, NUMBER_1)
    await bind(sid, two, NUMBER_2)
    await client.conversations.v1.users.create({ identity: 'ann.lee', friendlyName: 'Ann' })
    await participants.create({ identity: 'ann.lee' })
    await participants.create({ identity: 'bob', attributes: JSON.stringify({ name: 'Bob the builder' }) })
    await messages.create({ author: 'ann.lee', body: 'no label yet' })
    expect((await house.ask('PUT', `/v1/threads/${sid}/labels`, { on: true })).status).toBe(200)
    await messages.create({ author: 'ann.lee', body: 'hello' })
    await messages.create({ author: 'bob', body: 'hello' })
    await messages.create({ author: 'carol', body: 'hello' })
    await messages.create({ body: 'from the house' })
    await house.text(one, NUMBER_1, 'from me')
    await settle()
    expect(bodies(await received(two))).toEqual([
      'no label yet',
      'Ann: hello',
      'Bob the builder: hello',
      'carol: hello',
      'from the house',
      `+${'*'.repeat(7)}${one.slice(-4)}: from me`,
    ])
    await house.ask('PUT', `/v1/threads/${sid}/labels`, { on: null })
    await house.ask('PUT', `/v1/services/${ACCOUNT_SID.replace('AC', 'IS')}/labels`, { on: true })
    await messages.create({ author: 'bob', body: 'by the service' })
    await house.ask('PUT', `/v1/services/${ACCOUNT_SID.replace('AC', 'IS')}/labels`, { on: false })
    await messages.create({ author: 'bob', body: 'plain again' })
    await settle()
    expect(bodies(await received(two)).slice(-2)).toEqual(['Bob the builder: by the service', 'plain again'])
  })

  test('two accounts that have each other’s numbers as phones do not ring for ever', async () => {
    const neighbour = clientOf(house, { sid: NEIGHBOUR_SID, token: AUTH_TOKEN })
    const ours = await conversations().create({})
    const theirs = await conversations(neighbour).create({})
    await bind(ours.sid, NEIGHBOUR_1, NUMBER_1)
    await bind(ours.sid, NEIGHBOUR_2, NUMBER_2)
    await bind(theirs.sid, NUMBER_1, NEIGHBOUR_1, neighbour)
    await bind(theirs.sid, NUMBER_2, NEIGHBOUR_2, neighbour)
    // The simulated network ends at phones: what it brought to a number is handed on as a network would.
    const authorization = `Basic ${Buffer.from(`${NEIGHBOUR_SID}:${AUTH_TOKEN}`).toString('base64')}`
    const shownTo = async (number: string) => {
      const path = `/simulator/phones/${encodeURIComponent(number)}/messages`
      return bodies((await house.ask('GET', path, undefined, { authorization })).body.records)
    }
    const handOn = { from: NUMBER_1, to: NEIGHBOUR_1, body: 'hello?' }
    await house.ask('POST', '/simulator/messages', handOn, { authorization })
    await settle()
    const [message] = await conversations(neighbour)(theirs.sid).messages.list()
    expect(message).toMatchObject({ author: NUMBER_1, body: 'hello?', delivery: { total: 1, failed: 'all' } })
    expect(await shownTo(NUMBER_2)).toEqual([])
    await conversations(neighbour)(theirs.sid).messages.create({ body: 'said by a program' })
    await settle()
    expect(await shownTo(NUMBER_2)).toEqual(['said by a program'])
  })

  test('two phones that answer by themselves do not ring for ever', async () => {
    const [one, two, person] = [newPhone(), newPhone(), newPhone()]
    const { sid } = await conversations().create({})
    await bind(sid, one, NUMBER_1)
    await bind(sid, two, NUMBER_2)
    await bind(sid, person, NUMBER_2)
    for (let turn = 0; turn < 12; turn += 1) {
      await house.text(one, NUMBER_1, 'I am driving')
      await house.text(two, NUMBER_2, 'I am away')
    }
    await settle()
    expect(bodies(await received(two))).toEqual(Array(10).fill('I am driving'))
    expect(bodies(await received(one))).toEqual(Array(10).fill('I am away'))
    const messages = await conversations()(sid).messages.list()
    expect(messages).toHaveLength(24)
    expect(messages.at(-1)?.delivery).toMatchObject({ total: 2, failed: 'all' })
    await house.text(one, NUMBER_1, 'Now I am here')
    await house.text(person, NUMBER_2, 'Hello')
    await settle()
    expect(bodies(await received(two)).slice(10)).toEqual(['Now I am here', 'Hello'])
  })

  test('one tenant sees nothing of another', async () => {
    const neighbour = clientOf(house, { sid: NEIGHBOUR_SID, token: AUTH_TOKEN })
    const { sid } = await conversations().create({ uniqueName: 'ours alone' })
    expect((await refusalOf(conversations(neighbour)(sid).fetch())).code).toBe(20404)
    expect((await refusalOf(conversations(neighbour)('ours alone').fetch())).code).toBe(20404)
    expect((await refusalOf(conversations(neighbour)(sid).messages.create({ body: 'x' }))).code).toBe(20404)
    const theirs = await conversations(neighbour).create({})
    expect((await refusalOf(bind(theirs.sid, newPhone(), NUMBER_1, neighbour))).code).toBe(50413)
  })
})
