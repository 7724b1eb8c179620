import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openTestedTwilio } from '../../../test/support/tested-twilio.ts'

type Tested = Awaited<ReturnType<typeof openTestedTwilio>>

const NUMBER = '+15550001000'
const PHONE = '+15557770001'
/** Machines are slow at times. */

describe('what was missed at Twilio', () => {
  let tested: Tested
  beforeEach(async () => {
    tested = await openTestedTwilio({ answerWithinMs: 200, resendAfterMs: 400 })
  })
  afterEach(() => tested.close())

  const bodies = () => tested.house.received.map(text => text.body)
  const comes = (body: string, at = new Date()) => tested.twilio.comes({ from: PHONE, to: NUMBER, body, at })

  function isUnknown(body: string): string {
    const reference = randomUUID()
    const now = new Date()
    tested.ledger.unknown.push({ reference, number: NUMBER, persons: [PHONE], body, createdAt: now, unknownSince: now })
    return reference
  }

  test('comes in at the start, oldest first, page by page, with its files', async () => {
    for (let at = 0; at < 7; at++) comes(`text ${at}`, new Date(Date.now() - 50_000 + at * 1000))
    tested.twilio.messages[6]?.mediaUrls.push('one')
    await tested.carrier.start()
    await expect.poll(bodies).toEqual([0, 1, 2, 3, 4, 5, 6].map(at => `text ${at}`))
    expect(tested.house.received[6]?.media.map(file => Buffer.from(file.bytes).toString())).toEqual(['bytes of /ME0'])
  })

  test('comes in once, however often it is read', async () => {
    const message = comes('one')
    await tested.carrier.start()
    await expect.poll(bodies).toEqual(['one'])
    await tested.twilio.call(`${tested.callback}/inbound`, tested.twilio.formOf(message))
    expect(new Set(tested.house.received.map(text => text.carrierMessageId)).size).toBe(1)
  })

  test('is not looked for before the carrier was ours, nor before its number was, nor after it was put back', async () => {
    const { ledger } = tested
    comes('before', new Date(ledger.madeAt.getTime() - 60_000))
    const imported = {
      number: '+15550001001',
      importedAt: new Date(Date.now() - 30_000),
      restoredAt: new Date(Date.now() - 10_000),
    }
    ledger.numbers.push(imported)
    for (const [body, agoMs] of [
      ['early', 40_000],
      ['ours', 20_000],
      ['late', 5_000],
    ] as const) {
      tested.twilio.comes({ from: PHONE, to: imported.number, body, at: new Date(Date.now() - agoMs) })
    }
    comes('now')
    await tested.carrier.start()
    await expect.poll(bodies).toContain('now')
    expect(bodies()).toEqual(['ours', 'now'])
  })

  test('is told of texts of ours that are not finished, and of no others', async () => {
    const [delivered, finished] = [1, 2].map(() => tested.twilio.add({ from: NUMBER, to: PHONE, status: 'delivered' }))
    const failed = tested.twilio.add({ from: NUMBER, to: PHONE, status: 'failed', error_code: 30003 })
    tested.twilio.add({ from: NUMBER, to: PHONE, body: 'of another program', status: 'delivered' })
    tested.ledger.sent.set(delivered?.sid ?? '', false)
    tested.ledger.sent.set(finished?.sid ?? '', true)
    tested.ledger.sent.set(failed.sid, false)
    await tested.carrier.start()
    await expect.poll(() => tested.house.receipts.length).toBeGreaterThan(1)
    // A slow machine has read the list again by now.
    const told = tested.house.receipts.map(each => [each.carrierMessageId, each.status, each.errorCode].join(' '))
    expect(new Set(told)).toEqual(new Set([`${delivered?.sid} delivered `, `${failed.sid} failed 30003`]))
  })

  test('is read again from where all was read', async () => {
    comes('one', new Date(Date.now() - 5000))
    await tested.carrier.start()
    await expect.poll(() => tested.ledger.through?.getTime() ?? 0).toBeGreaterThan(Date.now() - 10_000)
  })

  test('tells that an unknown text was taken, and what became of it', async () => {
    const reference = isUnknown('did it go?')
    const message = tested.twilio.add({ from: NUMBER, to: PHONE, body: 'did it go?', status: 'delivered' })
    await tested.carrier.start()
    await expect.poll(() => tested.ledger.resolved).toEqual([[reference, message.sid]])
    expect(tested.house.receipts).toMatchObject([{ carrierMessageId: message.sid, status: 'delivered' }])
  })

  test('tells two unknown texts that say the same apart from one that was taken', async () => {
    const first = isUnknown('yes')
    const second = isUnknown('yes')
    const messages = [1, 2].map(() => tested.twilio.add({ from: NUMBER, to: PHONE, body: 'yes' }))
    const known = tested.twilio.add({ from: NUMBER, to: PHONE, body: 'yes' })
    tested.ledger.sent.set(known.sid, true)
    await tested.carrier.start()
    await expect
      .poll(() => tested.ledger.resolved)
      .toEqual([
        [first, messages[0]?.sid],
        [second, messages[1]?.sid],
      ])
  })

  test('tells that an unknown text was never taken, so that it is sent again', async () => {
    const reference = isUnknown('lost')
    await tested.carrier.start()
    await expect.poll(() => tested.ledger.resolved).toEqual([[reference, 'not taken']])
  })

  test('leaves a text unknown while a message of its pair could be it', async () => {
    isUnknown('as we said it')
    tested.twilio.add({ from: NUMBER, to: PHONE, body: 'as the account says it' })
    await tested.carrier.start()
    const looks = () => tested.twilio.requests.filter(request => request.path.includes('From=')).length
    await expect.poll(looks).toBeGreaterThan(1)
    expect(tested.ledger.resolved).toEqual([])
  })

  test('believes no message that may be the answer of a text under way', async () => {
    isUnknown('yes')
    const message = tested.twilio.add({ from: NUMBER, to: PHONE, body: 'yes' })
    await tested.carrier.start()
    await expect.poll(() => tested.twilio.requests.some(request => request.path.includes('From='))).toBe(true)
    // The answer comes: it was the message of a text under way.
    tested.ledger.sent.set(message.sid, false)
    await expect.poll(() => tested.ledger.resolved.map(([, sid]) => sid)).toEqual(['not taken'])
  })

  test('a callback that names an unknown text tells that it was taken', async () => {
    const reference = isUnknown('late')
    const form = { MessageSid: 'SM9', MessageStatus: 'sent', From: NUMBER, To: PHONE }
    await tested.twilio.call(`${tested.callback}/status?text=${reference}`, form)
    expect(tested.ledger.resolved).toEqual([[reference, 'SM9']])
    expect(tested.house.receipts).toMatchObject([{ carrierMessageId: 'SM9', status: 'sent' }])
  })

  test('is looked for again when the account could not be reached', async () => {
    tested.twilio.isAway = true
    await tested.carrier.start()
    await expect.poll(() => tested.carrier.health?.().lastError).toContain('could not be reached')
    comes('one')
    tested.twilio.isAway = false
    await expect.poll(bodies).toEqual(['one'])
    expect(tested.carrier.health?.()).toMatchObject({ isBound: true, lastError: null })
  })
})
