import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, refusalOf } from '../support/conversations-client.ts'
import { openHookApp } from '../support/hook-app.ts'
import { openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER_1 = '+15550001000'
const NUMBER_2 = '+15550001001'

describe('a group text', () => {
  let house: TestHouse
  let client: ReturnType<typeof clientOf>
  let phones = 0

  beforeAll(async () => {
    house = await openTestHouse(seedOf([{ number: NUMBER_1 }, { number: NUMBER_2 }]))
    client = clientOf(house)
  })
  afterAll(() => house.close())

  const newPhone = () => `+1555776${String(++phones).padStart(4, '0')}`
  const conversations = () => client.conversations.v1.conversations
  const person = (address: string) => JSON.stringify({ messaging_binding: { address } })
  const speaker = (identity: string, projected: string) =>
    JSON.stringify({ identity, messaging_binding: { projected_address: projected } })
  const open = (...participant: string[]) =>
    client.conversations.v1.conversationWithParticipants.create({ participant })
  const received = async (phone: string) => (await house.phone(phone)).filter(each => each.direction === 'received')
  const settle = async () => {
    await house.house.settled()
    await house.advance('PT1S')
  }
  const said = async (sid: string) =>
    (await conversations()(sid).messages.list()).map(({ author, body }) => [author, body])

  test('goes to all its phones as one text, with a receipt for each', async () => {
    const [one, two] = [newPhone(), newPhone()]
    const { sid } = await open(speaker('ann', NUMBER_1), person(one), person(two))
    const message = await conversations()(sid).messages.create({ author: 'ann', body: 'hello all' })
    expect(message.delivery).toMatchObject({ total: 2 })
    await settle()
    for (const phone of [one, two]) expect(await received(phone)).toMatchObject([{ from: NUMBER_1, body: 'hello all' }])
    const receipts = await conversations()(sid).messages(message.sid).deliveryReceipts.list()
    expect(receipts.map(({ status }) => status)).toEqual(['delivered', 'delivered'])
    expect(new Set(receipts.map(receipt => receipt.channelMessageSid)).size).toBe(1)
    expect(new Set(receipts.map(receipt => receipt.sid)).size).toBe(2)
    expect(new Set(receipts.map(receipt => receipt.participantSid)).size).toBe(2)
    const [first] = receipts
    const fetched = await conversations()(sid)
      .messages(message.sid)
      .deliveryReceipts(first?.sid ?? '')
      .fetch()
    expect(fetched.toJSON()).toEqual(first?.toJSON())
  })

  test('that does not reach one of its phones says so in the receipt of that one alone', async () => {
    const app = await openHookApp()
    const phones = [newPhone(), newPhone(), newPhone()] as const
    const { sid } = await open(speaker('ann', NUMBER_1), ...phones.map(person))
    await conversations()(sid).webhooks.create({
      target: 'webhook',
      'configuration.url': app.url,
      'configuration.filters': ['onDeliveryUpdated'],
    })
    await house.ask('PUT', '/simulator/faults', { number: phones[1], fail: { code: 30003, status: 'undelivered' } })
    const { sid: messageSid } = await conversations()(sid).messages.create({ author: 'ann', body: 'hello some' })
    await settle()
    await house.ask('PUT', '/simulator/faults', { number: phones[1] })
    expect(await Promise.all(phones.map(async phone => (await received(phone)).length))).toEqual([1, 0, 1])

    const message = conversations()(sid).messages(messageSid)
    const receipts = await message.deliveryReceipts.list()
    expect(receipts.map(({ status, errorCode }) => [status, errorCode])).toEqual([
      ['delivered', 0],
      ['undelivered', 30003],
      ['delivered', 0],
    ])
    expect((await message.fetch()).delivery).toEqual({
      total: 3,
      sent: 'all',
      delivered: 'some',
      read: 'none',
      failed: 'none',
      undelivered: 'some',
    })
    const text = await client.messages(receipts[0]?.channelMessageSid ?? '').fetch()
    expect([text.status, text.errorCode]).toEqual(['delivered', null])

    const told = app.of('onDeliveryUpdated').map(({ parameters }) => parameters)
    for (const { sid: receiptSid, participantSid, status } of receipts) {
      const own = told.filter(each => each.DeliveryReceiptSid === receiptSid)
      expect(own.map(each => each.Status)).toEqual(['sent', status])
      expect(new Set(own.map(each => each.ParticipantSid))).toEqual(new Set([participantSid]))
    }
    expect(told).toHaveLength(6)
    await app.close()
  })

  test('takes what a phone says to all of its members, and tells nobody twice', async () => {
    const [one, two] = [newPhone(), newPhone()]
    const { sid } = await open(speaker('ann', NUMBER_1), person(one), person(two))
    await house.text(one, NUMBER_1, 'to all', { to: [NUMBER_1, two] })
    await settle()
    expect(await said(sid)).toEqual([[one, 'to all']])
    expect(await received(two)).toHaveLength(1)
    await house.text(one, NUMBER_1, 'to you alone')
    await house.text(one, NUMBER_1, 'to somebody else too', { to: [NUMBER_1, newPhone()] })
    expect(await said(sid)).toHaveLength(1)
  })

  test('says once what reaches several of our numbers, and twice what is said twice', async () => {
    const [one, two] = [newPhone(), newPhone()]
    const { sid } = await open(speaker('ann', NUMBER_1), speaker('bob', NUMBER_2), person(one), person(two))
    for (let time = 0; time < 2; time += 1) {
      await house.text(one, NUMBER_1, 'ok', { to: [NUMBER_1, NUMBER_2, two] })
      await house.text(one, NUMBER_2, 'ok', { to: [NUMBER_2, NUMBER_1, two] })
    }
    expect(await said(sid)).toEqual([
      [one, 'ok'],
      [one, 'ok'],
    ])
  })

  test('what one of our numbers says comes back to the other without being said again', async () => {
    const one = newPhone()
    const { sid } = await open(speaker('ann', NUMBER_1), speaker('bob', NUMBER_2), person(one))
    await conversations()(sid).messages.create({ author: 'ann', body: 'hello' })
    await settle()
    await house.text(NUMBER_1, NUMBER_2, 'hello', { to: [NUMBER_2, one] })
    expect(await said(sid)).toEqual([['ann', 'hello']])
  })

  test('is said only by its own members', async () => {
    const [one, two] = [newPhone(), newPhone()]
    const projected = JSON.stringify({ messaging_binding: { projected_address: NUMBER_1 } })
    const { sid } = await open(projected, person(one), person(two))
    const { messages } = conversations()(sid)
    for (const author of [undefined, 'ann', one]) {
      const refused = await refusalOf(messages.create({ body: 'hi', ...(author && { author }) }))
      expect([refused.status, refused.code]).toEqual([400, 50513])
    }
    await messages.create({ author: NUMBER_1, body: 'hi' })
    await settle()
    expect(await received(two)).toMatchObject([{ from: NUMBER_1, body: 'hi' }])
  })

  test('of the same members is open only once, and the refusal ends in the SID of the first', async () => {
    const [one, two] = [newPhone(), newPhone()]
    const first = await open(speaker('ann', NUMBER_1), person(one), person(two))
    const refused = await refusalOf(open(speaker('bob', NUMBER_1), person(two), person(one)))
    expect([refused.status, refused.code, refused.message.slice(-34)]).toEqual([409, 50438, first.sid])
    const grown = await open(speaker('ann', NUMBER_1), person(one), person(two), person(newPhone()))
    const last = (await conversations()(grown.sid).participants.list()).at(-1)
    const shrinks = await refusalOf(
      conversations()(grown.sid)
        .participants(last?.sid ?? '')
        .remove(),
    )
    expect([shrinks.status, shrinks.code, shrinks.message.slice(-34)]).toEqual([409, 50438, first.sid])
    await conversations()(first.sid).update({ state: 'closed' })
    await open(speaker('ann', NUMBER_1), person(one), person(two))
  })

  test('passes from one agent to another, who takes over the number', async () => {
    const [one, two] = [newPhone(), newPhone()]
    const projected = JSON.stringify({ messaging_binding: { projected_address: NUMBER_1 } })
    const { sid } = await open(projected, person(one), person(two))
    const { participants, messages } = conversations()(sid)
    const number = (await participants.list()).find(each => each.messagingBinding.projected_address)
    await participants(number?.sid ?? '').update({ identity: 'ann' })
    await messages.create({ author: 'ann', body: 'I take over' })
    expect(await said(sid)).toEqual([['ann', 'I take over']])
  })

  test('has at most ten members', async () => {
    const { sid } = await conversations().create({})
    const { participants } = conversations()(sid)
    await participants.create({ 'messagingBinding.projectedAddress': NUMBER_1 })
    for (let at = 0; at < 9; at += 1) await participants.create({ 'messagingBinding.address': newPhone() })
    const refused = await refusalOf(participants.create({ 'messagingBinding.address': newPhone() }))
    expect([refused.status, refused.code]).toEqual([400, 50436])
  })
})
