import { once } from 'node:events'
import { connect } from 'node:net'
import smpp from 'smpp'
import { afterEach, describe, expect, test } from 'vitest'
import { selfSigned } from '../support/self-signed.ts'
import { NUMBER, openSmppHouse, PHONE, type SmppHouse } from '../support/smpp-house.ts'
import { openSmsc, type Smsc } from '../support/smsc.ts'

const FROM_PHONE = { source_addr: '15557770001', destination_addr: '15550001000' }
const phone = (index: number) => `+1555777${String(index).padStart(4, '0')}`

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

describe('links', () => {
  test('are bound as many and in the roles that the account has', async () => {
    const { send, heardFrom } = await open({ bind: 'transmitter_receiver', binds: 2 })
    await smsc.until(() => smsc.sessions.length === 4)
    expect(smsc.binds.map(each => each.command).sort()).toEqual([
      'bind_receiver',
      'bind_receiver',
      'bind_transmitter',
      'bind_transmitter',
    ])
    await send(PHONE, 'Hi')
    await smsc.until(() => smsc.submits.length === 1)
    await smsc.deliver({ ...FROM_PHONE, short_message: 'Hi' })
    expect(await heardFrom(PHONE)).toHaveLength(1)
  })

  test('that break are bound again, and texts go on in order', async () => {
    const { send } = await open({ window: 1 })
    const texts = Array.from({ length: 30 }, (_, at) => `text ${at}`)
    for (const [at, text] of texts.entries()) {
      await send(PHONE, text)
      if (at % 10 === 9) {
        await smsc.until(() => smsc.submits.length === at + 1)
        smsc.drop()
      }
    }
    await smsc.until(() => smsc.submits.length === texts.length)
    expect(smsc.submits.map(each => each.body)).toEqual(texts)
  })

  test('over TLS are bound when the certificate is trusted', async () => {
    const { key, cert } = selfSigned
    smsc = await openSmsc({ key, cert })
    house = await openSmppHouse(smsc.port, { url: `smpps://localhost:${smsc.port}`, ca: cert })
    await smsc.until(() => smsc.sessions.length === 1)
    await house.send(PHONE, 'Hi')
    await smsc.until(() => smsc.submits.length === 1)
  })

  test('are unbound when Heddle stops, and what came is answered', async () => {
    const { close } = await open()
    const heard: string[] = []
    smsc.sessions[0]?.on('pdu', pdu => heard.push(pdu.command))
    const answered = smsc.deliver({ ...FROM_PHONE, short_message: 'Hi' })
    await close()
    house = undefined
    // A text that was taken is answered before the link is given up; one that came too late is put off, or not answered.
    const isTaken = (await answered) === 0
    if (!isTaken) expect([0x64, null]).toContain(await answered)
    expect(heard).toContain('unbind')
    if (isTaken) expect(heard.at(-1)).toBe('unbind')
  })

  test('that are silent are asked whether they live, and ended when they do not answer', async () => {
    const { ask } = await open({ enquireAfterMs: 200, answerWithinMs: 300 })
    const [first] = smsc.sessions
    first?.removeAllListeners('pdu')
    await smsc.until(() => smsc.binds.length === 2)
    const { body } = await ask('GET', '/v1/carriers')
    expect(body.records[0]).toMatchObject({ name: 'op1', isBound: true })
  })

  test('end at a unit that can not be right, and Heddle goes on', async () => {
    const { heardFrom } = await open()
    const socket = (smsc.sessions[0] as unknown as { socket: import('node:net').Socket }).socket
    socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 5]))
    await smsc.until(() => smsc.binds.length === 2)
    await smsc.deliver({ ...FROM_PHONE, short_message: 'Still here' })
    expect((await heardFrom(PHONE)).map(each => each.body)).toEqual(['Still here'])
  })
})

