import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, refusalOf } from '../support/conversations-client.ts'
import { openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER_1 = '+15550001000'
const NUMBER_2 = '+15550001001'
const MOBILE_1 = '+15557770001'
const MOBILE_2 = '+15557770002'

describe('two phones and a chat user in one conversation', () => {
  let house: TestHouse
  let client: ReturnType<typeof clientOf>
  let sid: string

  beforeAll(async () => {
    house = await openTestHouse(seedOf([{ number: NUMBER_1 }, { number: NUMBER_2 }]))
    client = clientOf(house)
    const conversation = await client.conversations.v1.conversations.create({ friendlyName: 'Home repair' })
    sid = conversation.sid
    const participants = client.conversations.v1.conversations(sid).participants
    await participants.create({ 'messagingBinding.address': MOBILE_1, 'messagingBinding.proxyAddress': NUMBER_1 })
    await participants.create({ 'messagingBinding.address': MOBILE_2, 'messagingBinding.proxyAddress': NUMBER_2 })
    await participants.create({ identity: 'ann' })
  })

  afterAll(() => house.close())

  test('a text of the first phone reaches the second from its own number, and the chat user as of that phone', async () => {
    await house.text(MOBILE_1, NUMBER_1, 'the tap drips')
    await house.house.settled()
    expect(received(await house.phone(MOBILE_2))).toEqual([[NUMBER_2, 'the tap drips']])
    expect(received(await house.phone(MOBILE_1))).toEqual([])
    const [message] = await client.conversations.v1.conversations(sid).messages.list()
    const [participant] = await client.conversations.v1.conversations(sid).participants.list()
    expect(message).toMatchObject({
      index: 0,
      author: MOBILE_1,
      body: 'the tap drips',
      participantSid: participant?.sid,
    })
  })

  test('a text of the second phone reaches the first', async () => {
    await house.text(MOBILE_2, NUMBER_2, 'I come at nine')
    await house.house.settled()
    expect(received(await house.phone(MOBILE_1))).toEqual([[NUMBER_1, 'I come at nine']])
    expect(received(await house.phone(MOBILE_2))).toHaveLength(1)
  })

  test('a message of the chat user reaches both phones', async () => {
    const message = await client.conversations.v1
      .conversations(sid)
      .messages.create({ author: 'ann', body: 'thank you' })
    expect(message).toMatchObject({ index: 2, author: 'ann', delivery: { total: 2 } })
    await house.house.settled()
    expect(received(await house.phone(MOBILE_1)).at(-1)).toEqual([NUMBER_1, 'thank you'])
    expect(received(await house.phone(MOBILE_2)).at(-1)).toEqual([NUMBER_2, 'thank you'])
  })

  test('the pair of a phone and a number is in no second conversation, and the refusal names the first', async () => {
    const other = await client.conversations.v1.conversations.create({})
    const refused = await refusalOf(
      client.conversations.v1.conversations(other.sid).participants.create({
        'messagingBinding.address': MOBILE_1,
        'messagingBinding.proxyAddress': NUMBER_1,
      }),
    )
    expect(refused).toEqual({
      status: 409,
      code: 50416,
      message: `A binding for this participant and proxy address already exists in Conversation ${sid}`,
    })
  })
})

function received(texts: { direction: string; from: string; body: string }[]): [string, string][] {
  return texts.filter(text => text.direction === 'received').map(text => [text.from, text.body])
}
