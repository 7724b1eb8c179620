import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DELIVERY_RANK, type DeliveryStatus } from '../../server/domain/delivery-status.ts'
import { type CallbackApp, openCallbackApp } from '../support/callback-app.ts'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER = '+15550001000'
const PHONE = '+15557770001'
const ACCOUNT = `/2010-04-01/Accounts/${ACCOUNT_SID}`

let house: TestHouse
let app: CallbackApp
beforeAll(async () => {
  house = await openTestHouse(seedOf([{ number: NUMBER }]))
  app = await openCallbackApp()
})
afterAll(async () => {
  await house.close()
  await app.close()
})
beforeEach(() => house.ask('DELETE', '/simulator/faults'))

const fault = (what: Record<string, unknown>) => house.ask('PUT', '/simulator/faults', what)

async function send(more: Record<string, string> = {}): Promise<string> {
  const form = new URLSearchParams({ From: NUMBER, To: PHONE, Body: 'x', StatusCallback: `${app.url}/status`, ...more })
  const answer = await house.ask('POST', `${ACCOUNT}/Messages.json`, form)
  expect(answer).toMatchObject({ status: 201, body: { status: 'queued' } })
  return answer.body.sid
}

async function settle(duration = 'PT1S'): Promise<void> {
  await house.house.settled()
  await house.advance(duration)
  await house.house.settled()
}

async function statusOf(sid: string): Promise<{ status: string; error_code: number | null }> {
  return (await house.ask('GET', `${ACCOUNT}/Messages/${sid}.json`)).body
}

describe('a status callback', () => {
  it('tells each step after the first, signed, in order', async () => {
    const sid = await send()
    await settle()
    const told = app.told.filter(one => one.parameters.MessageSid === sid)
    expect(told.map(one => one.parameters.MessageStatus)).toEqual(['sent', 'delivered'])
    for (const { parameters, isSigned, path } of told) {
      expect(path).toBe('/status')
      expect(isSigned).toBe(true)
      expect(parameters).toMatchObject({
        SmsSid: sid,
        SmsStatus: parameters.MessageStatus,
        To: PHONE,
        From: NUMBER,
        AccountSid: ACCOUNT_SID,
        ApiVersion: '2010-04-01',
      })
      expect(parameters).not.toHaveProperty('ErrorCode')
    }
    expect(told[1]?.parameters.RawDlrDoneDate).toMatch(/^[0-9]{10}$/)
  })

  it('tells that a phone was not reached, and why', async () => {
    await fault({ number: PHONE, fail: 30003 })
    const sid = await send()
    await settle()
    expect(app.statusesOf(sid)).toEqual(['sent', 'undelivered'])
    expect(app.told.at(-1)?.parameters).toMatchObject({ ErrorCode: '30003', MessageStatus: 'undelivered' })
    expect(await statusOf(sid)).toMatchObject({ status: 'undelivered', error_code: 30003 })
  })

  it('tells that a carrier refused the text', async () => {
    await fault({ number: PHONE, refuse: 30007 })
    const sid = await send()
    await settle()
    expect(app.statusesOf(sid)).toEqual(['failed'])
    expect(app.told.at(-1)?.parameters).toMatchObject({ ErrorCode: '30007' })
    expect(await statusOf(sid)).toMatchObject({ status: 'failed', error_code: 30007 })
  })

  it('tells only what is known when no receipt comes', async () => {
    await fault({ number: PHONE, dropReceipts: true })
    const sid = await send()
    await settle()
    expect(app.statusesOf(sid)).toEqual(['sent'])
    expect(await statusOf(sid)).toMatchObject({ status: 'sent' })
  })

  it.each([
    ['come twice', { repeat: 3 }],
    ['come in the wrong order', { reorder: true }],
    ['come twice in the wrong order', { repeat: 2, reorder: true }],
    ['come late', { delay: 'PT30S' }],
  ])('never runs backwards when receipts %s', async (_how, what) => {
    await fault({ number: PHONE, ...what })
    const sid = await send()
    await settle('PT1M')
    const statuses = app.statusesOf(sid) as DeliveryStatus[]
    expect(statuses).toEqual(['sent', 'delivered'])
    const ranks = statuses.map(status => DELIVERY_RANK[status])
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
    expect(await statusOf(sid)).toMatchObject({ status: 'delivered' })
  })

  it('waits while its carrier is busy, and tells the end', async () => {
    await fault({ number: PHONE, retry: { after: 'PT10S', times: 2 } })
    const sid = await send()
    await settle()
    expect(app.statusesOf(sid)).toEqual([])
    expect(await statusOf(sid)).toMatchObject({ status: 'queued' })
    await settle('PT11S')
    await settle('PT11S')
    await settle()
    expect(app.statusesOf(sid)).toEqual(['sent', 'delivered'])
  })

  it('tells that a text was not taken within its validity', async () => {
    await fault({ number: PHONE, retry: { after: 'PT30S' } })
    const sid = await send({ ValidityPeriod: '20' })
    await settle()
    expect(await statusOf(sid)).toMatchObject({ status: 'queued' })
    await settle('PT31S')
    expect(app.statusesOf(sid)).toEqual(['failed'])
    expect(await statusOf(sid)).toMatchObject({ status: 'failed', error_code: 30036 })
    expect(await house.phone(PHONE)).not.toContainEqual(expect.objectContaining({ sid }))
  })

  it('goes where the application says, unless the message says otherwise', async () => {
    const made = await house.ask(
      'POST',
      `${ACCOUNT}/Applications.json`,
      new URLSearchParams({ FriendlyName: 'app', MessageStatusCallback: `${app.url}/application` }),
    )
    const own = await send({ ApplicationSid: made.body.sid })
    const named = await send({ ApplicationSid: made.body.sid, StatusCallback: '' })
    await settle()
    const pathsOf = (sid: string) => app.told.filter(one => one.parameters.MessageSid === sid).map(one => one.path)
    expect(pathsOf(own)).toEqual(['/status', '/status'])
    expect(pathsOf(named)).toEqual(['/application', '/application'])
  })

  it('is made for every text of many, each in its order', async () => {
    await fault({ repeat: 2, reorder: true })
    const sids = await Promise.all(Array.from({ length: 100 }, () => send()))
    await settle()
    for (const sid of sids) expect(app.statusesOf(sid)).toEqual(['sent', 'delivered'])
  })
})
