import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createChild } from '../../server/core/accounts/create-account.ts'
import { updateAccount } from '../../server/core/accounts/update-account.ts'
import { uuidOfSid } from '../../server/domain/ids.ts'
import { findAccount } from '../../server/store/accounts.ts'
import { seedWithInventory } from '../support/inventory.ts'
import { ACCOUNT_SID, AUTH_TOKEN, openTestHouse, type TestHouse } from '../support/test-house.ts'
import { clientOf, SDKS, type TwilioClient } from '../support/twilio-sdk.ts'

const NUMBER = '+15550001000'
const PERSON = '+15557770001'

describe.each(SDKS)('an account managed with %s', (_name, sdk) => {
  let house: TestHouse
  let client: TwilioClient

  beforeAll(async () => {
    house = await openTestHouse(seedWithInventory([{ number: NUMBER }]))
    client = clientOf(sdk, house)
  })
  afterAll(() => house.close())

  it('reads itself with its token, balance and relay tokens', async () => {
    expect(await client.api.v2010.accounts(ACCOUNT_SID).fetch()).toMatchObject({
      sid: ACCOUNT_SID,
      ownerAccountSid: ACCOUNT_SID,
      authToken: AUTH_TOKEN,
      friendlyName: 'Test',
      status: 'active',
      type: 'Full',
    })
    expect(await client.balance.fetch()).toMatchObject({ accountSid: ACCOUNT_SID, balance: '0.00', currency: 'USD' })
    const token = await client.tokens.create({ ttl: 60 })
    expect(token).toMatchObject({ accountSid: ACCOUNT_SID, ttl: '60', iceServers: [] })
    expect(token.username).toMatch(/^[0-9a-f]{32}$/)
  })

  it('makes children, which work by themselves and are seen by nobody else', async () => {
    const child = await client.api.v2010.accounts.create({ friendlyName: 'Child' })
    expect(child).toMatchObject({ friendlyName: 'Child', ownerAccountSid: ACCOUNT_SID, status: 'active' })
    expect(child.authToken).toMatch(/^[0-9a-f]{32}$/)
    const unnamed = await client.api.v2010.accounts.create()
    expect(unnamed.friendlyName).toMatch(/^SubAccount Created at /)

    const family = await client.api.v2010.accounts.list()
    expect(family.map(each => each.sid)).toEqual([unnamed.sid, child.sid, ACCOUNT_SID])
    expect((await client.api.v2010.accounts.list({ friendlyName: 'Child' })).map(each => each.sid)).toEqual([child.sid])
    expect(await client.api.v2010.accounts.list({ status: 'closed' })).toEqual([])
    expect(await client.api.v2010.accounts.list({ pageSize: 1 })).toHaveLength(3)

    const childClient = clientOf(sdk, house, [child.sid, child.authToken])
    expect((await childClient.api.v2010.accounts.list()).map(each => each.sid)).toEqual([child.sid])
    expect(await childClient.messages.list()).toEqual([])
    await expect(childClient.api.v2010.accounts(ACCOUNT_SID).fetch()).rejects.toMatchObject({
      status: 401,
      code: 20003,
    })
    await expect(childClient.api.v2010.accounts(unnamed.sid).fetch()).rejects.toMatchObject({ code: 20003 })
    await expect(childClient.api.v2010.accounts.create()).rejects.toMatchObject({ status: 403, code: 20006 })
    await expect(client.api.v2010.accounts(ACCOUNT_SID).update({ status: 'closed' })).rejects.toMatchObject({
      code: 20006,
    })
    await client.api.v2010.accounts(ACCOUNT_SID).update({ friendlyName: 'Renamed' })
    expect((await client.api.v2010.accounts(ACCOUNT_SID).fetch()).friendlyName).toBe('Renamed')
  })

  it('suspends a child: it is refused at once, its inbound texts are kept, its waiting ones fail', async () => {
    const child = await client.api.v2010.accounts.create({ friendlyName: 'Naughty' })
    const childClient = clientOf(sdk, house, [child.sid, child.authToken])
    const { phoneNumber } = await childClient.incomingPhoneNumbers.create({
      phoneNumber: '+15105550101',
      smsUrl: 'http://127.0.0.1:9/never-called',
    })
    const authorization = `Basic ${Buffer.from(`${child.sid}:${child.authToken}`).toString('base64')}`
    const askAsChild = (method: string, path: string, body: unknown) => house.ask(method, path, body, { authorization })
    await askAsChild('PUT', '/simulator/faults', { number: phoneNumber, retry: { after: 'PT1H' }, delay: 'PT10M' })
    const waiting = await childClient.messages.create({ from: phoneNumber, to: PERSON, body: 'waiting' })
    await house.house.settled()
    await askAsChild('POST', '/simulator/messages', { from: PERSON, to: phoneNumber, body: 'on its way' })

    await client.api.v2010.accounts(child.sid).update({ status: 'suspended' })
    await expect(childClient.messages.create({ from: phoneNumber, to: PERSON, body: 'no' })).rejects.toMatchObject({
      status: 401,
      code: 20005,
    })
    await expect(childClient.api.v2010.accounts(child.sid).fetch()).rejects.toMatchObject({ code: 20005 })
    await expect(client.api.v2010.accounts(child.sid).messages.list()).rejects.toMatchObject({ code: 20005 })
    expect((await client.api.v2010.accounts(child.sid).fetch()).status).toBe('suspended')
    expect((await client.api.v2010.accounts.list({ status: 'suspended' })).map(each => each.sid)).toEqual([child.sid])
    await house.advance('PT2H')
    await house.house.settled()

    await client.api.v2010.accounts(child.sid).update({ status: 'active' })
    expect((await childClient.messages.list()).map(each => [each.body, each.status, each.errorCode])).toEqual([
      ['on its way', 'received', null],
      ['waiting', 'failed', 30002],
    ])
    expect((await childClient.messages(waiting.sid).fetch()).errorMessage).toBe('Account suspended')
    const calls = await askAsChild('GET', '/v1/calls', undefined)
    expect(calls.body.records).toEqual([])
  })

  it('suspends a child whose numbers a service has: neither its app nor the reply URL of a thread is told', async () => {
    const child = await client.api.v2010.accounts.create({ friendlyName: 'Served' })
    const childClient = clientOf(sdk, house, [child.sid, child.authToken])
    const authorization = `Basic ${Buffer.from(`${child.sid}:${child.authToken}`).toString('base64')}`
    const askAsChild = (method: string, path: string, body?: unknown) =>
      house.ask(method, path, body, { authorization })
    const number = await childClient.incomingPhoneNumbers.create({ phoneNumber: '+15105550102' })
    const service = await childClient.messaging.v1.services.create({
      friendlyName: 'Pool',
      inboundRequestUrl: 'http://127.0.0.1:9/never-called',
      useInboundWebhookOnNumber: false,
    })
    await childClient.messaging.v1.services(service.sid).phoneNumbers.create({ phoneNumberSid: number.sid })
    const asked = { pool: 'Pool', to: PERSON, body: 'Well?', replyUrl: 'http://127.0.0.1:9/never-called-either' }
    expect(await askAsChild('POST', '/v1/threads', asked)).toMatchObject({ status: 201 })

    await house.house.settled()
    const textBy = (from: string) =>
      askAsChild('POST', '/simulator/messages', { from, to: number.phoneNumber, body: 'Well.' })
    await askAsChild('PUT', '/simulator/faults', { number: number.phoneNumber, delay: 'PT10M' })
    for (const from of [PERSON, '+15557770002']) await textBy(from)

    await client.api.v2010.accounts(child.sid).update({ status: 'suspended' })
    await house.advance('PT1H')
    await house.house.settled()

    await client.api.v2010.accounts(child.sid).update({ status: 'active' })
    expect(await childClient.messages.list({ to: number.phoneNumber })).toHaveLength(2)
    expect((await askAsChild('GET', '/v1/calls')).body.records).toEqual([])
    await askAsChild('PUT', '/simulator/faults', { number: number.phoneNumber })
    await textBy(PERSON)
    await house.house.settled()
    const urls = (await askAsChild('GET', '/v1/calls')).body.records.map((call: { url: string }) => call.url)
    expect(urls.sort()).toEqual(['http://127.0.0.1:9/never-called', 'http://127.0.0.1:9/never-called-either'])
  })

  it('suspends a child that masks persons: the app of its service is not asked', async () => {
    const child = await client.api.v2010.accounts.create({ friendlyName: 'Masked' })
    const childClient = clientOf(sdk, house, [child.sid, child.authToken])
    const authorization = `Basic ${Buffer.from(`${child.sid}:${child.authToken}`).toString('base64')}`
    const askAsChild = (method: string, path: string, body?: unknown) =>
      house.ask(method, path, body, { authorization })
    const [phoneNumber, from, to] = ['+447700900107', '+447700900201', '+447700900202']
    await childClient.incomingPhoneNumbers.create({ phoneNumber })
    const interceptCallbackUrl = 'http://127.0.0.1:9/never-called'
    const { sid } = await childClient.proxy.v1.services.create({ uniqueName: 'Masks', interceptCallbackUrl })
    const service = childClient.proxy.v1.services(sid)
    await service.phoneNumbers.create({ phoneNumber })
    const session = service.sessions((await service.sessions.create()).sid)
    for (const identifier of [from, to]) await session.participants.create({ identifier })
    await askAsChild('PUT', '/simulator/faults', { number: phoneNumber, delay: 'PT10M' })
    await askAsChild('POST', '/simulator/messages', { from, to: phoneNumber, body: 'Hello' })

    await client.api.v2010.accounts(child.sid).update({ status: 'suspended' })
    await house.advance('PT1H')
    await house.house.settled()

    await client.api.v2010.accounts(child.sid).update({ status: 'active' })
    expect((await askAsChild('GET', '/v1/calls')).body.records).toEqual([])
    const [interaction] = await session.interactions.list()
    expect(interaction).toMatchObject({ inboundResourceStatus: 'received', outboundResourceStatus: 'failed' })
  })

  it('closes a child for good: it is refused, and its numbers are free again', async () => {
    const child = await client.api.v2010.accounts.create({ friendlyName: 'Gone' })
    const childClient = clientOf(sdk, house, [child.sid, child.authToken])
    const key = await childClient.newKeys.create()
    const keyClient = clientOf(sdk, house, [key.sid, key.secret, { accountSid: child.sid }])
    await childClient.incomingPhoneNumbers.create({ phoneNumber: '+12125550103' })
    expect(await keyClient.incomingPhoneNumbers.list()).toHaveLength(1)

    expect((await client.api.v2010.accounts(child.sid).update({ status: 'closed' })).status).toBe('closed')
    await expect(childClient.messages.list()).rejects.toMatchObject({ status: 401, code: 20003 })
    await expect(keyClient.messages.list()).rejects.toMatchObject({ status: 401, code: 20003 })
    await expect(client.api.v2010.accounts(child.sid).messages.list()).rejects.toMatchObject({ status: 401 })
    await expect(client.api.v2010.accounts(child.sid).update({ status: 'active' })).rejects.toMatchObject({
      status: 400,
    })
    expect((await client.api.v2010.accounts.list({ status: 'closed' })).map(each => each.sid)).toEqual([child.sid])
    expect((await client.incomingPhoneNumbers.create({ phoneNumber: '+12125550103' })).accountSid).toBe(ACCOUNT_SID)
  })

  it('finds every child of a list of which some close while it is read', async () => {
    const names = ['one', 'two', 'three', 'four', 'five']
    for (const friendlyName of names) await client.api.v2010.accounts.create({ friendlyName })
    const close = (sid: string) => client.api.v2010.accounts(sid).update({ status: 'closed' })
    const before = await client.api.v2010.accounts.list({ status: 'active' })
    const first = await client.api.v2010.accounts.page({ status: 'active', pageSize: 2 })
    const seen = [...first.instances]
    for (const { sid } of first.instances) await close(sid)
    let page = await first.nextPage()
    for (; page; page = await page.nextPage()) seen.push(...page.instances)
    expect(seen.map(each => each.sid)).toEqual(before.map(each => each.sid))
    for (const { sid } of before.slice(2, names.length)) await close(sid)
  })

  it('keeps no number of a child that closes while it buys', async () => {
    const free = async () => (await client.availablePhoneNumbers('GB').mobile.list()).map(each => each.phoneNumber)
    const before = await free()
    for (let round = 0; round < 5; round++) {
      const child = await client.api.v2010.accounts.create()
      const childClient = clientOf(sdk, house, [child.sid, child.authToken])
      const buying = before.map(phoneNumber => childClient.incomingPhoneNumbers.create({ phoneNumber }))
      await Promise.allSettled([...buying, client.api.v2010.accounts(child.sid).update({ status: 'closed' })])
      expect((await client.api.v2010.accounts(child.sid).fetch()).status).toBe('closed')
      expect(await free()).toEqual(before)
    }
  })

  it('makes no child that works while it is suspended itself', async () => {
    const parentId = uuidOfSid('AC', ACCOUNT_SID) ?? ''
    const { core } = house.house
    await updateAccount(core, parentId, { status: 'suspended' })
    // As one that was let in before.
    const { accountId } = await createChild(core, parentId, 'Late')
    const statusOf = async () => (await findAccount(core.db, accountId))?.status
    expect(await statusOf()).toBe('suspended')
    await updateAccount(core, parentId, { status: 'active' })
    expect(await statusOf()).toBe('active')
  })

  it('makes API keys, which work until they are deleted, and tells their secrets once', async () => {
    const key = await client.newKeys.create({ friendlyName: 'Server' })
    expect(key.sid).toMatch(/^SK[0-9a-f]{32}$/)
    const keyClient = clientOf(sdk, house, [key.sid, key.secret, { accountSid: ACCOUNT_SID }])
    expect(await keyClient.incomingPhoneNumbers.list()).not.toEqual([])

    expect(await client.keys(key.sid).fetch()).not.toHaveProperty('secret')
    expect((await client.keys(key.sid).update({ friendlyName: 'Renamed' })).friendlyName).toBe('Renamed')
    expect((await client.signingKeys(key.sid).fetch()).friendlyName).toBe('Renamed')
    expect((await client.keys.list()).map(each => each.sid)).toContain(key.sid)

    expect(await client.keys(key.sid).remove()).toBe(true)
    await expect(keyClient.incomingPhoneNumbers.list()).rejects.toMatchObject({ status: 401, code: 20003 })
    await expect(client.keys(key.sid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 })
    expect((await client.keys.list()).map(each => each.sid)).not.toContain(key.sid)
  })

  it('lets no API key manage accounts or keys', async () => {
    const key = await client.newSigningKeys.create({ friendlyName: 'Signing' })
    const keyClient = clientOf(sdk, house, [key.sid, key.secret, { accountSid: ACCOUNT_SID }])
    const tries: (() => Promise<unknown>)[] = [
      () => keyClient.api.v2010.accounts(ACCOUNT_SID).fetch(),
      () => keyClient.api.v2010.accounts.list(),
      () => keyClient.api.v2010.accounts.create(),
      () => keyClient.api.v2010.accounts(ACCOUNT_SID).update({ friendlyName: 'x' }),
      () => keyClient.keys.list(),
      () => keyClient.newKeys.create(),
      () => keyClient.keys(key.sid).fetch(),
      () => keyClient.signingKeys(key.sid).remove(),
    ]
    for (const each of tries) await expect(each()).rejects.toMatchObject({ status: 401, code: 20003 })
    expect(await client.signingKeys(key.sid).remove()).toBe(true)
  })

  it('makes, changes, lists and deletes applications', async () => {
    const told = {
      friendlyName: 'App',
      smsUrl: 'http://127.0.0.1:9/sms',
      smsMethod: 'GET',
      smsFallbackUrl: 'http://127.0.0.1:9/fallback',
      smsFallbackMethod: 'GET',
      messageStatusCallback: 'http://127.0.0.1:9/status',
      voiceUrl: 'http://127.0.0.1:9/voice',
      voiceCallerIdLookup: true,
      statusCallback: 'http://127.0.0.1:9/calls',
      publicApplicationConnectEnabled: true,
    }
    const made = await client.applications.create(told)
    expect(made).toMatchObject({ ...told, smsStatusCallback: told.messageStatusCallback, voiceMethod: 'POST' })
    await client.applications(made.sid).update({ friendlyName: 'Renamed', smsUrl: '' })
    expect(await client.applications(made.sid).fetch()).toMatchObject({
      ...told,
      friendlyName: 'Renamed',
      smsUrl: '',
    })
    expect(await client.applications.list({ friendlyName: 'Renamed' })).toHaveLength(1)
    await expect(client.applications(made.sid).update({ smsUrl: 'nonsense' })).rejects.toMatchObject({ code: 21402 })
    expect(await client.applications(made.sid).remove()).toBe(true)
    await expect(client.applications(made.sid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 })
    expect(await client.applications.list()).toEqual([])
  })
})
