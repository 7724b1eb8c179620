import { afterEach, describe, expect, test } from 'vitest'
import { recordSent, type SendOutcome } from '../../server/core/sending/record-sent.ts'
import { uuidOfSid } from '../../server/domain/ids.ts'
import { loadParkedReceipts } from '../../server/store/parked-receipts.ts'
import { listCarrierRecords } from '../../server/store/read/carriers.ts'
import { ACCOUNT_SID } from '../support/test-house.ts'
import { openTwoCarriers, type TwoCarriers } from '../support/two-carriers.ts'

const NUMBER = '+15550001000'
const PERSON = '+15557770001'
const ACCOUNT_ID = uuidOfSid('AC', ACCOUNT_SID) ?? ''

let both: TwoCarriers | undefined

afterEach(async () => {
  await both?.end()
  both = undefined
})

/** Sends a text whose answer is lost: its id is in no one's books but the network's. */
async function sendIntoDoubt(body: string): Promise<{ sid: string; messageId: string }> {
  both ??= await openTwoCarriers([{ number: NUMBER, carrier: 'op1' }])
  const { op1 } = both
  await op1.until(() => op1.sessions.length > 0)
  const seen: string[] = []
  op1.onSubmit = (submit, session) => {
    if (submit.body !== body) return {}
    seen.push(submit.messageId)
    setImmediate(() => session.destroy())
    return null
  }
  const sid = await both.send(NUMBER, PERSON, body)
  await expect.poll(unknownTexts).toContain(sid)
  await op1.until(() => op1.sessions.length > 0)
  return { sid, messageId: seen[0] ?? '' }
}

async function unknownTexts(): Promise<string[]> {
  const { records } = (await both?.ask('GET', '/v1/texts/unknown'))?.body ?? { records: [] }
  return records.map(({ id }: { id: string }) => `SM${id.replaceAll('-', '')}`)
}

describe('a text whose answer was lost', () => {
  test('is told to be unknown, is not sent again, and lets later ones go', async () => {
    const { sid } = await sendIntoDoubt('lost')
    const next = await both?.send(NUMBER, PERSON, 'next')
    await both?.textOf(next ?? '', text => text.status === 'sent')
    expect(both?.op1.submits.map(submit => submit.body)).toEqual(['next'])
    expect(await both?.textOf(sid, () => true)).toMatchObject({ status: 'sending' })
    expect(await unknownTexts()).toEqual([sid])
    expect((await both?.ask('GET', `/v1/texts/${sid}`))?.body).toMatchObject({ status: 'unknown', carrier: 'op1' })
  })

  test('is known again by a late receipt, when it is the only one of its pair', async () => {
    const { sid, messageId } = await sendIntoDoubt('lost')
    await both?.op1.receipt({ messageId, source: '15550001000', destination: '15557770001' })
    expect(await both?.textOf(sid, text => text.status === 'delivered')).toMatchObject({ status: 'delivered' })
    expect(await unknownTexts()).toEqual([])
  })

  test('stays unknown when a receipt may be about another', async () => {
    const first = await sendIntoDoubt('lost')
    const second = await sendIntoDoubt('lost too')
    await both?.op1.receipt({ messageId: second.messageId, source: '15550001000', destination: '15557770001' })
    await both?.op1.receipt({ messageId: second.messageId, source: '15550001000', destination: '15557770002' })
    expect(await unknownTexts()).toEqual([first.sid, second.sid])
  })
})

describe('a receipt that names no text', () => {
  test('is forgotten before its id is another text’s', async () => {
    both = await openTwoCarriers([{ number: NUMBER, carrier: 'op1' }])
    const { op1, house } = both
    await op1.until(() => op1.sessions.length > 0)
    const pair = { source: '15550001000', destination: '15557770001' }
    await op1.receipt({ messageId: 'ABC', ...pair }, 'UNDELIV')
    await both.advance('P4D')
    op1.onSubmit = () => ({ messageId: 'ABC' })
    const sid = await both.send(NUMBER, PERSON, 'Hello')
    expect(await both.textOf(sid, text => !['queued', 'sending'].includes(text.status))).toMatchObject({
      status: 'sent',
    })
    await op1.receipt({ messageId: 'DEF', ...pair })
    const [carrier] = await listCarrierRecords(house.core.db, ACCOUNT_ID)
    const asked = [ACCOUNT_ID, carrier?.id, JSON.stringify(['abc', 'def']), new Date(0)]
    expect(await house.core.db.query(loadParkedReceipts, asked)).toMatchObject([{ carrierMessageId: 'def' }])
  })
})

