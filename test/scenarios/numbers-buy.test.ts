import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedWithInventory } from '../support/inventory.ts'
import { ACCOUNT_SID, openTestHouse, type TestHouse } from '../support/test-house.ts'
import { clientOf, SDKS, type TwilioClient } from '../support/twilio-sdk.ts'

describe.each(SDKS)('a program that buys numbers with %s', (_name, sdk) => {
  let house: TestHouse
  let client: TwilioClient

  beforeAll(async () => {
    house = await openTestHouse(seedWithInventory([{ number: '+15550001000' }]))
    client = clientOf(sdk, house)
  })
  afterAll(() => house.close())

  const local = () => client.availablePhoneNumbers('US').local
  const numbersOf = (found: { phoneNumber: string }[]) => found.map(each => each.phoneNumber)

  it('sees in which countries there are numbers, and of which kinds', async () => {
    const countries = await client.availablePhoneNumbers.list()
    expect(countries.map(each => [each.countryCode, each.country, Object.keys(each.subresourceUris)])).toEqual([
      ['GB', 'United Kingdom', ['mobile', 'national', 'voip', 'shared_cost', 'machine_to_machine']],
      ['US', 'United States', ['local', 'toll_free']],
    ])
    expect((await client.availablePhoneNumbers('GB').fetch()).country).toBe('United Kingdom')
    await expect(client.availablePhoneNumbers('FR').local.list()).rejects.toMatchObject({ status: 404, code: 20404 })
    await expect(client.availablePhoneNumbers('XX').fetch()).rejects.toMatchObject({ status: 404, code: 20404 })
  })

  it('finds numbers by area, pattern, ability, place and address', async () => {
    expect(numbersOf(await local().list({ areaCode: 510 }))).toEqual(['+15105550101', '+15105550102'])
    expect(numbersOf(await local().list({ contains: '212555****' }))).toHaveLength(3)
    expect(numbersOf(await local().list({ contains: '212JKL0103' }))).toEqual(['+12125550103'])
    expect(numbersOf(await local().list({ voiceEnabled: true }))).toEqual(['+15105550101'])
    expect(numbersOf(await local().list({ mmsEnabled: false }))).toEqual(['+12125550103'])
    expect(numbersOf(await local().list({ inRegion: 'ca', beta: false }))).toEqual(['+15105550101'])
    expect(numbersOf(await local().list({ inLocality: 'Berkeley' }))).toEqual(['+15105550102'])
    expect(numbersOf(await local().list({ inPostalCode: '94612', inLata: '722', inRateCenter: 'OAKLAND' }))).toEqual([
      '+15105550101',
    ])
    expect(numbersOf(await local().list({ inRegion: 'NY', excludeAllAddressRequired: true }))).toEqual(['+12125550103'])
    expect(numbersOf(await local().list({ inRegion: 'NY', excludeLocalAddressRequired: true }))).toEqual([
      '+12125550103',
      '+12125550105',
    ])
    expect(numbersOf(await local().list({ limit: 2 }))).toHaveLength(2)
  })

  it('finds numbers near a place and near a number, nearest first', async () => {
    expect(numbersOf(await local().list({ nearLatLong: '37.86,-122.27' }))).toEqual(['+15105550102', '+15105550101'])
    expect(numbersOf(await local().list({ nearLatLong: '37.86,-122.27', distance: 1 }))).toEqual(['+15105550102'])
    expect(numbersOf(await local().list({ nearNumber: '+12125550103' }))).toEqual(['+12125550103'])
    expect(numbersOf(await local().list({ nearNumber: '+12125559999' }))).toHaveLength(3)
    await expect(local().list({ nearLatLong: 'here' })).rejects.toMatchObject({ status: 400, code: 20001 })
    await expect(local().list({ contains: '5' })).rejects.toMatchObject({ status: 400, code: 20001 })
  })

  it('takes a number whose plus sign was not escaped, as everywhere', async () => {
    const near = `/2010-04-01/Accounts/${ACCOUNT_SID}/AvailablePhoneNumbers/US/Local.json?NearNumber=+12125550103`
    expect(await house.ask('GET', near)).toMatchObject({
      status: 200,
      body: { available_phone_numbers: [{ phone_number: '+12125550103' }] },
    })
    const path = `/2010-04-01/Accounts/${ACCOUNT_SID}/IncomingPhoneNumbers.json`
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const bought = await house.ask('POST', path, 'PhoneNumber=+12125550103', form)
    expect(bought).toMatchObject({ status: 201, body: { phone_number: '+12125550103' } })
    await client.incomingPhoneNumbers(bought.body.sid).remove()
  })

  it('shows a number as it can be had', async () => {
    const [found] = await local().list({ areaCode: 510, voiceEnabled: true })
    expect(found).toMatchObject({
      friendlyName: '(510) 555-0101',
      isoCountry: 'US',
      region: 'CA',
      locality: 'Oakland',
      addressRequirements: 'none',
      beta: false,
      capabilities: { voice: true, sms: true, mms: true, fax: false },
    })
  })

  it('buys a number by its name, which then is gone from the shop and can be texted', async () => {
    const bought = await client.incomingPhoneNumbers.create({
      phoneNumber: '+12125550104',
      smsUrl: 'http://127.0.0.1:9/',
    })
    expect(bought).toMatchObject({
      accountSid: ACCOUNT_SID,
      phoneNumber: '+12125550104',
      friendlyName: '(212) 555-0104',
      smsUrl: 'http://127.0.0.1:9/',
      smsMethod: 'POST',
      smsFallbackUrl: '',
      smsApplicationSid: '',
      statusCallback: '',
      voiceUrl: '',
      origin: 'twilio',
      status: 'in-use',
      addressRequirements: 'local',
      capabilities: { voice: false, sms: true, mms: true, fax: false },
    })
    expect(bought.sid).toMatch(/^PN[0-9a-f]{32}$/)
    expect(numbersOf(await local().list())).not.toContain('+12125550104')
    expect(await house.text('+15557770001', '+12125550104', 'hello')).toMatch(/^SM/)
    await expect(client.incomingPhoneNumbers.create({ phoneNumber: '+12125550104' })).rejects.toMatchObject({
      status: 400,
      code: 21422,
    })
  })

  it('buys whatever an area has, until it has no more', async () => {
    const first = await client.incomingPhoneNumbers.create({ areaCode: '510', friendlyName: 'East Bay' })
    const second = await client.incomingPhoneNumbers.create({ areaCode: '510' })
    expect([first.phoneNumber, second.phoneNumber]).toEqual(['+15105550101', '+15105550102'])
    expect([first.friendlyName, first.beta, second.beta]).toEqual(['East Bay', false, true])
    await expect(client.incomingPhoneNumbers.create({ areaCode: '510' })).rejects.toMatchObject({
      status: 400,
      code: 21452,
    })
  })

  it('buys of a kind and lists by kind', async () => {
    await client.incomingPhoneNumbers.mobile.create({ phoneNumber: '+447700900107' })
    await client.incomingPhoneNumbers.tollFree.create({ phoneNumber: '+18005550106' })
    await expect(client.incomingPhoneNumbers.local.create({ phoneNumber: '+447700900112' })).rejects.toMatchObject({
      code: 21422,
    })
    expect(numbersOf(await client.incomingPhoneNumbers.mobile.list())).toEqual(['+447700900107'])
    expect(numbersOf(await client.incomingPhoneNumbers.tollFree.list())).toEqual(['+18005550106'])
    expect(numbersOf(await client.incomingPhoneNumbers.local.list())).toContain('+15105550101')
    expect(numbersOf(await client.incomingPhoneNumbers.local.list())).not.toContain('+18005550106')
  })

  it('lists what it has, newest first, also by page and filter', async () => {
    const all = await client.incomingPhoneNumbers.list({ pageSize: 2 })
    expect(all.length).toBeGreaterThanOrEqual(6)
    expect(all[0]?.phoneNumber).toBe('+18005550106')
    expect(all.at(-1)?.phoneNumber).toBe('+15550001000')
    expect(numbersOf(await client.incomingPhoneNumbers.list({ friendlyName: 'East Bay' }))).toEqual(['+15105550101'])
    expect(numbersOf(await client.incomingPhoneNumbers.list({ phoneNumber: '510555010*' }))).toHaveLength(2)
    expect(numbersOf(await client.incomingPhoneNumbers.list({ phoneNumber: '+15550001000' }))).toEqual(['+15550001000'])
    expect(numbersOf(await client.incomingPhoneNumbers.list({ beta: false }))).not.toContain('+15105550102')
    expect(await client.incomingPhoneNumbers.list({ origin: 'hosted' })).toEqual([])

    const first = await client.incomingPhoneNumbers.page({ pageSize: 2 })
    const second = await first.nextPage()
    expect(second?.instances).toHaveLength(2)
    expect((await second?.previousPage())?.instances.map(each => each.sid)).toEqual(
      first.instances.map(each => each.sid),
    )
  })

  it('gives a number to only one of many buyers', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () => client.incomingPhoneNumbers.create({ phoneNumber: '+12125550105' })),
    )
    expect(tries.filter(each => each.status === 'fulfilled')).toHaveLength(1)
    for (const each of tries) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 21422 })
  })
})

