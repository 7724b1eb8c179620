import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedWithInventory } from '../support/inventory.ts'
import { openTestHouse, type TestHouse } from '../support/test-house.ts'
import { clientOf, SDKS, type TwilioClient } from '../support/twilio-sdk.ts'

const PERSON = '+15557770001'

describe.each(SDKS)('a program that gives numbers up with %s', (_name, sdk) => {
  let house: TestHouse
  let client: TwilioClient

  beforeAll(async () => {
    house = await openTestHouse(seedWithInventory())
    client = clientOf(sdk, house)
  })
  afterAll(() => house.close())

  const textTo = (to: string, body = 'hello', headers = {}) =>
    house.ask('POST', '/simulator/messages', { from: PERSON, to, body }, headers)

  it('releases a number: nobody is reached there, its log stays, and it can be bought again', async () => {
    const number = await client.incomingPhoneNumbers.create({ phoneNumber: '+12125550103' })
    const text = await house.text(PERSON, '+12125550103', 'before')
    expect(await client.incomingPhoneNumbers(number.sid).remove()).toBe(true)

    await expect(client.incomingPhoneNumbers(number.sid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 })
    await expect(client.incomingPhoneNumbers(number.sid).remove()).rejects.toMatchObject({ code: 20404 })
    expect(await client.incomingPhoneNumbers.list()).toEqual([])
    expect((await textTo('+12125550103')).status).toBe(404)
    expect((await client.messages(text).fetch()).body).toBe('before')

    const again = await client.incomingPhoneNumbers.create({ phoneNumber: '+12125550103' })
    expect(again.sid).not.toBe(number.sid)
    expect((await textTo('+12125550103')).status).toBe(201)
  })

  it('passes a number to a subaccount and takes it back: its texts follow at once, under the same SID', async () => {
    const child = await client.api.v2010.accounts.create({ friendlyName: 'Child' })
    const childClient = clientOf(sdk, house, [child.sid, child.authToken])
    const number = await client.incomingPhoneNumbers.create({ phoneNumber: '+12125550104', friendlyName: 'Shared' })
    await textTo('+12125550104')

    const moved = await client.incomingPhoneNumbers(number.sid).update({ accountSid: child.sid })
    expect(moved).toMatchObject({ sid: number.sid, accountSid: child.sid, friendlyName: 'Shared' })
    expect((await childClient.incomingPhoneNumbers.list()).map(each => each.sid)).toEqual([number.sid])
    await expect(client.incomingPhoneNumbers(number.sid).fetch()).rejects.toMatchObject({ code: 20404 })
    const asChild = { authorization: `Basic ${Buffer.from(`${child.sid}:${child.authToken}`).toString('base64')}` }
    expect((await textTo('+12125550104', 'to the child', asChild)).status).toBe(201)
    expect((await childClient.messages.list()).map(each => each.body)).toEqual(['to the child'])

    await client.api.v2010
      .accounts(child.sid)
      .incomingPhoneNumbers(number.sid)
      .update({ accountSid: number.accountSid })
    expect((await client.incomingPhoneNumbers(number.sid).fetch()).friendlyName).toBe('Shared')
    expect(await childClient.incomingPhoneNumbers.list()).toEqual([])
    expect((await textTo('+12125550104')).status).toBe(201)
  })

  it('still hears how its texts fared, whoever has their number by then', async () => {
    const child = await client.api.v2010.accounts.create({ friendlyName: 'Heir' })
    const childClient = clientOf(sdk, house, [child.sid, child.authToken])
    const number = await client.incomingPhoneNumbers.create({ phoneNumber: '+12125550105' })
    const send = async (by: TwilioClient, body: string) => {
      const sent = await by.messages.create({ from: '+12125550105', to: PERSON, body })
      await house.house.settled()
      return sent.sid
    }
    const statusOf = async (by: TwilioClient, sid: string) => (await by.messages(sid).fetch()).status
    await house.ask('PUT', '/simulator/faults', { number: PERSON, delay: 'PT10M' })

    const ours = await send(client, 'ours')
    await client.incomingPhoneNumbers(number.sid).update({ accountSid: child.sid })
    const theirs = await send(childClient, 'theirs')
    expect(await statusOf(client, ours)).not.toBe('delivered')
    await house.advance('PT11M')
    await expect.poll(() => statusOf(client, ours)).toBe('delivered')
    await expect.poll(() => statusOf(childClient, theirs)).toBe('delivered')

    await house.ask('PUT', '/simulator/faults', { number: PERSON, delay: 'PT10M' })
    const last = await send(childClient, 'last')
    await childClient.incomingPhoneNumbers(number.sid).remove()
    await house.advance('PT11M')
    await expect.poll(() => statusOf(childClient, last)).toBe('delivered')
    await house.ask('DELETE', '/simulator/faults')
  })

  it('sends nothing more from a number that it gave up, whoever has that by then', async () => {
    const child = await client.api.v2010.accounts.create({ friendlyName: 'Next' })
    const number = await client.incomingPhoneNumbers.create({ phoneNumber: '+447700900112' })
    const waiting = '+15557770077'
    await house.ask('PUT', '/simulator/faults', { number: waiting, retry: { after: 'PT30M', times: 1 } })
    const { sid } = await client.messages.create({ from: '+447700900112', to: waiting, body: 'late' })
    await house.house.settled()
    await client.incomingPhoneNumbers(number.sid).remove()
    await client.api.v2010.accounts(child.sid).incomingPhoneNumbers.create({ phoneNumber: '+447700900112' })

    await house.advance('PT31M')
    await expect
      .poll(async () => (await client.messages(sid).fetch()) as object)
      .toMatchObject({ status: 'failed', errorCode: 21606 })
    await house.ask('DELETE', '/simulator/faults')
  })

  it('cannot pass a number to a stranger, nor take one that is not there', async () => {
    const number = await client.incomingPhoneNumbers.create({ phoneNumber: '+12125550105' })
    for (const accountSid of [`AC${'9'.repeat(32)}`, 'nonsense']) {
      await expect(client.incomingPhoneNumbers(number.sid).update({ accountSid })).rejects.toMatchObject({
        status: 400,
        code: 20001,
      })
    }
    expect((await client.incomingPhoneNumbers(number.sid).fetch()).accountSid).toBe(number.accountSid)
  })

  it('lets subaccounts buy from what their parent may buy', async () => {
    const child = await client.api.v2010.accounts.create({ friendlyName: 'Buyer' })
    const childClient = clientOf(sdk, house, [child.sid, child.authToken])
    expect(await childClient.availablePhoneNumbers('US').local.list({ areaCode: 510 })).toHaveLength(2)
    const bought = await childClient.incomingPhoneNumbers.create({ phoneNumber: '+15105550101' })
    expect(bought.accountSid).toBe(child.sid)
    expect(await client.availablePhoneNumbers('US').local.list({ areaCode: 510 })).toHaveLength(1)
  })
})