describe('what comes to light of a text in doubt', () => {
  const receiptOf = (messageId: string) => ({ messageId, source: '15550001000', destination: '15557770001' })

  async function learn(sid: string, outcome: SendOutcome, was?: 'unknown'): Promise<void> {
    const { core } = both?.house ?? {}
    if (!core) throw new Error('There is no house.')
    const [carrier] = await listCarrierRecords(core.db, ACCOUNT_ID)
    const smsId = uuidOfSid('SM', sid) ?? ''
    await recordSent(core, ACCOUNT_ID, [{ smsId, carrier: carrier?.id ?? '', outcome }], was)
  }

  const found: SendOutcome = { kind: 'taken', carrierMessageId: 'found' }
  const never: SendOutcome = { kind: 'retry', carrierCode: 'not_taken', message: 'Never taken', at: new Date(0) }

  test('by a receipt that came before its answer was lost is heard', async () => {
    both = await openTwoCarriers([{ number: NUMBER, carrier: 'op1' }])
    const { op1 } = both
    await op1.until(() => op1.sessions.length > 0)
    op1.onSubmit = ({ messageId }, session) => {
      void op1.receipt(receiptOf(messageId)).then(() => session.destroy())
      return null
    }
    const sid = await both.send(NUMBER, PERSON, 'lost')
    expect(await both.textOf(sid, text => text.status === 'delivered')).toMatchObject({ status: 'delivered' })
    expect(await unknownTexts()).toEqual([])
  })

  test('by the node that stood still while another took its lanes counts, with the receipts of it', async () => {
    const { sid } = await sendIntoDoubt('lost')
    const { sid: other } = await sendIntoDoubt('lost too')
    await both?.op1.receipt(receiptOf('found'))
    await learn(sid, { kind: 'unknown', message: 'lost again' })
    expect(await unknownTexts()).toEqual([sid, other])
    await learn(sid, found)
    expect(await both?.textOf(sid, text => text.status === 'delivered')).toMatchObject({ status: 'delivered' })
    if (both) both.op1.onSubmit = () => ({})
    await learn(other, never)
    await both?.textOf(other, text => text.status === 'sent')
    expect(both?.op1.submits.map(submit => submit.body)).toEqual(['lost too'])
  })

  test('by the node that stood still, of the parts that were taken, is no reason to call it delivered', async () => {
    const { sid } = await sendIntoDoubt('lost')
    await learn(sid, { kind: 'unknown', message: 'lost', takenPartIds: ['part'] })
    await both?.op1.receipt(receiptOf('part'))
    expect(await unknownTexts()).toEqual([sid])
    await both?.op1.receipt(receiptOf('part'), 'UNDELIV')
    expect(await both?.textOf(sid, text => text.status === 'undelivered')).toMatchObject({ status: 'undelivered' })
  })

  test('lets no deleted text come back, nor one that was redacted leave empty', async () => {
    const deleted = await sendIntoDoubt('deleted')
    const redacted = await sendIntoDoubt('redacted')
    const of = (sid: string) => `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/${sid}.json`
    expect((await both?.ask('DELETE', of(deleted.sid)))?.status).toBe(204)
    expect((await both?.ask('POST', of(redacted.sid), new URLSearchParams({ Body: '' })))?.status).toBe(200)
    expect(await unknownTexts()).toEqual([redacted.sid])
    for (const { sid } of [deleted, redacted]) await learn(sid, never, 'unknown')
    expect(await both?.textOf(redacted.sid, text => text.status === 'failed')).toMatchObject({ error_code: 30008 })
    const next = await both?.send(NUMBER, PERSON, 'next')
    await both?.textOf(next ?? '', text => text.status === 'sent')
    expect(both?.op1.submits.map(submit => submit.body)).toEqual(['next'])
  })
})

describe('a text that its carrier refuses since the person opted out there', () => {
  test('makes them opted out here, and nothing is answered twice', async () => {
    both = await openTwoCarriers([{ number: NUMBER, carrier: 'op1' }])
    const { op1 } = both
    await both.ask('PATCH', `/v1/numbers/${encodeURIComponent(NUMBER)}/delivery`, { perSecond: 100 })
    await op1.until(() => op1.sessions.length > 0)
    op1.onSubmit = () => ({ status: 0x424 })
    const sid = await both.send(NUMBER, PERSON, 'an offer')
    expect(await both.textOf(sid, text => text.status === 'failed')).toMatchObject({
      status: 'failed',
      error_code: 21610,
    })
    const fate = (await both.ask('GET', `/v1/texts/${sid}`)).body
    expect(fate).toMatchObject({ status: 'failed', carrierCode: '0x424', attempts: 1, priority: 'normal' })
    op1.onSubmit = () => ({})
    await expect(both.send(NUMBER, PERSON, 'another')).rejects.toThrow('21610')
    const text = { source_addr: PERSON.slice(1), destination_addr: NUMBER.slice(1) }
    expect(await op1.deliver({ ...text, short_message: 'STOP' })).toBe(0)
    await both.house.settled()
    expect(op1.submits).toEqual([])
  })
})
