import { afterEach, describe, expect, test } from 'vitest'
import { MESSAGES, NUMBER, openSmppHouse, PHONE, type SmppHouse } from '../support/smpp-house.ts'
import { openSmsc, type Smsc, type Submit } from '../support/smsc.ts'

const LONG = 'Grüße aus Köln — 你好 😀 '.repeat(12)
const FROM_PHONE = { source_addr: '15557770001', destination_addr: '15550001000' }

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

/** The parts of a long text as a phone sends them. */
function partsOf(body: string, reference = 7): Buffer[] {
  const octets = Buffer.from(body, 'utf16le').swap16()
  const total = Math.ceil(octets.length / 134)
  return Array.from({ length: total }, (_, at) =>
    Buffer.concat([Buffer.from([5, 0, 3, reference, total, at + 1]), octets.subarray(at * 134, (at + 1) * 134)]),
  )
}

const deliverPart = (part: Buffer) =>
  smsc.deliver({ ...FROM_PHONE, esm_class: 0x40, data_coding: 8, short_message: part })

describe('a long text to a phone', () => {
  test.each(['udh8', 'udh16', 'sar'])(
    'goes in parts by %s and is delivered when all of them are',
    async concatenation => {
      const { send, statusOf } = await open({ concatenation })
      const { sid } = await send(PHONE, LONG)
      await smsc.until(() => smsc.submits.map(each => each.body).join('') === LONG)
      const [first, ...others] = smsc.submits
      expect(others.length).toBeGreaterThan(2)
      expect(await statusOf(sid, 'sent')).toBe('sent')
      for (const part of others) await smsc.receipt(part)
      expect(await statusOf(sid, 'sent')).toBe('sent')
      await smsc.receipt(first!)
      expect(await statusOf(sid, 'delivered')).toBe('delivered')
    },
  )

  test('is undelivered when one part is', async () => {
    const { send, statusOf } = await open()
    const { sid } = await send(PHONE, LONG)
    await smsc.until(() => smsc.submits.map(each => each.body).join('') === LONG)
    await smsc.receipt(smsc.submits[1]!, 'UNDELIV')
    expect(await statusOf(sid, 'undelivered')).toBe('undelivered')
  })

  describe('that breaks off in the middle', () => {
    /** Sends a long text whose link breaks at this part, and waits until a link is bound again. */
    async function breakOff({ send, fateOf }: SmppHouse, atPart: number): Promise<{ sid: string; lost: Submit }> {
      const submits: Submit[] = []
      smsc.onSubmit = submit => {
        if (submits.push(submit) < atPart) return {}
        smsc.drop()
        return null
      }
      const { sid } = await send(PHONE, LONG)
      expect(await fateOf(sid, 'unknown')).toBe('unknown')
      await smsc.until(() => smsc.sessions.length > 0)
      return { sid, lost: submits.at(-1)! }
    }

    test('is not delivered because its beginning is', async () => {
      const house = await open()
      const { sid, lost } = await breakOff(house, 3)
      for (const part of smsc.submits) expect(await smsc.receipt(part)).toBe(0)
      expect(await smsc.receipt(lost)).toBe(0)
      expect(await house.fateOf(sid, 'delivered', 'unknown')).toBe('unknown')
    })

    test('is not delivered because its first part is, which nobody said was taken', async () => {
      const house = await open()
      const { sid, lost } = await breakOff(house, 1)
      expect(await smsc.receipt(lost, 'ACCEPTD')).toBe(0)
      expect(await smsc.receipt(lost)).toBe(0)
      expect(await house.fateOf(sid, 'delivered', 'sent', 'unknown')).toBe('unknown')
    })

    test('is undelivered when a part is that was taken', async () => {
      const house = await open()
      const { sid, lost } = await breakOff(house, 2)
      await Promise.all([smsc.receipt(smsc.submits[0]!, 'UNDELIV'), smsc.receipt(lost, 'UNDELIV')])
      expect(await house.fateOf(sid, 'undelivered')).toBe('undelivered')
    })

    test('is undelivered when a receipt said so before the break was known', async () => {
      const { send, fateOf } = await open({ binds: 2 })
      await smsc.until(() => smsc.sessions.length === 2)
      smsc.onSubmit = (submit, session) => {
        if (smsc.submits.length === 0) return {}
        const receipt = {
          source_addr: submit.destination,
          destination_addr: submit.source,
          esm_class: 4,
          short_message: Buffer.from(`id:${smsc.submits[0]!.messageId} stat:UNDELIV err:000`),
        }
        const other = smsc.sessions.find(each => each !== session)
        void smsc.deliver(receipt, other).then(() => session.destroy())
        return null
      }
      const { sid } = await send(PHONE, LONG)
      expect(await fateOf(sid, 'undelivered', 'unknown')).toBe('undelivered')
    })
  })

  test('that is refused in the middle lends its receipts to no other text of the pair', async () => {
    const { send, fateOf } = await open()
    let submitted = 0
    smsc.onSubmit = () => {
      if (++submitted < 3) return {}
      if (submitted === 3) return { status: 0x0b }
      smsc.drop()
      return null
    }
    const refused = await send(PHONE, LONG)
    expect(await fateOf(refused.sid, 'failed')).toBe('failed')
    const doubtful = await send(PHONE, 'Hi')
    expect(await fateOf(doubtful.sid, 'unknown')).toBe('unknown')
    await smsc.until(() => smsc.sessions.length > 0)
    expect(await smsc.receipt(smsc.submits[0]!)).toBe(0)
    expect(await fateOf(doubtful.sid, 'unknown', 'delivered')).toBe('unknown')
    expect(await fateOf(refused.sid, 'failed')).toBe('failed')
  })

  test('goes whole by message_payload', async () => {
    const { send } = await open({ concatenation: 'payload' })
    await send(PHONE, LONG)
    await smsc.until(() => smsc.submits.length === 1)
    expect(smsc.submits[0]?.body).toBe(LONG)
  })
})

