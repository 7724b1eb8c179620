import { afterEach, describe, expect, test } from 'vitest'
import { openTwoCarriers, type TwoCarriers } from '../support/two-carriers.ts'

const NUMBER = '+15550001000'
const US = '+15557770001'
const UK = '+447700900001'

let both: TwoCarriers | undefined

afterEach(async () => {
  await both?.end()
  both = undefined
})

const sent = (text: { status: string }) => text.status === 'sent'

describe('routes', () => {
  test('send a text by the carrier of the longest beginning that fits', async () => {
    both = await openTwoCarriers([{ number: NUMBER, carrier: 'op1' }], {
      routes: [
        { prefix: '+44', carriers: ['op2'] },
        { prefix: '+4470', carriers: ['op1'] },
      ],
    })
    for (const person of [US, UK, '+447000900001']) await both.textOf(await both.send(NUMBER, person, 'Hello'), sent)
    expect(both.op1.submits.map(submit => submit.destination)).toEqual(['15557770001', '447000900001'])
    expect(both.op2.submits.map(submit => submit.destination)).toEqual(['447700900001'])
  })

  test('are changed while texts go, and named back', async () => {
    both = await openTwoCarriers([{ number: NUMBER, carrier: 'op1' }])
    const routes = [{ prefix: '', carriers: ['op2', 'op1'] }]
    const path = `/v1/numbers/${encodeURIComponent(NUMBER)}/delivery`
    expect((await both.ask('PATCH', path, { routes, perSecond: 50 })).body).toEqual({ routes, perSecond: 50 })
    await both.textOf(await both.send(NUMBER, US, 'Hello'), sent)
    expect(both.op2.submits).toHaveLength(1)
    expect((await both.ask('PATCH', path, { routes: null })).body).toEqual({ perSecond: 50 })
    await both.textOf(await both.send(NUMBER, US, 'Hello again'), sent)
    expect(both.op1.submits).toHaveLength(1)
    const wrong = await both.ask('PATCH', path, { routes: [{ prefix: '', carriers: ['nobody'] }] })
    expect(wrong.status).toBe(404)
  })

  test('may change while a carrier has no room, and what waits for it goes all the same', async () => {
    both = await openTwoCarriers([{ number: NUMBER, carrier: 'op1' }])
    const { op1 } = both
    await op1.until(() => op1.sessions.length > 0)
    op1.answersAfterMs = () => 300
    const persons = Array.from({ length: 40 }, (_, at) => `+1555777${1000 + at}`)
    const [first, ...others] = await Promise.all(persons.map(person => both?.send(NUMBER, person, person)))
    await op1.until(() => op1.submits.length > 0)
    const routes = [{ prefix: '', carriers: ['op1', 'op2'] }]
    await both.ask('PATCH', `/v1/numbers/${encodeURIComponent(NUMBER)}/delivery`, { routes })
    expect(await both.textOf(first ?? '', sent)).toMatchObject({ status: 'sent' })
    for (const sid of others) expect(await both.textOf(sid ?? '', sent)).toMatchObject({ status: 'sent' })
  })

  test('take texts to the next carrier when the first is away, and receipts from the one that took them', async () => {
    const routes = [{ prefix: '', carriers: ['op1', 'op2'] }]
    both = await openTwoCarriers([{ number: NUMBER, carrier: 'op1', delivery: { routes } }])
    const { op1, op2 } = both
    await op1.until(() => op1.sessions.length > 0)
    await both.textOf(await both.send(NUMBER, US, 'one'), sent)
    await op1.close()
    const sid = await both.send(NUMBER, US, 'two')
    await both.textOf(sid, sent)
    expect(op1.submits.map(submit => submit.body)).toEqual(['one'])
    expect(op2.submits.map(submit => submit.body)).toEqual(['two'])
    await op2.receipt(op2.submits[0]!)
    expect(await both.textOf(sid, text => text.status === 'delivered')).toMatchObject({ status: 'delivered' })
  })

  test('without another carrier let texts wait, unmarked and in order, and others of the number go', async () => {
    both = await openTwoCarriers([{ number: NUMBER, carrier: 'op1' }], {
      routes: [{ prefix: '+44', carriers: ['op2'] }],
    })
    const { op1, op2 } = both
    await op1.until(() => op1.sessions.length > 0)
    await op1.close()
    const waiting: string[] = []
    for (const body of ['one', 'two', 'three']) waiting.push(await both.send(NUMBER, US, body))
    await both.textOf(await both.send(NUMBER, UK, 'Hello'), sent)
    expect(op2.submits).toHaveLength(1)
    for (const sid of waiting) expect(await both.textOf(sid, () => true)).toMatchObject({ status: 'queued' })
    const { records } = (await both.ask('GET', '/v1/carriers')).body
    expect(records[0]).toMatchObject({ name: 'op1', isBound: false })
    expect(records[0].queueAgeSeconds).toBeGreaterThan(0)
  })
})
