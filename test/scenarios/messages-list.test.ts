import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'
import { clientOf, SDKS } from '../support/twilio-sdk.ts'

const NUMBER = '+15550001000'
const OTHER = '+15550001001'
const MANY = '+15557770900'
const MESSAGES = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`
const COUNT = 2000

const ID = '01a1febf-0fff-76d0-a1fa-34ad76f8c796'
const tokenOf = (parts: unknown[]) => `PA${Buffer.from(JSON.stringify(parts)).toString('base64url')}`

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse(seedOf([{ number: NUMBER }, { number: OTHER }]))
  const bodies = Array.from({ length: COUNT }, (_, at) => `text ${at}`)
  for (let at = 0; at < COUNT; at += 100)
    await Promise.all(bodies.slice(at, at + 100).map(body => send(NUMBER, MANY, body)))
})
afterAll(() => house.close())

async function send(From: string, To: string, Body: string): Promise<string> {
  const { status, body } = await house.ask('POST', MESSAGES, new URLSearchParams({ From, To, Body }))
  expect(status).toBe(201)
  return body.sid
}

describe.each(SDKS)('%s', (_name, sdk) => {
  it('walks over 2,000 messages with `each`, every one once', async () => {
    const seen = new Set<string>()
    await new Promise<void>((resolve, reject) => {
      clientOf(sdk, house).messages.each(
        { to: MANY, pageSize: 300, done: (error?: Error) => (error ? reject(error) : resolve()) } as never,
        message => seen.add(message.body),
      )
    })
    expect(seen.size).toBe(COUNT)
  })
})

describe('a list of messages', () => {
  const page = async (path: string) => (await house.ask('GET', path)).body
  const bodies = (found: { messages: { body: string }[] }) => found.messages.map(message => message.body)

  it('pages forward and back again over the same texts', async () => {
    const first = await page(`${MESSAGES}?To=%2B15557770900&PageSize=700`)
    expect(first).toMatchObject({ page: 0, page_size: 700, start: 0, end: 699, previous_page_uri: null })
    const second = await page(first.next_page_uri)
    expect(second).toMatchObject({ page: 1, start: 700, end: 1399 })
    const third = await page(second.next_page_uri)
    expect(third.messages).toHaveLength(600)
    expect(third.next_page_uri).toBeNull()
    expect(bodies(await page(third.previous_page_uri))).toEqual(bodies(second))
    expect(bodies(await page(second.previous_page_uri))).toEqual(bodies(first))
    expect(new Set([...bodies(first), ...bodies(second), ...bodies(third)]).size).toBe(COUNT)
    expect(first.first_page_uri).toContain('To=%2B15557770900&PageSize=700&Page=0')
  })

  it('gives a page by its number alone, and clamps pages that are too large', async () => {
    const third = await page(`${MESSAGES}?To=%2B15557770900&PageSize=700&Page=2`)
    expect(third.messages).toHaveLength(600)
    const large = await page(`${MESSAGES}?To=%2B15557770900&PageSize=5000`)
    expect(large).toMatchObject({ page_size: 1000 })
    expect(large.messages).toHaveLength(1000)
  })

  it('finds texts by either address, whichever side it is on', async () => {
    const person = '+15557770901'
    await send(NUMBER, person, 'out one')
    await send(OTHER, person, 'out two')
    await house.text(person, OTHER, 'in one')
    const find = async (query: Record<string, string>) =>
      bodies(await page(`${MESSAGES}?${new URLSearchParams(query)}`))
    expect(await find({ To: person })).toEqual(['out two', 'out one'])
    expect(await find({ To: OTHER })).toEqual(['in one'])
    expect(await find({ From: OTHER })).toEqual(['out two'])
    expect(await find({ From: person })).toEqual(['in one'])
    expect(await find({ From: person, To: OTHER })).toEqual(['in one'])
    expect(await find({ From: NUMBER, To: person })).toEqual(['out one'])
    expect(await find({ From: person, To: NUMBER })).toEqual([])
    expect(await find({ To: ' 15557770901' })).toEqual(['out two', 'out one'])
  })

  it('holds to the day or the second, both ends included', async () => {
    const person = '+15557770902'
    await send(NUMBER, person, 'on the first day')
    await house.advance('P2D')
    await send(NUMBER, person, 'on the third day')
    const all = await page(`${MESSAGES}?To=%2B15557770902`)
    const [late, early] = all.messages.map((message: { date_created: string }) => new Date(message.date_created))
    const day = (date: Date) => date.toISOString().slice(0, 10)
    const second = (date: Date) => date.toISOString().replace('.000', '')
    const find = async (query: Record<string, string>) =>
      bodies(await page(`${MESSAGES}?${new URLSearchParams({ To: person, ...query })}`))
    expect(await find({ DateSent: day(early) })).toEqual(['on the first day'])
    expect(await find({ DateSent: second(late) })).toEqual(['on the third day'])
    expect(await find({ 'DateSent<': day(early) })).toEqual(['on the first day'])
    expect(await find({ 'DateSent>': day(late) })).toEqual(['on the third day'])
    expect(await find({ 'DateSent<': second(early) })).toEqual(['on the first day'])
    expect(await find({ 'DateSent>': second(early), 'DateSent<': second(late) })).toHaveLength(2)
    expect(await find({ 'DateSent<': '9999-12-31', 'DateSent>': '0001-01-01' })).toHaveLength(2)
    expect(await find({ DateSent: `<=${day(early)}` })).toEqual(['on the first day'])
    expect(await find({ DateSent: `>=${day(late)}` })).toEqual(['on the third day'])
    const american = `${early.getUTCMonth() + 1}/${early.getUTCDate()}/${early.getUTCFullYear()}`
    expect(await find({ DateSent: american })).toEqual(['on the first day'])
    // As a person types it: the parameter `DateSent>`, then `=`.
    expect(bodies(await page(`${MESSAGES}?To=%2B15557770902&DateSent>=${day(late)}`))).toEqual(['on the third day'])
  })

  it.each([
    'PageToken=nonsense',
    'PageToken=PAeyJ9',
    `PageToken=${tokenOf(['after', Number.MAX_SAFE_INTEGER, ID])}`,
    `PageToken=${tokenOf(['before', -8_640_000_000_000_000, ID])}`,
    'PageSize=0',
    'Page=-1',
    'DateSent=someday',
    'DateSent=%2B012345-01-01',
  ])('refuses %s as it makes no sense', async query => {
    const answer = await house.ask('GET', `${MESSAGES}?${query}`)
    expect(answer).toMatchObject({ status: 400, body: { code: 20001, status: 400 } })
  })
})