describe('a long text from a phone', () => {
  test('is one text, whatever the order of its parts, repeated ones included', async () => {
    const { heardFrom } = await open()
    const parts = partsOf(LONG)
    const order = [...parts.slice(1).reverse(), parts[1]!, parts[0]!]
    for (const part of order) expect(await deliverPart(part)).toBe(0)
    expect((await heardFrom(PHONE)).map(each => each.body)).toEqual([LONG])
  })

  test('that uses a reference again is another text', async () => {
    const { heardFrom } = await open()
    const [one, two] = [LONG, LONG.replace('Köln', 'Bonn')]
    for (const part of [...partsOf(one), ...partsOf(two)]) await deliverPart(part)
    expect((await heardFrom(PHONE)).map(each => each.body)).toEqual([one, two])
  })

  test('is handed on as far as it is known when a part never comes, and says so', async () => {
    const { heardFrom, advance } = await open({ partsWithinMs: 60_000 })
    const parts = partsOf(LONG)
    for (const part of [parts[0]!, ...parts.slice(2)]) expect(await deliverPart(part)).toBe(0)
    expect(await heardFrom(PHONE)).toEqual([])
    await advance('PT2M')
    const untilMs = Date.now() + 10_000
    let heard = await heardFrom(PHONE)
    while (heard.length === 0 && Date.now() < untilMs) {
      await new Promise(resolve => setTimeout(resolve, 100))
      heard = await heardFrom(PHONE)
    }
    expect(heard).toMatchObject([{ error_code: 30009 }])
    expect(heard[0]?.body).toContain('[…]')
    expect(heard[0]?.body.startsWith(LONG.slice(0, 60))).toBe(true)
  })
})

