import { afterEach, describe, expect, test, vi } from 'vitest'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'
import { openTwoCarriers, type TwoCarriers } from '../support/two-carriers.ts'

const NUMBER = '+15550001000'
const IDLE = '+15550001001'
const PERSON = '+15557770001'
const MESSAGES = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`

let house: TestHouse | undefined
let both: TwoCarriers | undefined

afterEach(async () => {
  await house?.close()
  await both?.end()
  house = undefined
  both = undefined
})

function personAt(at: number): string {
  return `+1555777${String(1000 + at)}`
}

async function send(to: string, body: string, more: Record<string, string> = {}): Promise<string> {
  const form = new URLSearchParams({ From: NUMBER, To: to, Body: body, ...more })
  const answer = await house?.ask('POST', MESSAGES, form)
  if (answer?.status !== 201) throw new Error(`Refused: ${JSON.stringify(answer?.body)}`)
  return answer.body.sid
}

/** What phones got, in the order in which it came. */
async function received(persons: string[]): Promise<string[]> {
  const texts = await Promise.all(persons.map(async person => (await house?.phone(person)) ?? []))
  const got = texts.flat().filter(text => text.direction === 'received')
  return got.sort((a, b) => a.at.localeCompare(b.at)).map(text => text.body)
}

describe('a number with a rate', () => {
  test('keeps to it, counting segments, and holds no other number up', async () => {
    house = await openTestHouse(seedOf([{ number: NUMBER, delivery: { perSecond: 10 } }, { number: IDLE }]))
    const startedAtMs = performance.now()
    const persons = Array.from({ length: 20 }, (_, at) => personAt(at))
    await Promise.all(persons.map((person, at) => send(person, at === 0 ? 'x'.repeat(1500) : `text ${at}`)))
    await send(PERSON, 'at once', { From: IDLE })
    await expect.poll(() => received([PERSON])).toEqual(['at once'])
    expect((await received(persons)).length).toBeLessThan(20)
    await expect.poll(async () => (await received(persons)).length, { timeout: 20_000, interval: 50 }).toBe(20)
    // 19 texts of one segment and one of ten: at ten a second.
    const seconds = (performance.now() - startedAtMs) / 1000
    expect(seconds).toBeGreaterThan(1.7)
  })

  test('goes on when the machine is told that it is earlier', async () => {
    house = await openTestHouse(seedOf([{ number: NUMBER, delivery: { perSecond: 10 } }]))
    await send(PERSON, 'before')
    await expect.poll(() => received([PERSON])).toEqual(['before'])
    const now = Date.now
    const told = vi.spyOn(Date, 'now').mockImplementation(() => now() - 3_600_000)
    try {
      const sid = await send(PERSON, 'after')
      const text = async () => (await house?.ask('GET', MESSAGES.replace('.json', `/${sid}.json`)))?.body
      await expect.poll(text).toMatchObject({ status: 'delivered' })
    } finally {
      told.mockRestore()
    }
  })

  test('sends nothing that waits to a person who has opted out meanwhile, but tells them so', async () => {
    house = await openTestHouse(seedOf([{ number: NUMBER, delivery: { perSecond: 4 } }]))
    const sids: string[] = []
    for (let at = 0; at < 8; at++) sids.push(await send(PERSON, `offer ${at}`))
    await expect.poll(() => received([PERSON])).toContain('offer 1')
    await house.text(PERSON, NUMBER, 'STOP')
    const last = async () => (await house?.ask('GET', MESSAGES.replace('.json', `/${sids.at(-1)}.json`)))?.body
    await expect.poll(last).toMatchObject({ status: 'failed', error_code: 21610 })
    await expect.poll(async () => (await received([PERSON])).at(-1)).toMatch(/unsubscribed/)
    const offers = (await received([PERSON])).filter(body => body.startsWith('offer'))
    expect(offers.length).toBeLessThan(6)
    await house.text(PERSON, NUMBER, 'START')
    await send(PERSON, 'welcome back')
    await expect.poll(async () => (await received([PERSON])).at(-1)).toBe('welcome back')
  })

  test('lets urgent texts leave before all others and bulk after them, but never one before its pair', async () => {
    house = await openTestHouse(seedOf([{ number: NUMBER, delivery: { perSecond: 0.01 } }]))
    const persons = [PERSON, personAt(1), personAt(2), personAt(3)]
    const [one = '', two = '', three = '', four = ''] = persons
    // What the rate lets through at once.
    await send(personAt(10), 'first')
    await send(one, 'bulk one', { MessageIntent: 'marketing' })
    await send(two, 'bulk two', { MessageIntent: 'marketing' })
    await send(three, 'normal')
    await send(one, 'code one', { MessageIntent: 'otp' })
    await send(four, 'code four', { MessageIntent: 'otp' })
    expect(await received(persons)).toEqual([])
    await house.ask('PATCH', `/v1/numbers/${encodeURIComponent(NUMBER)}/delivery`, { perSecond: 2 })
    await expect.poll(async () => (await received(persons)).length).toBe(5)
    const order = await received(persons)
    expect(order.indexOf('bulk one')).toBeLessThan(order.indexOf('code one'))
    expect(new Set(order.slice(0, 3))).toEqual(new Set(['bulk one', 'code one', 'code four']))
    expect(order.slice(3)).toEqual(['normal', 'bulk two'])
  })
})

describe('an account with a rate', () => {
  test('keeps to it over all its numbers, which take turns', async () => {
    house = await openTestHouse(seedOf([{ number: NUMBER }, { number: IDLE }]))
    await house.ask('PATCH', '/v1/delivery', { perSecond: 10 })
    const bulk = Array.from({ length: 30 }, (_, at) => personAt(at))
    const few = Array.from({ length: 4 }, (_, at) => personAt(100 + at))
    await Promise.all(bulk.map(person => send(person, 'bulk')))
    await Promise.all(few.map(person => send(person, 'few', { From: IDLE })))
    await expect.poll(async () => (await received([...bulk, ...few])).length).toBe(34)
    const order = await received([...bulk, ...few])
    expect(order.lastIndexOf('few')).toBeLessThan(order.length - 2)
  })
})

describe('the usual rates', () => {
  test('are those of the kind of number at a real carrier', async () => {
    both = await openTwoCarriers(
      [
        { number: '28000', carrier: 'op1', type: 'short_code' },
        { number: NUMBER, carrier: 'op1', type: 'local' },
      ],
      { numberRates: 'usual' },
    )
    const { op1 } = both
    await op1.until(() => op1.sessions.length > 0)
    for (let at = 0; at < 10; at++) {
      await both.send(NUMBER, personAt(at), 'long code')
      await both.send('28000', personAt(at), 'short code')
    }
    const of = (source: string) => op1.submits.filter(submit => submit.source === source).length
    await op1.until(() => of('28000') === 10)
    expect(of('15550001000')).toBeLessThan(5)
  })
})

/** The time of day there, so many hours from now. */
async function clockOfHonolulu({ ask }: TestHouse): Promise<(hours: number) => string> {
  const now = new Date((await ask('GET', '/simulator/clock')).body.now)
  // Its clocks never change: ten hours behind.
  return hours => new Date(now.getTime() + (hours - 10) * 3_600_000).toISOString().slice(11, 16)
}

describe('quiet hours', () => {
  test('schedule texts for the morning where the person is, but not urgent ones', async () => {
    house = await openTestHouse(seedOf([{ number: NUMBER }]))
    const person = '+18085550001'
    const at = await clockOfHonolulu(house)
    const quietHours = { from: at(-1), to: at(3) }
    expect((await house.ask('PATCH', '/v1/delivery', { quietHours })).body).toEqual({ quietHours })
    const sid = await send(person, 'an offer', { ValidityPeriod: '3600' })
    await send(person, 'a code', { MessageIntent: 'otp' })
    await house.house.settled()
    const text = async () => (await house?.ask('GET', MESSAGES.replace('.json', `/${sid}.json`)))?.body
    expect(await text()).toMatchObject({ status: 'scheduled', date_sent: null })
    expect(await received([person])).toEqual(['a code'])
    await house.advance('PT2H')
    expect(await text()).toMatchObject({ status: 'scheduled' })
    await house.advance('PT1H')
    await expect.poll(() => received([person])).toEqual(['a code', 'an offer'])
  })

  test('leave a text its own validity, which begins anew each morning', async () => {
    house = await openTestHouse(seedOf([{ number: NUMBER }]))
    const at = await clockOfHonolulu(house)
    await house.ask('PATCH', '/v1/delivery', { quietHours: { from: at(-1), to: at(11) } })
    const sid = await send('+18085550001', 'an offer', { ValidityPeriod: '60' })
    await house.house.settled()
    await house.ask('PUT', '/simulator/faults', { number: NUMBER, retry: { after: 'PT10M' } })
    for (const duration of ['PT11H', 'PT10M', 'PT1S']) {
      await house.advance(duration)
      await house.house.settled()
    }
    const { body } = await house.ask('GET', MESSAGES.replace('.json', `/${sid}.json`))
    expect(body).toMatchObject({ status: 'failed', error_code: 30036 })
  })

  test('are over for a text that is canceled, or whose person said stop meanwhile', async () => {
    house = await openTestHouse(seedOf([{ number: NUMBER }]))
    const at = await clockOfHonolulu(house)
    await house.ask('PATCH', '/v1/delivery', { quietHours: { from: at(-1), to: at(11) } })
    const person = '+18085550001'
    const stopped = '+18085550002'
    const sid = await send(person, 'an offer')
    await send(stopped, 'an offer')
    await house.house.settled()
    const path = MESSAGES.replace('.json', `/${sid}.json`)
    const canceled = await house.ask('POST', path, new URLSearchParams({ Status: 'canceled' }))
    expect(canceled.body).toMatchObject({ status: 'canceled' })
    await house.text(stopped, NUMBER, 'STOP')
    await expect.poll(() => received([stopped])).toEqual([expect.stringContaining('unsubscribed')])
    await house.advance('PT24H')
    await house.house.settled()
    expect(await received([stopped])).toHaveLength(1)
    expect(await received([person])).toEqual([])
  })
})
