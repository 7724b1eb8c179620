import { afterEach, expect, test } from 'vitest'
import { NUMBER, openSmppHouse, PHONE, type SmppHouse } from '../support/smpp-house.ts'
import { openSmsc, type Smsc } from '../support/smsc.ts'

let smsc: Smsc
let house: SmppHouse | undefined

afterEach(async () => {
  await house?.close()
  house = undefined
  await smsc.close()
})

async function open(settings: Record<string, unknown> = {}): Promise<SmppHouse> {
  smsc = await openSmsc()
  house = await openSmppHouse(smsc.port, settings)
  await smsc.until(() => smsc.sessions.length > 0)
  return house
}

test('a text goes out, is taken and is reported delivered', async () => {
  const { send, statusOf } = await open()
  const { sid } = await send(PHONE, 'Hello [you] €')
  await smsc.until(() => smsc.submits.length === 1)
  expect(smsc.submits[0]).toMatchObject({ source: '15550001000', destination: '15557770001', body: 'Hello [you] €' })
  expect(smsc.submits[0]?.pdu).toMatchObject({ source_addr_ton: 1, dest_addr_npi: 1, registered_delivery: 1 })
  expect(await statusOf(sid, 'sent')).toBe('sent')
  expect(await smsc.receipt(smsc.submits[0]!)).toBe(0)
  expect(await statusOf(sid, 'delivered')).toBe('delivered')
})

test('a text comes in and is answered when it is kept', async () => {
  const { heardFrom } = await open()
  const text = { source_addr: '15557770001', destination_addr: '15550001000' }
  expect(await smsc.deliver({ ...text, short_message: 'Hi' })).toBe(0)
  expect(await smsc.deliver({ ...text, short_message: 'Hi' })).toBe(0)
  expect((await heardFrom(PHONE)).map(each => [each.body, each.to])).toEqual([
    ['Hi', NUMBER],
    ['Hi', NUMBER],
  ])
})

test('the account is bound with its password, which nobody sees again', async () => {
  await open()
  expect(smsc.binds).toEqual([{ command: 'bind_transceiver', systemId: 'heddle', password: 'secret' }])
})
