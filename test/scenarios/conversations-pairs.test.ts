import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openThreadDoors } from '../../server/core/threads/thread-doors.ts'
import { BY_PROGRAM } from '../../server/core/threads/thread-events.ts'
import { uuidOfSid } from '../../server/domain/ids.ts'
import { clientOf, refusalOf } from '../support/conversations-client.ts'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER_1 = '+15550001000'
const NUMBER_2 = '+15550001001'

describe('a pair of a phone and a number', () => {
  let house: TestHouse
  let client: ReturnType<typeof clientOf>
  let phones = 0

  beforeAll(async () => {
    house = await openTestHouse(seedOf([{ number: NUMBER_1 }, { number: NUMBER_2 }]))
    client = clientOf(house)
  })
  afterAll(() => house.close())

  const newPhone = () => `+1555778${String(++phones).padStart(4, '0')}`
  const conversations = () => client.conversations.v1.conversations
  const bind = (sid: string, phone: string, number: string) =>
    conversations()(sid).participants.create({
      'messagingBinding.address': phone,
      'messagingBinding.proxyAddress': number,
    })
  const holderOf = async (phone: string, number: string) => {
    const before = await client.conversations.v1.participantConversations.list({ address: phone })
    await house.text(phone, number, 'who holds me?')
    for (const { conversationSid } of before) {
      const [last] = await conversations()(conversationSid).messages.list({ order: 'desc', limit: 1 })
      if (last?.body === 'who holds me?') {
        await conversations()(conversationSid).messages(last.sid).remove()
        return conversationSid
      }
    }
    return null
  }

  test('maps people and numbers to conversations row by row', async () => {
    const [first, second] = [await conversations().create({}), await conversations().create({})]
    const [one, two, three] = ['+16505551111', '+16505552222', '+16505553333']
    await bind(first.sid, one, NUMBER_1)
    await bind(second.sid, one, NUMBER_2)
    await bind(first.sid, two, NUMBER_1)
    await bind(second.sid, three, NUMBER_1)
    expect(await holderOf(one, NUMBER_1)).toBe(first.sid)
    expect(await holderOf(one, NUMBER_2)).toBe(second.sid)
    expect(await holderOf(two, NUMBER_1)).toBe(first.sid)
    expect(await holderOf(three, NUMBER_1)).toBe(second.sid)
    expect(await holderOf(two, NUMBER_2)).toBeNull()
  })

  test('is claimed by one of twenty who want it at once; the others are told where it is', async () => {
    const phone = newPhone()
    const opened = await Promise.all(Array.from({ length: 20 }, () => conversations().create({})))
    const claims = await Promise.allSettled(opened.map(({ sid }) => bind(sid, phone, NUMBER_1)))
    const winners = claims.filter(claim => claim.status === 'fulfilled')
    expect(winners).toHaveLength(1)
    const winner = winners[0]?.value.conversationSid
    for (const claim of claims) {
      if (claim.status === 'rejected') {
        expect(claim.reason).toMatchObject({ status: 409, code: 50416 })
        expect(claim.reason.message.slice(-34)).toBe(winner)
      }
    }
  })

  test.each<[string, (conversationSid: string, participantSid: string) => Promise<unknown>]>([
    ['its participant is removed', (sid, participant) => conversations()(sid).participants(participant).remove()],
    ['its conversation is deleted', sid => conversations()(sid).remove()],
    ['its conversation is closed', sid => conversations()(sid).update({ state: 'closed' })],
    [
      'its participant moves to another number',
      (sid, participant) =>
        conversations()(sid).participants(participant).update({ 'messagingBinding.proxyAddress': NUMBER_2 }),
    ],
    [
      'its participant loses the number',
      (sid, participant) =>
        conversations()(sid).participants(participant).update({ 'messagingBinding.proxyAddress': 'null' }),
    ],
  ])('is free again once %s', async (_, free) => {
    const phone = newPhone()
    const first = await conversations().create({})
    const second = await conversations().create({})
    const participant = await bind(first.sid, phone, NUMBER_1)
    expect((await refusalOf(bind(second.sid, phone, NUMBER_1))).code).toBe(50416)
    await free(first.sid, participant.sid)
    await bind(second.sid, phone, NUMBER_1)
    expect(await holderOf(phone, NUMBER_1)).toBe(second.sid)
  })

  test('stays with whoever took it when the conversation that once had it is deleted', async () => {
    const phone = newPhone()
    const first = await conversations().create({})
    await bind(first.sid, phone, NUMBER_1)
    await conversations()(first.sid).update({ state: 'closed' })
    const second = await conversations().create({})
    await bind(second.sid, phone, NUMBER_1)
    await conversations()(first.sid).remove()
    expect(await holderOf(phone, NUMBER_1)).toBe(second.sid)
  })

  test('moves with its participant to another number, unless that pair is taken', async () => {
    const phone = newPhone()
    const first = await conversations().create({})
    const second = await conversations().create({})
    const participant = await bind(first.sid, phone, NUMBER_1)
    await bind(second.sid, phone, NUMBER_2)
    const move = conversations()(first.sid).participants(participant.sid)
    const refused = await refusalOf(move.update({ 'messagingBinding.proxyAddress': NUMBER_2 }))
    expect(refused).toMatchObject({ status: 409, code: 50416 })
    expect(refused.message).toContain(second.sid)
    expect(await holderOf(phone, NUMBER_1)).toBe(first.sid)
  })

  test('is free once the service of its conversation is deleted', async () => {
    const service = await client.conversations.v1.services.create({ friendlyName: 'Short-lived' })
    const apart = client.conversations.v1.services(service.sid)
    const held = Array.from({ length: 250 }, newPhone)
    const opened = await Promise.all(
      held.map(phone =>
        apart.conversationWithParticipants.create({
          participant: [JSON.stringify({ messaging_binding: { address: phone, proxy_address: NUMBER_1 } })],
        }),
      ),
    )
    expect(opened).toHaveLength(250)
    await client.conversations.v1.services(service.sid).remove()
    // A request may have looked for the service just before it went.
    const serviceId = uuidOfSid('IS', service.sid)!
    const late = { thread: { serviceId }, participants: [], cause: BY_PROGRAM }
    const doors = openThreadDoors(house.house.core)
    await expect(doors.open(uuidOfSid('AC', ACCOUNT_SID)!, late)).rejects.toMatchObject({ code: 'not_found' })
    const { sid } = await conversations().create({})
    for (const phone of [held[0]!, held.at(-1)!]) {
      await bind(sid, phone, NUMBER_1)
      expect(await holderOf(phone, NUMBER_1)).toBe(sid)
    }
  })

  test('is bound with all others of a new conversation, or none is', async () => {
    const [free, taken] = [newPhone(), newPhone()]
    const holder = await conversations().create({})
    await bind(holder.sid, taken, NUMBER_1)
    const withBoth = client.conversations.v1.conversationWithParticipants.create({
      uniqueName: 'all or none',
      participant: [free, taken].map(address =>
        JSON.stringify({ messaging_binding: { address, proxy_address: NUMBER_1 } }),
      ),
    })
    expect(await refusalOf(withBoth)).toMatchObject({ status: 409, code: 50416 })
    expect((await refusalOf(conversations()('all or none').fetch())).code).toBe(20404)
    await bind(holder.sid, free, NUMBER_1)
  })
})