describe('a receipt', () => {
  const decimal = ({ messageId, ...rest }: Submit) => ({ ...rest, messageId: `000${Number.parseInt(messageId, 16)}` })

  test('is known by its id in decimal where submits are answered in hexadecimal', async () => {
    const { send, statusOf } = await open({ submitIds: 'hex', receiptIds: 'decimal' })
    const { sid } = await send(PHONE, 'Hi')
    await smsc.until(() => smsc.submits.length === 1)
    await smsc.receipt(decimal(smsc.submits[0]!))
    expect(await statusOf(sid, 'delivered')).toBe('delivered')
  })

  test('may come before the answer to the submit, over another link', async () => {
    const { send, statusOf } = await open({ binds: 2 })
    await smsc.until(() => smsc.sessions.length === 2)
    smsc.onSubmit = (submit, session) => {
      const other = smsc.sessions.find(each => each !== session)
      smsc
        .deliver(
          {
            source_addr: submit.destination,
            destination_addr: submit.source,
            esm_class: 4,
            short_message: Buffer.from(`id:${submit.messageId.toLowerCase()} stat:DELIVRD err:000`),
          },
          other,
        )
        .then(() => session.send(submit.pdu.response({ message_id: submit.messageId })))
      return null
    }
    const { sid } = await send(PHONE, 'Hi')
    expect(await statusOf(sid, 'delivered')).toBe('delivered')
  })

  test('by parameters tells the error of the network', async () => {
    const { send, statusOf, ask } = await open({ errors: { '69': 30006 } })
    const { sid } = await send(PHONE, 'Hi')
    await smsc.until(() => smsc.submits.length === 1)
    await smsc.deliver({
      source_addr: smsc.submits[0]!.destination,
      destination_addr: smsc.submits[0]!.source,
      esm_class: 4,
      receipted_message_id: smsc.submits[0]!.messageId,
      message_state: 5,
      network_error_code: Buffer.from([3, 0, 69]),
    })
    expect(await statusOf(sid, 'undelivered')).toBe('undelivered')
    const { body } = await ask('GET', `/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages/${sid}.json`)
    expect(body.error_code).toBe(30006)
  })
})

test('a short code and a phone write to each other', async () => {
  const { send, heardFrom } = await open()
  await send(PHONE, 'From a short code', '28000')
  await smsc.until(() => smsc.submits.length === 1)
  expect(smsc.submits[0]?.pdu).toMatchObject({ source_addr: '28000', source_addr_ton: 3, source_addr_npi: 0 })
  const answer = { source_addr: '15557770001', destination_addr: '28000', dest_addr_ton: 3, short_message: 'STATUS' }
  expect(await smsc.deliver(answer)).toBe(0)
  expect((await heardFrom(PHONE)).map(each => each.to)).toEqual(['28000'])
})

test('a text to a number that the carrier does not serve is refused', async () => {
  await open()
  expect(await smsc.deliver({ ...FROM_PHONE, destination_addr: '15559990000', short_message: 'Hi' })).toBe(0x0b)
})

test('a text in Latin-1 and one in data_sm are read', async () => {
  const { heardFrom } = await open()
  await smsc.deliver({ ...FROM_PHONE, data_coding: 3, short_message: Buffer.from('ça va', 'latin1') })
  expect((await heardFrom(PHONE)).map(each => each.body)).toEqual(['ça va'])
})

test('what the carrier refuses fails with its code and ours', async () => {
  const { send, statusOf, ask } = await open()
  smsc.onSubmit = () => ({ status: 0x0b })
  const { sid } = await send(PHONE, 'Hi')
  expect(await statusOf(sid, 'failed')).toBe('failed')
  const { body } = await ask('GET', `/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages/${sid}.json`)
  expect(body).toMatchObject({ error_code: 30005, error_message: expect.stringContaining('0x0B'), from: NUMBER })
})

test('a text from a name leaves over the carrier of its pool, and its receipt comes home', async () => {
  const { ask, statusOf } = await open()
  const made = await ask('POST', '/v1/pools', { name: 'Names', numbers: [NUMBER] })
  expect((await ask('POST', '/v1/pools/Names/names', { name: 'ACME' })).status).toBe(201)
  const form = { MessagingServiceSid: made.body.sid, To: '+447400999001', Body: 'Hello' }
  const { body } = await ask('POST', MESSAGES, new URLSearchParams(form))
  await smsc.until(() => smsc.submits.length === 1)
  const [submit] = smsc.submits
  expect(submit?.pdu).toMatchObject({ source_addr: 'ACME', source_addr_ton: 5, destination_addr: '447400999001' })
  await smsc.receipt(submit!)
  expect(await statusOf(body.sid, 'delivered')).toBe('delivered')
})
