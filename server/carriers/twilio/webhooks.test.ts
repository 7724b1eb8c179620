import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { TWILIO_SID } from '../../../test/support/fake-twilio.ts'
import { openTestedTwilio } from '../../../test/support/tested-twilio.ts'

type Tested = Awaited<ReturnType<typeof openTestedTwilio>>

const FORM = { MessageSid: 'SM1', From: '+15557770001', To: '+15550001000', Body: 'né 😀', NumMedia: '0' }

describe('what Twilio calls', () => {
  let tested: Tested
  beforeEach(async () => {
    tested = await openTestedTwilio()
  })
  afterEach(() => tested.close())

  const inbound = (form: Record<string, string>, ...more: string[]) =>
    tested.twilio.call(`${tested.callback}/inbound`, form, ...more)

  test('is answered with an empty document once the text is here', async () => {
    expect(await inbound(FORM)).toEqual({
      status: 200,
      body: '<?xml version="1.0" encoding="UTF-8"?><Response/>',
    })
    expect(tested.house.received).toMatchObject([{ carrierMessageId: 'SM1', body: 'né 😀', others: [], media: [] }])
  })

  test('counts only when the account signed it', async () => {
    expect((await inbound(FORM, 'another token')).status).toBe(403)
    const unsigned = await fetch(`${tested.callback}/inbound`, { method: 'POST', body: new URLSearchParams(FORM) })
    expect(unsigned.status).toBe(403)
    const forged = { MessageSid: 'SM1', MessageStatus: 'delivered' }
    expect((await tested.twilio.call(`${tested.callback}/status`, forged, 'another token')).status).toBe(403)
    expect(tested.house.received).toEqual([])
    expect(tested.house.receipts).toEqual([])
    expect(tested.notices.join()).toContain('signature')
  })

  test('is told of a failure when the text could not be kept', async () => {
    tested.house.isShut = true
    expect((await inbound(FORM)).status).toBe(500)
  })

  test('brings files, fetched with the credentials of the account, but for those that are gone', async () => {
    const { url } = tested.twilio
    await inbound({
      ...FORM,
      NumMedia: '2',
      MediaUrl0: `${url}/file/1`,
      MediaContentType0: 'image/png',
      MediaUrl1: `${url}/gone`,
    })
    expect(tested.house.received[0]?.media).toEqual([
      { contentType: 'image/png', fileName: null, bytes: Buffer.from('the bytes') },
    ])
    const fetched = tested.twilio.requests.filter(({ path }) => !path.includes('Messages.json'))
    expect(fetched.map(request => request.authorization.slice(0, 6))).toEqual(['Basic ', 'Basic '])
  })

  test('brings files of the account by the way to it that we know', async () => {
    const message = tested.twilio.comes({ from: FORM.From, to: FORM.To, body: '', mediaUrls: ['one'] })
    const url = `https://api.elsewhere.example/2010-04-01/Accounts/${TWILIO_SID}/Messages/${message.sid}/Media/ME0`
    await inbound({ ...FORM, NumMedia: '1', MediaUrl0: url })
    expect(tested.house.received[0]?.media.map(file => Buffer.from(file.bytes).toString())).toEqual(['bytes of /ME0'])
  })

  test('gives its credentials to nobody but the account', async () => {
    const stranger = await openTestedTwilio()
    await inbound({ ...FORM, NumMedia: '1', MediaUrl0: `${stranger.twilio.url}/file/1` })
    // Another host on loopback is not even called.
    expect(stranger.twilio.requests).toEqual([])
    await stranger.close()
  })

  test('tells of the others of a group text', async () => {
    await inbound({ ...FORM, OtherRecipients0: '+15557770002', OtherRecipients1: '+15557770003' })
    expect(tested.house.received[0]?.others).toEqual(['+15557770002', '+15557770003'])
  })

  test.each([
    ['STOP, which it answers', { Body: ' stop ' }, { isAnswered: true }],
    [
      'a word of the account, which it answered',
      { Body: 'adios', OptOutType: 'STOP' },
      { keyword: 'stop', isAnswered: true },
    ],
    ['START', { Body: 'x', OptOutType: 'START' }, { keyword: 'start', isAnswered: true }],
  ])('tells of %s', async (_name, form, wanted) => {
    await inbound({ ...FORM, ...form })
    expect(tested.house.received[0]).toMatchObject(wanted)
  })

  test('leaves other texts for us to answer', async () => {
    await inbound({ ...FORM, Body: 'arrêt' })
    expect(tested.house.received[0]).not.toHaveProperty('isAnswered')
  })

  test('leaves STOP for us to answer when told that it does not', async () => {
    await tested.close()
    tested = await openTestedTwilio({ answersOptOuts: false })
    await inbound({ ...FORM, Body: 'STOP' })
    expect(tested.house.received[0]).not.toHaveProperty('isAnswered')
  })

  test('tells what became of a text', async () => {
    const form = { MessageSid: 'SM2', From: '+15550001000', To: '+15557770001' }
    const status = (more: object) => tested.twilio.call(`${tested.callback}/status`, { ...form, ...more })
    expect((await status({ MessageStatus: 'queued' })).status).toBe(204)
    await status({ MessageStatus: 'sent' })
    await status({ MessageStatus: 'undelivered', ErrorCode: '30006' })
    expect(tested.house.receipts).toMatchObject([
      { carrierMessageId: 'SM2', number: '+15550001000', status: 'sent', errorCode: null, carrierCode: null },
      { carrierMessageId: 'SM2', status: 'undelivered', errorCode: 30006, carrierCode: '30006' },
    ])
  })
})