describe('a number that holds conversations', () => {
  let house: TestHouse
  let client: TwilioClient

  beforeAll(async () => {
    house = await openTestHouse(seedWithInventory())
    client = clientOf(SDKS[0][1], house)
  })
  afterAll(() => house.close())

  /** More than one act closes. */
  const MANY = 130
  const personAt = (index: number) => `+1555888${String(index).padStart(4, '0')}`

  it('closes all of them when it is released, and leaves those of other numbers alone', async () => {
    const doomed = await client.incomingPhoneNumbers.create({ phoneNumber: '+12125550103' })
    const other = await client.incomingPhoneNumbers.create({ phoneNumber: '+12125550104' })
    const open = async (person: string, proxyAddress: string) => {
      const { sid } = await client.conversations.v1.conversations.create()
      const binding = { 'messagingBinding.address': person, 'messagingBinding.proxyAddress': proxyAddress }
      await client.conversations.v1.conversations(sid).participants.create(binding)
      return sid
    }
    const sids = await Promise.all(
      Array.from({ length: MANY }, (_, index) => open(personAt(index), doomed.phoneNumber)),
    )
    const spared = await open(personAt(0), other.phoneNumber)

    expect(await client.incomingPhoneNumbers(doomed.sid).remove()).toBe(true)
    const states = await Promise.all(
      sids.map(async sid => (await client.conversations.v1.conversations(sid).fetch()).state),
    )
    expect(new Set(states)).toEqual(new Set(['closed']))
    expect((await client.conversations.v1.conversations(spared).fetch()).state).toBe('active')

    const again = await client.incomingPhoneNumbers.create({ phoneNumber: '+12125550103' })
    const reopened = await open(personAt(0), again.phoneNumber)
    expect((await client.conversations.v1.conversations(reopened).fetch()).state).toBe('active')
  })
})

describe('a number of a pool', () => {
  let house: TestHouse
  const NUMBERS = ['+15550003001', '+15550003002']

  beforeAll(async () => {
    const seed = seedWithInventory(NUMBERS.map(number => ({ number })))
    for (const account of seed.accounts) account.pools = [{ name: 'Threads', numbers: NUMBERS }]
    house = await openTestHouse(seed)
  })
  afterAll(() => house.close())

  it('leaves the pool when it is released: its threads close, and the person is served from another', async () => {
    const client = clientOf(SDKS[0][1], house)
    const open = () => house.ask('POST', '/v1/threads', { pool: 'Threads', to: PERSON, body: 'hello' })
    const first = await open()
    expect([first.status, first.body.number]).toEqual([201, NUMBERS[0]])

    const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: NUMBERS[0] ?? '' })
    expect(await client.incomingPhoneNumbers(number?.sid ?? '').remove()).toBe(true)
    const pool = await house.ask('GET', '/v1/pools/Threads/numbers')
    expect(pool.body.records.map((each: { number: string }) => each.number)).toEqual([NUMBERS[1]])
    const { body } = await house.ask('GET', `/v1/threads/${first.body.sid}`)
    expect(body).toMatchObject({ state: 'closed', closedReason: 'owner_number_deleted' })

    const second = await open()
    expect([second.status, second.body.number]).toEqual([201, NUMBERS[1]])
  })
})
