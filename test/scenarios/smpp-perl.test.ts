import { afterEach, expect, test } from 'vitest'
import { decodeGsm7, decodeUcs2, encodeUcs2 } from '../../server/carriers/smpp/alphabets.ts'
import { hasNetSmpp, openPerlSmsc, type PerlSmsc, type WireText } from '../support/perl-smsc.ts'
import { openSmppHouse, PHONE, type SmppHouse } from '../support/smpp-house.ts'

let smsc: PerlSmsc
let house: SmppHouse | undefined

afterEach(async () => {
  await house?.close()
  house = undefined
  await smsc?.close()
})

const LONG = 'Vielen Dank für Ihre Nachricht — 谢谢 😀 '.repeat(6)
const fromPhone = (octets: Buffer, coding = 0, esmClass = 0): WireText => ({
  source: PHONE.slice(1),
  destination: '15550001000',
  coding,
  class: esmClass,
  octets: octets.toString('hex'),
})

/** What a phone shows of submits: parts joined by their places. */
function shown(submits: WireText[]): string[] {
  const texts: string[] = []
  let parts: Buffer[] = []
  for (const { octets, coding, class: esmClass } of submits) {
    const bytes = Buffer.from(octets, 'hex')
    if (!(esmClass & 0x40)) {
      texts.push(coding === 8 ? decodeUcs2(bytes) : decodeGsm7(bytes))
      continue
    }
    parts[(bytes[5] ?? 0) - 1] = bytes.subarray(6)
    if (parts.length === bytes[4] && !parts.includes(undefined as never)) {
      texts.push(decodeUcs2(Buffer.concat(parts)))
      parts = []
    }
  }
  return texts
}

test('a conversation through another SMSC, with breaks of the link', async ({ skip }) => {
  skip(!hasNetSmpp, 'skipped: no Net::SMPP')
  smsc = await openPerlSmsc()
  house = await openSmppHouse(smsc.port)
  await smsc.until(() => smsc.bound === 1)
  const said: string[] = []
  const sids: string[] = []
  for (let turn = 0; turn < 12; turn++) {
    const body = turn % 4 === 0 ? `${LONG}${turn}` : `text ${turn} {€}`
    const { sid } = await house.send(PHONE, body)
    said.push(body)
    sids.push(sid)
    await smsc.until(() => shown(smsc.submits).length === said.length)
    expect(await smsc.deliver(fromPhone(Buffer.from(`answer ${turn}`)))).toBe(0)
    if (turn % 5 === 4) {
      expect(await house.statusOf(sid, 'delivered')).toBe('delivered')
      const before = smsc.bound
      smsc.drop()
      await smsc.until(() => smsc.bound > before)
    }
  }
  const octets = encodeUcs2(LONG)
  const total = Math.ceil(octets.length / 134)
  for (let part = total; part >= 1; part--) {
    const head = Buffer.from([5, 0, 3, 99, total, part])
    const bytes = Buffer.concat([head, octets.subarray((part - 1) * 134, part * 134)])
    expect(await smsc.deliver(fromPhone(bytes, 8, 0x40))).toBe(0)
  }
  expect(shown(smsc.submits)).toEqual(said)
  const heard = (await house.heardFrom(PHONE)).map(each => each.body)
  expect(heard).toEqual([...said.map((_, turn) => `answer ${turn}`), LONG])
  for (const sid of sids) expect(await house.statusOf(sid, 'delivered')).toBe('delivered')
})
