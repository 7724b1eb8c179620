import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { TWILIO_SID, type Whim } from '../../../test/support/fake-twilio.ts'
import { openTestedTwilio } from '../../../test/support/tested-twilio.ts'
import type { OutboundText } from '../carrier.ts'

type Tested = Awaited<ReturnType<typeof openTestedTwilio>>

const TEXT: OutboundText = {
  reference: '01890000-0000-7000-8000-000000000001',
  number: '+15550001000',
  persons: ['+15557770001'],
  body: 'Grüße & more',
  media: [
    { contentType: 'image/png', url: 'https://heddle.example/a.png', size: 1 },
    { contentType: 'image/png', url: 'https://heddle.example/b.png', size: 1 },
  ],
}

const error = (status: number, code: number) => ({ status, body: { code, message: 'no', status } })

describe('a text to Twilio', () => {
  let tested: Tested
  beforeEach(async () => {
    tested = await openTestedTwilio({ answerWithinMs: 5000 })
  })
  afterEach(() => tested.close())

  const send = async () => (await tested.carrier.send([TEXT]))[0]

  test('is one request with its files and where its receipts are told', async () => {
    tested.twilio.tellsReceipts = false
    expect(await send()).toMatchObject({ kind: 'taken', carrierMessageId: expect.stringMatching(/^SM/) })
    const [request] = tested.twilio.requests
    expect(request?.path).toBe(`/2010-04-01/Accounts/${TWILIO_SID}/Messages.json`)
    expect([...(request?.form ?? [])]).toEqual([
      ['To', '+15557770001'],
      ['From', '+15550001000'],
      ['Body', 'Grüße & more'],
      ['MediaUrl', 'https://heddle.example/a.png'],
      ['MediaUrl', 'https://heddle.example/b.png'],
      ['StatusCallback', `${tested.callback}/status?text=${TEXT.reference}`],
    ])
  })

  test.each<[string, Whim, object]>([
    ['who opted out', error(400, 21610), { kind: 'refused', errorCode: 21610, carrierCode: '21610', message: 'no' }],
    ['no number', error(400, 21211), { kind: 'refused', errorCode: 30005, carrierCode: '21211' }],
    ['a landline', error(400, 21614), { kind: 'refused', errorCode: 30006, carrierCode: '21614' }],
    ['a region not allowed', error(400, 21408), { kind: 'refused', errorCode: 30004, carrierCode: '21408' }],
    ['a sender that is not theirs', error(400, 21606), { kind: 'refused', errorCode: 30008, carrierCode: '21606' }],
    ['a code of its own', error(400, 30034), { kind: 'refused', errorCode: 30034, carrierCode: '30034' }],
    ['a suspended account', error(403, 20005), { kind: 'refused', errorCode: 30002, carrierCode: '20005' }],
    ['a refusal without a code', { status: 400, body: 'no' }, { kind: 'refused', carrierCode: 'http 400' }],
    ['a full queue', error(400, 21611), { kind: 'retry', carrierCode: '21611' }],
    ['too many', { ...error(429, 20429), headers: { 'retry-after': '7' } }, { kind: 'retry', afterMs: 7000 }],
    ['a server that is busy', { status: 503, body: 'later' }, { kind: 'retry', carrierCode: 'http 503' }],
    ['a server that failed and says so', error(500, 20500), { kind: 'retry', carrierCode: '20500' }],
    ['wrong credentials', error(401, 20003), { kind: 'retry', carrierCode: '20003' }],
    ['another server', { status: 404, body: 'what?' }, { kind: 'retry', carrierCode: 'http 404' }],
    ['a proxy whose server failed', { status: 502, body: '<html>' }, { kind: 'unknown' }],
    ['an answer that names no message', { status: 201, body: {} }, { kind: 'unknown' }],
  ])('that meets %s', async (_name, whim, wanted) => {
    tested.twilio.onSend = () => whim
    expect(await send()).toMatchObject(wanted)
    expect(tested.twilio.requests).toHaveLength(1)
  })

  test('that is not answered in time is unknown', async () => {
    await tested.close()
    tested = await openTestedTwilio({ answerWithinMs: 200 })
    tested.twilio.onSend = () => 'silence'
    expect(await send()).toMatchObject({ kind: 'unknown', message: expect.stringContaining('did not answer') })
  })

  test('that finds nobody there is tried again, and the account is not bound', async () => {
    await tested.twilio.close()
    expect(await send()).toMatchObject({ kind: 'retry', carrierCode: 'unreachable' })
    expect(tested.carrier.health?.()).toMatchObject({ isBound: false, lastError: expect.stringContaining('reached') })
  })

  test('on a kept connection that breaks before the answer is unknown and not sent again', async () => {
    tested.twilio.tellsReceipts = false
    await send()
    await setImmediate() // The connection goes back to the pool after its answer was handed over.
    tested.twilio.isAway = true
    expect(await send()).toMatchObject({ kind: 'unknown' })
    expect(tested.twilio.requests).toHaveLength(2)
  })

  test('goes through a messaging service from our number all the same', async () => {
    await tested.close()
    tested = await openTestedTwilio({ messagingServiceSid: `MG${'1'.repeat(32)}` })
    tested.twilio.tellsReceipts = false
    await send()
    const form = tested.twilio.requests[0]?.form
    expect([form?.get('From'), form?.get('MessagingServiceSid')]).toEqual(['+15550001000', `MG${'1'.repeat(32)}`])
  })
})
