import { afterEach, describe, expect, test } from 'vitest'
import { openTwoCarriers, type TwoCarriers } from '../support/two-carriers.ts'

const NUMBER = '+15550001000'
const PERSON = '+15557770001'

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
  await expect.poll(unknownTexts, { timeout: 10_000 }).toContain(sid)
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