describe('a link that breaks', () => {
  test('before the answer to a text makes the next that says the same a repeat, once', async () => {
    const { heardFrom } = await open()
    const text = { ...FROM_PHONE, short_message: 'yes' }
    const lost = smsc.deliver(text)
    smsc.drop()
    expect(await lost).toBe(null)
    await smsc.until(() => smsc.sessions.length === 1)
    expect(await smsc.deliver(text)).toBe(0)
    const afterRepeat = await heardFrom(PHONE)
    expect(await smsc.deliver(text)).toBe(0)
    expect(await heardFrom(PHONE)).toHaveLength(afterRepeat.length + 1)
    expect(afterRepeat.length).toBe(1)
  })

  test('with texts under way sends none of them twice, and goes on behind them', async () => {
    const { send } = await open()
    const heard: string[] = []
    smsc.onSubmit = ({ body }) => {
      heard.push(body)
      return null
    }
    await send(PHONE, 'one')
    await send(phone(2), 'two')
    await smsc.until(() => heard.length === 2)
    await send(PHONE, 'behind the first')
    smsc.onSubmit = () => ({})
    smsc.drop()
    await smsc.until(() => smsc.submits.length > 0)
    await send(phone(2), 'behind the second')
    await smsc.until(() => smsc.submits.length > 1)
    expect(smsc.submits.map(each => each.body)).toEqual(['behind the first', 'behind the second'])
  })
})

describe('a link that the SMSC unbinds', () => {
  test('is kept until it has answered what was under way, and gets no more texts', async () => {
    const { send, fateOf } = await open()
    const order: string[] = []
    smsc.answersAfterMs = () => 400
    smsc.onSubmit = ({ body }, session) => {
      order.push(`submit ${body}`)
      if (smsc.binds.length > 1) return {}
      session.on('pdu', pdu => {
        if (pdu.command === 'unbind_resp') order.push('unbind_resp')
      })
      session.send(new smpp.PDU('unbind'))
      setTimeout(() => order.push('answer'), 350)
      return {}
    }
    const first = await send(PHONE, 'one')
    await smsc.until(() => order.length > 0)
    const second = await send(phone(2), 'two')
    expect(await fateOf(first.sid, 'sent', 'unknown')).toBe('sent')
    expect(await fateOf(second.sid, 'sent', 'unknown')).toBe('sent')
    expect(order).toEqual(['submit one', 'answer', 'unbind_resp', 'submit two'])
  })

  test('is left at once when nothing is under way', async () => {
    await open()
    await new Promise(resolve => smsc.sessions[0]?.send(new smpp.PDU('unbind'), resolve))
    await smsc.until(() => smsc.binds.length === 2)
  })
})

describe('an SMSC that has had enough', () => {
  test('gets texts more slowly, each once and in order', async () => {
    const { send } = await open({ window: 50 })
    let allowed = 5
    let refused = 0
    const refill = setInterval(() => {
      if (refused > 0) allowed = Math.min(allowed + 1, 5)
    }, 100)
    smsc.onSubmit = () => {
      if (allowed > 0) {
        allowed--
        return {}
      }
      refused++
      return { status: 0x58 }
    }
    const count = 40
    for (let index = 0; index < count; index++) await send(phone(index % 20), `text ${index}`)
    await smsc.until(() => smsc.submits.length >= count)
    clearInterval(refill)
    expect(refused).toBeGreaterThan(0)
    expect(refused).toBeLessThan(count)
    for (let index = 0; index < 20; index++) {
      const bodies = smsc.submits.filter(each => `+${each.destination}` === phone(index)).map(each => each.body)
      expect(bodies).toEqual([0, 20].map(at => `text ${at + index}`))
    }
  })
})

test('a carrier that can not be bound says why, without its password', async () => {
  smsc = await openSmsc()
  smsc.onBind = () => 0x0e
  house = await openSmppHouse(smsc.port)
  await smsc.until(() => smsc.binds.length > 0)
  await new Promise(resolve => setTimeout(resolve, 100))
  const { body } = await house.ask('GET', '/v1/carriers')
  expect(body.records).toMatchObject([
    { name: 'op1', kind: 'smpp', isBound: false, lastError: expect.stringContaining('the password is wrong (0x0E)') },
  ])
  expect(JSON.stringify(body)).not.toContain('secret')
  const health = await house.ask('GET', '/healthz')
  expect(health.status).toBe(200)
  expect(health.body).toMatchObject({ status: 'ok', carriers: [{ isBound: false, queueAgeSeconds: null }] })
  const waiting = await house.send(PHONE, 'later')
  smsc.onBind = () => 0
  expect(await house.statusOf(waiting.sid, 'sent')).toBe('sent')
  expect(NUMBER).toBe('+15550001000')
})

test('a stranger at the port of an SMSC is no concern of ours', async () => {
  await open()
  const socket = connect(smsc.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.destroy()
  expect(smsc.sessions).toHaveLength(1)
})
