import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OutboundText } from '../../server/carriers/carrier.ts'
import { checkGateway } from '../../server/carriers/http-gateway/check.ts'
import { parseCarrier } from '../../server/domain/carrier-record.ts'
import { movableClock } from '../../server/domain/clock.ts'
import {
  type FakeGateway,
  type GatewayAnswer,
  type GatewayCall,
  type OpenGateway,
  openFakeGateway,
  openGatewayCarrier,
  readExample,
} from './fake-gateway.ts'

export const NUMBER = '+15550001000'
export const PHONE = '+15557770001'
const PICTURE = Buffer.from('89504e470d0a1a0a', 'hex')
const REFERENCE = '0192f0c1-0000-7000-8000-000000000001'

/** A request of the vendor's, in the shape that its documentation shows; `{gateway}` is where it serves files. */
export interface VendorRequest {
  endpoint: 'inbound' | 'status'
  contentType: string
  body: string
}

interface Sent {
  path: string
  authorization: string
  /** The body as JSON; `{status}` is where receipts go. */
  json: unknown
}

/** What a vendor's documentation shows of its API. */
export interface VendorTable {
  vendor: string
  /** Changes of the example that a test needs: keys that it can sign with. */
  more?: Record<string, unknown>
  text: Sent
  media: Sent
  taken: GatewayAnswer
  takenAs: string
  group: Sent | null
  refused: [GatewayAnswer, object][]
  throttled: GatewayAnswer
  unauthorized: GatewayAnswer
  /** The error's words, which the operator is shown. */
  unauthorizedSays: string
  inboundText: VendorRequest
  /** What the house hears of it. */
  heardText: object
  inboundMedia: VendorRequest
  heardMedia: object
  /** Files need the credentials of the API. */
  mediaIsGuarded?: boolean
  receipts: [string, VendorRequest, object | null][]
  ignored: VendorRequest[]
  sign(request: { url: string; body: string }): Record<string, string>
  /** What a request is answered with when all was taken. */
  reply?: { contentType: string; body: string }
}

const textTo = (persons: string[], more: Partial<OutboundText> = {}): OutboundText => ({
  reference: REFERENCE,
  number: NUMBER,
  persons,
  body: 'Grüße',
  media: [],
  ...more,
})
const PICTURES = [{ contentType: 'image/png', url: 'https://heddle.example/a.png', size: 8 }]