describe('a number that cannot be bought or set up', () => {
  let house: TestHouse
  const numbers = `/2010-04-01/Accounts/${ACCOUNT_SID}/IncomingPhoneNumbers`

  beforeAll(async () => {
    house = await openTestHouse(seedWithInventory([{ number: '+15550001000', sid: `PN${'1'.repeat(32)}` }]))
  })
  afterAll(() => house.close())

  const LONG_NAME = `FriendlyName=${'n'.repeat(65)}`
  const own = `${numbers}/PN${'1'.repeat(32)}.json`
  const unknown = `${numbers}/PN${'2'.repeat(32)}.json`

  it.each([
    ['POST', `${numbers}.json`, 'PhoneNumber=nonsense', 400, 21421],
    ['POST', `${numbers}.json`, '', 400, 21421],
    ['POST', `${numbers}/Local.json`, 'AreaCode=510', 400, 21421],
    ['POST', `${numbers}.json`, 'PhoneNumber=%2B15559990000', 400, 21422],
    ['POST', `${numbers}.json`, 'PhoneNumber=%2B15550001000', 400, 21422],
    ['POST', `${numbers}.json`, 'AreaCode=51', 400, 21451],
    ['POST', `${numbers}.json`, 'AreaCode=051', 400, 21451],
    ['POST', `${numbers}.json`, 'AreaCode=907', 400, 21452],
    ['POST', `${numbers}.json`, 'PhoneNumber=%2B15105550101&SmsUrl=nonsense', 400, 21402],
    ['POST', own, 'SmsUrl=ftp://example.com/', 400, 21402],
    ['POST', own, 'StatusCallback=example.com', 400, 21402],
    ['POST', own, 'SmsMethod=PUT', 400, 21403],
    ['POST', own, 'VoiceFallbackMethod=PATCH', 400, 21403],
    ['POST', own, 'SmsFallbackUrl=http://example.com/', 400, 21406],
    ['POST', own, 'VoiceFallbackUrl=http://example.com/', 400, 21405],
    ['POST', own, `SmsApplicationSid=AP${'1'.repeat(32)}`, 400, 21420],
    ['POST', own, `AccountSid=AC${'9'.repeat(32)}`, 400, 20001],
    ['POST', own, 'AddressSid=nonsense', 400, 20001],
    ['POST', own, LONG_NAME, 400, 20001],
    ['POST', numbers.replace('IncomingPhoneNumbers', 'Keys.json'), LONG_NAME, 400, 20001],
    ['POST', numbers.replace('IncomingPhoneNumbers', 'Applications.json'), LONG_NAME, 400, 20001],
    ['POST', '/2010-04-01/Accounts.json', LONG_NAME, 400, 20001],
    ['GET', `${numbers}.json?PhoneNumber=!`, undefined, 400, 21421],
    ['GET', unknown, undefined, 404, 20404],
    ['POST', unknown, 'FriendlyName=x', 404, 20404],
    ['DELETE', unknown, undefined, 404, 20404],
    ['GET', `${numbers}/nonsense.json`, undefined, 404, 20404],
    ['PUT', own, 'FriendlyName=x', 405, 20004],
    ['DELETE', `${numbers}.json`, undefined, 405, 20004],
  ])('%s %s with %s: %i, %i', async (method, path, form, status, code) => {
    const answer = await house.ask(method, path, form === undefined ? undefined : new URLSearchParams(form))
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(answer.body).toMatchObject({ status, more_info: `https://www.twilio.com/docs/errors/${code}` })
  })

  it('is as it was', async () => {
    const { body } = await house.ask('GET', `${numbers}.json`)
    expect(body.incoming_phone_numbers).toHaveLength(1)
    expect(body.incoming_phone_numbers[0]).toMatchObject({ sms_url: '', voice_url: '', sms_method: 'POST' })
  })
})
