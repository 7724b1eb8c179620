import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'
import { clientOf, SDKS, type TwilioClient } from '../support/twilio-sdk.ts'

const NUMBER = '+15550001000'
const SHORT_CODE = '70700'
const VOICE = 'http://127.0.0.1:9/voice'

describe.each(SDKS)('a number set up with %s', (_name, sdk) => {
  let apps: Server
  let appsUrl: string
  let house: TestHouse
  let client: TwilioClient
  const heard: string[] = []

  beforeAll(async () => {
    apps = createServer((request, response) => {
      request.resume().on('end', () => {
        heard.push(`${request.method} ${request.url?.split('?')[0]}`)
        response.writeHead(request.url === '/broken' ? 500 : 204).end()
      })
    })
    await new Promise<void>(resolve => apps.listen(0, '127.0.0.1', resolve))
    appsUrl = `http://127.0.0.1:${(apps.address() as AddressInfo).port}`
    house = await openTestHouse(seedOf([{ number: NUMBER }, { number: SHORT_CODE }]))
    client = clientOf(sdk, house)
  })
  afterAll(async () => {
    await house.close()
    await new Promise(resolve => apps.close(resolve))
  })

  const numberSid = async () => (await client.incomingPhoneNumbers.list())[0]?.sid ?? ''

  /** Which apps hear of a text. */
  async function hearersOf(to: string): Promise<string[]> {
    heard.length = 0
    await house.text('+15557770001', to, 'hello')
    await house.house.settled()
    return [...heard]
  }

  it('tells its app of texts, by its method, from the next text on', async () => {
    expect(await hearersOf(NUMBER)).toEqual([])
    const number = client.incomingPhoneNumbers(await numberSid())
    expect((await number.update({ smsUrl: `${appsUrl}/own` })).smsUrl).toBe(`${appsUrl}/own`)
    expect(await hearersOf(NUMBER)).toEqual(['POST /own'])
    await number.update({ smsMethod: 'GET' })
    expect(await hearersOf(NUMBER)).toEqual(['GET /own'])
  })

  it('goes by its application, which goes before its own URLs, until that is deleted', async () => {
    const application = await client.applications.create({ friendlyName: 'App', smsUrl: `${appsUrl}/app` })
    const number = client.incomingPhoneNumbers(await numberSid())
    await number.update({ smsApplicationSid: application.sid })
    expect((await number.fetch()).smsApplicationSid).toBe(application.sid)
    expect(await hearersOf(NUMBER)).toEqual(['POST /app'])

    await client.applications(application.sid).update({ smsUrl: `${appsUrl}/app-2`, smsMethod: 'GET' })
    expect(await hearersOf(NUMBER)).toEqual(['GET /app-2'])

    await number.update({ smsApplicationSid: '' })
    expect(await hearersOf(NUMBER)).toEqual(['GET /own'])

    await number.update({ smsApplicationSid: application.sid })
    expect(await client.applications(application.sid).remove()).toBe(true)
    expect((await number.fetch()).smsApplicationSid).toBe('')
    expect(await hearersOf(NUMBER)).toEqual(['GET /own'])
  })

  it('turns to its fallback when the app is broken', async () => {
    const number = client.incomingPhoneNumbers(await numberSid())
    await number.update({ smsUrl: `${appsUrl}/broken`, smsMethod: 'POST', smsFallbackUrl: `${appsUrl}/fallback` })
    expect(await hearersOf(NUMBER)).toEqual(['POST /broken', 'POST /fallback'])
  })

  it('tells nobody once its URL is cleared; an update that says nothing changes nothing', async () => {
    const number = client.incomingPhoneNumbers(await numberSid())
    const cleared = await number.update({ smsUrl: '', smsFallbackUrl: '' })
    expect([cleared.smsUrl, cleared.smsFallbackUrl]).toEqual(['', ''])
    expect(await hearersOf(NUMBER)).toEqual([])
    expect(await number.update()).toMatchObject({ smsUrl: '', smsMethod: 'POST', friendlyName: NUMBER })
  })

  it('keeps what it is told of calls, and shows it again', async () => {
    const number = client.incomingPhoneNumbers(await numberSid())
    const told = {
      friendlyName: 'Front desk',
      statusCallback: `${appsUrl}/status`,
      statusCallbackMethod: 'GET',
      voiceUrl: VOICE,
      voiceMethod: 'GET',
      voiceFallbackUrl: `${VOICE}/2`,
      voiceCallerIdLookup: true,
      voiceReceiveMode: 'fax' as const,
      voiceApplicationSid: `AP${'1'.repeat(32)}`,
      trunkSid: `TK${'1'.repeat(32)}`,
      emergencyStatus: 'Active' as const,
      emergencyAddressSid: `AD${'1'.repeat(32)}`,
      addressSid: `AD${'2'.repeat(32)}`,
      identitySid: `RI${'1'.repeat(32)}`,
      bundleSid: `BU${'1'.repeat(32)}`,
    }
    await number.update(told)
    expect(await number.fetch()).toMatchObject(told)
    expect(await number.update({ voiceUrl: '', trunkSid: '' })).toMatchObject({ voiceUrl: '', trunkSid: null })
  })

  it('may be a short code, with a resource of its own', async () => {
    const [shortCode] = await client.shortCodes.list()
    expect(shortCode).toMatchObject({ shortCode: SHORT_CODE, smsUrl: '', smsMethod: 'POST' })
    const sid = shortCode?.sid ?? ''
    expect(sid).toMatch(/^SC[0-9a-f]{32}$/)
    await client.shortCodes(sid).update({ smsUrl: `${appsUrl}/short`, friendlyName: 'Votes' })
    expect(await client.shortCodes(sid).fetch()).toMatchObject({ friendlyName: 'Votes', smsUrl: `${appsUrl}/short` })
    expect(await hearersOf(SHORT_CODE)).toEqual(['POST /short'])
    expect(await client.shortCodes.list({ shortCode: '99999' })).toEqual([])
    expect(await client.shortCodes.list({ shortCode: SHORT_CODE, friendlyName: 'Votes' })).toHaveLength(1)
    expect(await client.shortCodes.list({ shortCode: SHORT_CODE.slice(1) })).toHaveLength(1)
    expect(await client.shortCodes.list({ shortCode: `*${SHORT_CODE.slice(1)}` })).toHaveLength(1)
    await expect(client.shortCodes.list({ shortCode: '5?' })).rejects.toMatchObject({ status: 400, code: 20001 })
    expect((await client.incomingPhoneNumbers.list()).map(each => each.phoneNumber)).toEqual([NUMBER])
    await expect(client.incomingPhoneNumbers(`PN${sid.slice(2)}`).remove()).rejects.toMatchObject({ code: 20404 })
  })
})