/** Holds an example of the docs against what its vendor's documentation shows. */
export function gatewayTable(table: VendorTable): void {
  describe(`the example for ${table.vendor}`, () => {
    let gateway: FakeGateway
    let open: OpenGateway
    beforeEach(async () => {
      gateway = await openFakeGateway()
      open = await openExample({})
    })
    afterEach(async () => {
      await open.close()
      await gateway.close()
    })

    async function openExample(more: Record<string, unknown>): Promise<OpenGateway> {
      const example = await readExample(table.vendor, gateway.url)
      // A phone sends a text every two seconds: tests do not wait for that.
      return openGatewayCarrier({ ...example, maxPerSecond: 1000, ...table.more, ...more })
    }
    const send = async (text: OutboundText, answer: GatewayAnswer) => {
      gateway.answer = () => answer
      const [result] = await open.carrier.send([text])
      return result
    }
    const call = async ({ endpoint, contentType, body }: VendorRequest, forged: Record<string, string> = {}) => {
      const url = `${open.callbackUrl}/${endpoint}`
      const said = body.replaceAll('{gateway}', gateway.url)
      const headers = { 'content-type': contentType, ...table.sign({ url, body: said }), ...forged }
      const response = await fetch(url, { method: 'POST', headers, body: said })
      return { status: response.status, type: response.headers.get('content-type'), body: await response.text() }
    }
    const expectSent = (made: GatewayCall | undefined, { path, authorization, json }: Sent) => {
      expect(made).toMatchObject({
        method: 'POST',
        path,
        headers: { authorization, 'content-type': 'application/json' },
      })
      const wanted = JSON.parse(
        JSON.stringify(json).replaceAll('{status}', `${open.callbackUrl}/status?text=${REFERENCE}`),
      )
      expect(JSON.parse(made?.body ?? '')).toEqual(wanted)
    }

    test('a text goes as its API wants it', async () => {
      expect(await send(textTo([PHONE]), table.taken)).toEqual({ kind: 'taken', carrierMessageId: table.takenAs })
      expectSent(gateway.calls[0], table.text)
    })

    test('a picture goes as its API wants it', async () => {
      expect(await send(textTo([PHONE], { media: PICTURES }), table.taken)).toMatchObject({ kind: 'taken' })
      expectSent(gateway.calls[0], table.media)
    })

    test('a text to a group goes as one, or is refused', async () => {
      const result = await send(textTo([PHONE, '+15557770002']), table.taken)
      if (table.group) expectSent(gateway.calls[0], table.group)
      expect(result).toMatchObject(table.group ? { kind: 'taken' } : { kind: 'refused', carrierCode: 'group' })
    })

    test.each(table.refused)('its refusal %# has a code of ours', async (answer, refusal) => {
      expect(await send(textTo([PHONE]), answer)).toMatchObject({ kind: 'refused', ...refusal })
    })

    test('it is not sent to as fast when it says so', async () => {
      expect(open.carrier.health?.().perSecond).toBe(1000)
      expect(await send(textTo([PHONE]), table.throttled)).toMatchObject({ kind: 'retry' })
      expect(open.carrier.health?.().perSecond).toBeLessThan(1000)
    })

    test('a text that it does not answer is in doubt', async () => {
      const impatient = await openExample({ answerWithinMs: 800 })
      gateway.answer = () => ({ status: 200, isSilent: true })
      const [late] = await impatient.carrier.send([textTo([PHONE])])
      expect(late).toMatchObject({ kind: 'unknown' })
      expect(impatient.carrier.health?.()).toMatchObject({ isBound: false, lastError: expect.any(String) })
      await impatient.close()
      expect(await send(textTo([PHONE]), { status: 200, isCut: true })).toMatchObject({ kind: 'unknown' })
    })

    test('its check says in one line whether the credentials are right', async () => {
      const draft = parseCarrier({ ...(await readExample(table.vendor, gateway.url)), ...table.more })
      if (draft.kind !== 'http') throw new Error('It is no HTTP gateway.')
      const check = () => checkGateway({ ...draft, clock: movableClock(() => 0) })
      gateway.answer = () => ({ status: 200, body: {} })
      expect(await check()).toMatch(/^127\.0\.0\.1:\d+ answered 200 in \d+ ms\.$/)
      expect(gateway.calls[0]).toMatchObject({ method: 'GET', headers: { authorization: table.text.authorization } })
      gateway.answer = () => table.unauthorized
      await expect(check()).rejects.toThrow(table.unauthorizedSays)
      await gateway.close()
      await expect(check()).rejects.toThrow(/was not reached/)
    })

    test('refused credentials are told and hold texts back', async () => {
      expect(await send(textTo([PHONE]), table.unauthorized)).toMatchObject({ kind: 'retry' })
      expect(open.carrier.health?.()).toMatchObject({ isBound: false, lastError: expect.stringContaining('401') })
      await send(textTo([PHONE]), table.taken)
      expect(open.carrier.health?.()).toMatchObject({ isBound: true, lastError: null })
    })

    test('a text from a phone is heard once, however often it is told', async () => {
      const { status, type, body } = await call(table.inboundText)
      expect(status).toBe(200)
      if (table.reply) expect({ contentType: type, body }).toMatchObject(table.reply)
      expect(open.house.received).toEqual([{ others: [], media: [], ...table.heardText }])
      expect((await call(table.inboundText)).status).toBe(200)
      expect(new Set(open.house.received.map(text => text.carrierMessageId)).size).toBe(1)
    })

    test('a picture from a phone is heard with its file', async () => {
      const authorization = table.mediaIsGuarded ? { authorization: table.text.authorization } : {}
      gateway.files.set('/media/cat.png', { contentType: 'image/png', bytes: PICTURE, ...authorization })
      expect((await call(table.inboundMedia)).status).toBe(200)
      expect(open.house.received).toMatchObject([table.heardMedia])
      expect(open.house.received[0]?.media.map(file => [file.contentType, Buffer.from(file.bytes)])).toEqual([
        ['image/png', PICTURE],
      ])
    })

    test.each(table.receipts)('the receipt %s is heard', async (_, request, receipt) => {
      expect((await call(request)).status).toBe(200)
      expect(open.house.receipts).toEqual(receipt ? [{ errorCode: null, carrierCode: null, ...receipt }] : [])
    })

    test('what is neither a text nor a receipt is passed over', async () => {
      for (const request of table.ignored) expect((await call(request)).status).toBe(200)
      expect([...open.house.received, ...open.house.receipts]).toEqual([])
    })

    test('a request that is not signed as it should be is refused', async () => {
      const names = Object.keys(table.sign({ url: '', body: '' }))
      for (const name of names) expect((await call(table.inboundText, { [name]: 'AAAA' })).status).toBe(403)
      expect(open.house.received).toEqual([])
      expect(open.notices.join()).toMatch(/was refused/)
    })

    test('a request is answered when the house has it, and not before', async () => {
      open.house.isShut = true
      expect((await call(table.inboundText)).status).toBeGreaterThanOrEqual(500)
      open.house.isShut = false
      expect((await call(table.inboundText)).status).toBe(200)
      expect(open.house.received).toHaveLength(1)
    })
  })
}
