import { afterEach, describe, expect, test } from 'vitest'
import { checkCarrier } from '../../server/carriers/open-carrier.ts'
import { parseCarrier } from '../../server/domain/carrier-record.ts'
import { movableClock } from '../../server/domain/clock.ts'
import { openSmppHouse, PHONE } from '../support/smpp-house.ts'
import { openSmsc, type Smsc } from '../support/smsc.ts'

const FROM_PHONE = { source_addr: '15557770001', destination_addr: '15550001000' }
let smsc: Smsc

afterEach(() => smsc.close())

test('a restart in the middle of a long text loses none of its parts', async () => {
  smsc = await openSmsc()
  const house = await openSmppHouse(smsc.port)
  await smsc.until(() => smsc.sessions.length > 0)
  const part = (at: number) => ({
    ...FROM_PHONE,
    esm_class: 0x40,
    short_message: Buffer.concat([Buffer.from([5, 0, 3, 1, 2, at]), Buffer.from(`half ${at} `)]),
  })
  expect(await smsc.deliver(part(2))).toBe(0)
  await house.restart()
  await smsc.until(() => smsc.sessions.length > 0)
  expect(await smsc.deliver(part(1))).toBe(0)
  expect((await house.heardFrom(PHONE)).map(each => each.body)).toEqual(['half 1 half 2 '])
  await house.close()
})

test('a text that was surely answered before a restart is no repeat after it', async () => {
  smsc = await openSmsc()
  const house = await openSmppHouse(smsc.port)
  await smsc.until(() => smsc.sessions.length > 0)
  const text = { ...FROM_PHONE, short_message: 'yes' }
  expect(await smsc.deliver(text)).toBe(0)
  await house.restart()
  await smsc.until(() => smsc.sessions.length > 0)
  expect(await smsc.deliver(text)).toBe(0)
  expect(await house.heardFrom(PHONE)).toHaveLength(2)
  await house.close()
})

test('a text whose link broke is a repeat after a restart too', async () => {
  smsc = await openSmsc()
  const house = await openSmppHouse(smsc.port)
  await smsc.until(() => smsc.sessions.length > 0)
  const text = { ...FROM_PHONE, short_message: 'yes' }
  expect(await smsc.deliver(text)).toBe(0)
  smsc.drop()
  await house.restart()
  await smsc.until(() => smsc.sessions.length > 0)
  expect(await smsc.deliver(text)).toBe(0)
  expect(await house.heardFrom(PHONE)).toHaveLength(1)
  await house.close()
})

test('a text whose link broke twice leaves no other in doubt', async () => {
  smsc = await openSmsc()
  const house = await openSmppHouse(smsc.port)
  let binds = 0
  const hear = async (words: string) => {
    await smsc.until(() => smsc.binds.length > binds)
    expect(await smsc.deliver({ ...FROM_PHONE, short_message: words })).toBe(0)
    binds = smsc.binds.length
  }
  await hear('first')
  await house.restart()
  for (let breaks = 0; breaks < 2; breaks++) {
    await hear('yes')
    smsc.drop()
  }
  await hear('no')
  await house.restart()
  await hear('no')
  expect((await house.heardFrom(PHONE)).map(each => each.body)).toEqual(['first', 'yes', 'no', 'no'])
  await house.close()
})

describe('a stop', () => {
  test('waits for all parts of a long text that was begun', async () => {
    smsc = await openSmsc()
    const house = await openSmppHouse(smsc.port)
    await smsc.until(() => smsc.sessions.length > 0)
    smsc.answersAfterMs = () => 250
    const body = 'Grüße — 你好 '.repeat(30)
    const { sid } = await house.send(PHONE, body)
    await smsc.until(() => smsc.submits.length === 1)
    await house.restart()
    expect(smsc.submits.map(each => each.body).join('')).toBe(body)
    expect(smsc.submits.length).toBeGreaterThan(4)
    expect(await house.fateOf(sid, 'sent', 'unknown')).toBe('sent')
    await house.close()
  })

  test('waits for the answer to a text, and begins no other', async () => {
    smsc = await openSmsc()
    const house = await openSmppHouse(smsc.port, { window: 1 })
    await smsc.until(() => smsc.sessions.length > 0)
    smsc.answersAfterMs = () => 1200
    const bindsAtSubmit: number[] = []
    smsc.onSubmit = () => {
      bindsAtSubmit.push(smsc.binds.length)
      return {}
    }
    const first = await house.send(PHONE, 'one')
    await smsc.until(() => smsc.submits.length === 1)
    const second = await house.send('+15557770002', 'two')
    await expect.poll(() => house.fateOf(second.sid, 'sending')).toBe('sending')
    await house.restart()
    expect(await house.fateOf(first.sid, 'sent', 'unknown')).toBe('sent')
    expect(await house.fateOf(second.sid, 'sent', 'unknown')).toBe('sent')
    expect(bindsAtSubmit).toEqual([1, 2])
    await house.close()
  })

  test('gives up a text that is never answered, and keeps which parts of it were taken', async () => {
    smsc = await openSmsc()
    const house = await openSmppHouse(smsc.port)
    await smsc.until(() => smsc.sessions.length > 0)
    smsc.onSubmit = () => (smsc.submits.length === 0 ? {} : null)
    const { sid } = await house.send(PHONE, 'Grüße — 你好 '.repeat(30))
    await smsc.until(() => smsc.submits.length === 1)
    await house.restart()
    expect(await house.fateOf(sid, 'unknown')).toBe('unknown')
    await smsc.until(() => smsc.sessions.length > 0)
    expect(await smsc.receipt(smsc.submits[0]!, 'UNDELIV')).toBe(0)
    expect(await house.fateOf(sid, 'undelivered')).toBe('undelivered')
    await house.close()
  })
})

test('a carrier that is tried says in one line whether it can be reached', async () => {
  smsc = await openSmsc()
  const clock = movableClock(() => 0)
  const carrier = (more: object) =>
    parseCarrier({
      name: 'op1',
      kind: 'smpp',
      url: `smpp://127.0.0.1:${smsc.port}`,
      systemId: 'heddle',
      password: 'secret',
      ...more,
    })
  expect(await checkCarrier(carrier({}), clock)).toMatch(/^Bound to 127\.0\.0\.1:\d+ as transceiver in \d+ ms\.$/)
  expect(await checkCarrier(carrier({ bind: 'transmitter_receiver' }), clock)).toContain('transmitter and receiver')
  smsc.onBind = () => 0x0e
  await expect(checkCarrier(carrier({}), clock)).rejects.toThrow('the password is wrong (0x0E)')
  await expect(checkCarrier(carrier({ url: 'smpp://127.0.0.1:1' }), clock)).rejects.toThrow(
    /Could not connect.*REFUSED/,
  )
  await expect(checkCarrier(carrier({ url: 'smpps://127.0.0.1:1' }), clock)).rejects.toThrow('Could not connect')
  expect(() => carrier({ window: 0 })).toThrow('Carrier op1 is wrong at /window')
})
