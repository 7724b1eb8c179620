import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  type FakeGateway,
  type OpenGateway,
  openFakeGateway,
  openGatewayCarrier,
} from '../../../test/support/fake-gateway.ts'

const NUMBER = '+15550001000'
const PHONE = '+15557770001'
const REFERENCE = '0192f0c1-0000-7000-8000-000000000001'
const TOKEN = 'key=a+token'

let gateway: FakeGateway
let open: OpenGateway
beforeEach(async () => {
  gateway = await openFakeGateway()
})
afterEach(async () => {
  await open.close()
  await gateway.close()
})

async function openWith(inbound: object, more: Record<string, unknown> = {}): Promise<void> {
  open = await openGatewayCarrier({
    name: 'gw',
    kind: 'http',
    secrets: { token: 'a token' },
    send: { url: `${gateway.url}/send` },
    auth: { bearer: '{secret.token}' },
    signature: { kind: 'token', query: 'key', equals: '{secret.token}' },
    inbound: { from: 'from', number: 'to', text: 'text', ...inbound },
    receipts: { id: 'id', status: 'status', statuses: { ok: 'delivered', bad: 'failed' }, code: 'code' },
    errors: { '7': 'retry', '8': 30006 },
    ...more,
  })
}
const call = async (path: string, body?: object, type = 'application/json') => {
  const headers = { 'content-type': type }
  const post = { method: 'POST', headers, body: JSON.stringify(body) }
  return (await fetch(`${open.callbackUrl}/${path}`, body ? post : {})).status
}
const text = (more: object = {}) => ({ from: PHONE, to: NUMBER, text: 'yes', ...more })
const names = () => open.house.received.map(each => each.carrierMessageId)

test('a text may come in the query of a GET', async () => {
  await openWith({ id: 'id' })
  expect(
    await call(`inbound?${TOKEN}&${new URLSearchParams({ from: PHONE, to: NUMBER, text: 'né & so', id: '7' })}`),
  ).toBe(200)
  expect(open.house.received).toMatchObject([{ carrierMessageId: '7', person: PHONE, number: NUMBER, body: 'né & so' }])
})

test('texts and receipts may come in one list, to either address', async () => {
  await openWith(
    { id: 'id', when: { kind: 'text' } },
    {
      events: 'list',
      receipts: { when: { kind: 'receipt' }, id: 'id', status: 'status', statuses: { ok: 'delivered' } },
    },
  )
  const list = [
    text({ kind: 'text', id: 'a' }),
    { kind: 'receipt', id: 'b', status: 'ok' },
    { kind: 'other' },
    text({ kind: 'text', id: 'c' }),
  ]
  expect(await call(`status?${TOKEN}`, { list })).toBe(200)
  expect(names()).toEqual(['a', 'c'])
  expect(open.house.receipts).toMatchObject([{ carrierMessageId: 'b', number: '', status: 'delivered' }])
})

test('an id may be made of all that makes a text one of a kind', async () => {
  await openWith({ id: ['from', 'text', 'at'] })
  for (const at of [1, 1, 2]) await call(`inbound?${TOKEN}`, text({ at }))
  expect(new Set(names()).size).toBe(2)
})

test('without an id two texts that say the same are two', async () => {
  await openWith({})
  for (const _ of [1, 2]) expect(await call(`inbound?${TOKEN}`, text())).toBe(200)
  expect(new Set(names()).size).toBe(2)
})

test('without an id a text that was not surely answered is the same when it comes again, once', async () => {
  await openWith({})
  const { receive } = open.house
  let isBroken = true
  open.house.receive = async heard => {
    const received = await receive(heard)
    if (isBroken) throw new Error('the database went away after the commit')
    return received
  }
  expect(await call(`inbound?${TOKEN}`, text())).toBe(500)
  isBroken = false
  for (const _ of [1, 2]) expect(await call(`inbound?${TOKEN}`, text())).toBe(200)
  const [first, again, another] = names()
  expect(again).toBe(first)
  expect(another).not.toBe(first)
})

test('a file that can’t be had leaves its address, and its text is kept', async () => {
  await openWith({ id: 'id', media: 'media[]' })
  gateway.answer = () => ({ status: 404 })
  gateway.files.set('/a.jpg', { contentType: 'image/jpeg', bytes: Buffer.from('jpeg') })
  gateway.files.set('/0.smil', { contentType: 'application/smil', bytes: Buffer.from('<smil/>') })
  const media = ['a.jpg', 'gone.jpg', '0.smil'].map(name => `${gateway.url}/${name}`)
  expect(await call(`inbound?${TOKEN}`, text({ id: 'a', media }))).toBe(200)
  expect(open.house.received).toMatchObject([
    { body: `yes\n${gateway.url}/gone.jpg`, media: [{ contentType: 'image/jpeg', fileName: 'a.jpg' }] },
  ])
  expect(open.notices.join()).toMatch(/could not be had/)
})

test('credentials go only to the addresses that they are for', async () => {
  const other = await openFakeGateway()
  const authorization = 'Bearer a token'
  await openWith({ id: 'id', media: 'media[]', mediaAuth: `${gateway.url}/guarded/` })
  for (const path of ['/guarded/a', '/open/b']) {
    gateway.files.set(path, { contentType: 'image/png', bytes: Buffer.from('x'), authorization })
  }
  await call(
    `inbound?${TOKEN}`,
    text({ id: 'a', media: [`${gateway.url}/guarded/a`, `${gateway.url}/open/b`, `${other.url}/c`] }),
  )
  expect(open.house.received[0]?.media).toHaveLength(1)
  // An address of our own network that is not the gateway's is never called.
  expect(other.calls).toEqual([])
  await other.close()
})

test('a text does not overtake one of its pair that waits for its file', async () => {
  await openWith({ id: 'id', media: 'media[]' })
  let isAnswered = false
  gateway.answer = () => {
    if (isAnswered) return { status: 404 }
    isAnswered = true
    setTimeout(() => void call(`inbound?${TOKEN}`, text({ id: 'second' })), 20)
    return { status: 503 }
  }
  await call(`inbound?${TOKEN}`, text({ id: 'first', media: [`${gateway.url}/slow.png`] }))
  await expect.poll(names).toEqual(['first', 'second'])
})

test('a text to a number that is none of ours is refused and told to the operator', async () => {
  await openWith({ id: 'id' })
  open.house.receive = async () => ({ kind: 'unknown_number' })
  expect(await call(`inbound?${TOKEN}`, text({ id: 'a' }))).toBe(404)
  expect(open.notices).toEqual([`A text to +*******1000 was refused: it is no number that this carrier serves.`])
})

test('a text that names nobody costs the others of its request nothing', async () => {
  await openWith({ id: 'id' }, { events: 'list' })
  const nameless = { to: NUMBER, text: 'yes', id: 'b' }
  const list = [text({ id: 'a' }), nameless, text({ id: 'c' })]
  expect(await call(`inbound?${TOKEN}`, { list })).toBe(200)
  expect(names()).toEqual(['a', 'c'])
  expect(open.notices).toEqual(['A text was passed over: no sender or no number of ours is where `inbound` says.'])
  expect(await call(`inbound?${TOKEN}`, { list: [nameless, nameless] })).toBe(422)
})

test('without an id a text beside one that is refused is the same when both come again', async () => {
  await openWith({}, { events: 'list' })
  const { receive } = open.house
  open.house.receive = async heard => (heard.number === NUMBER ? receive(heard) : { kind: 'unknown_number' })
  const list = [text(), text({ to: '+15550009999' })]
  for (const _ of [1, 2]) expect(await call(`inbound?${TOKEN}`, { list })).toBe(404)
  expect(names()).toHaveLength(2)
  expect(new Set(names()).size).toBe(1)
})

test.each([
  ['that names nobody', `inbound?${TOKEN}`, { to: NUMBER, text: 'yes' }, 422],
  ['without a token', 'inbound', text(), 403],
  ['with another token', 'inbound?key=b', text(), 403],
])('a text %s is refused', async (_, path, body, status) => {
  await openWith({})
  expect(await call(path, body)).toBe(status)
  expect(open.house.received).toEqual([])
})

test('a body that is no JSON is refused', async () => {
  await openWith({})
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${open.callbackUrl}/inbound?${TOKEN}`, { method: 'POST', headers, body: '{"from":' })
  expect(response.status).toBe(400)
})

test('what a phone’s text may not hold is replaced', async () => {
  await openWith({ id: 'id' })
  await call(`inbound?${TOKEN}`, text({ id: 'a', text: 'a\u0000b\ud800c' }))
  expect(open.house.received[0]?.body).toBe('a\ufffdb\ufffdc')
})

test('an id of any length is one id', async () => {
  await openWith({ id: 'id' })
  const id = 'x'.repeat(5000)
  for (const more of [{}, {}, { id: `${id}y` }]) await call(`inbound?${TOKEN}`, text({ id, ...more }))
  await call(`status?${TOKEN}`, { id, status: 'ok' })
  const [first, again, other] = names()
  expect([again, open.house.receipts[0]?.carrierMessageId]).toEqual([first, first])
  expect(other).not.toBe(first)
  expect(first?.length).toBeLessThan(200)
})

test('ids with more digits than JavaScript counts are told apart', async () => {
  await openWith({ id: 'id' })
  const headers = { 'content-type': 'application/json' }
  const ids = ['12345678901234567890', '12345678901234567891']
  for (const id of ids) {
    const body = `{"from":"${PHONE}","to":"${NUMBER}","text":"\\"1234567890123456789","id":${id}}`
    await fetch(`${open.callbackUrl}/inbound?${TOKEN}`, { method: 'POST', headers, body })
  }
  expect(names()).toEqual(ids)
  expect(open.house.received[0]?.body).toBe('"1234567890123456789')
})

test('a body may begin with a byte order mark, and its content type be written in any case', async () => {
  await openWith({})
  const url = `${open.callbackUrl}/inbound?${TOKEN}`
  const bodies = [
    ['application/json', `\ufeff${JSON.stringify(text())}`],
    ['Application/X-WWW-Form-URLEncoded', new URLSearchParams(text()).toString()],
  ]
  for (const [type = '', body = ''] of bodies) {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body: Buffer.from(body) })
    expect(response.status).toBe(200)
  }
})

test('numbers are read as people write them', async () => {
  await openWith({}, { numbers: { countryPrefix: '+1' } })
  for (const from of ['(555) 777-0001', '555.777.0001', '+1 (555) 777-0001']) {
    await call(`inbound?${TOKEN}`, text({ from }))
  }
  expect(open.house.received.map(each => each.person)).toEqual([PHONE, PHONE, PHONE])
})

test('what is no address is refused', async () => {
  await openWith({ id: 'id' })
  expect(await call(`inbound?${TOKEN}`, text({ id: 'a', from: 'x'.repeat(5000) }))).toBe(422)
})

test('requests of strangers fill no log', async () => {
  await openWith({})
  for (let i = 0; i < 5; i++) await call('inbound', text())
  expect(open.notices).toEqual(['A request to /inbound was refused: the token is another one.'])
})

test('a receipt’s failure has a code of ours', async () => {
  await openWith({})
  for (const code of ['8', '7', 'x']) await call(`status?${TOKEN}`, { id: code, status: 'bad', code })
  await call(`status?${TOKEN}`, { id: 'y', status: 'bad' })
  expect(open.house.receipts.map(receipt => [receipt.errorCode, receipt.carrierCode])).toEqual([
    [30006, '8'],
    [30008, '7'],
    [30008, 'x'],
    [30008, 'bad'],
  ])
})

test('a receipt tells of a text that was sent and never answered', async () => {
  await openWith({})
  open.ledger.unknown = [
    {
      reference: REFERENCE,
      number: NUMBER,
      persons: [PHONE],
      body: 'a',
      createdAt: new Date(),
      unknownSince: new Date(),
    },
  ]
  await call(`status?${TOKEN}&text=${REFERENCE}`, { id: 'gateway-1', status: 'ok' })
  await call(`status?${TOKEN}&text=no-reference`, { id: 'gateway-2', status: 'ok' })
  expect(open.ledger.resolved).toEqual([[REFERENCE, 'gateway-1']])
  expect(open.house.statusesOf('gateway-1')).toEqual(['delivered'])
})

test('a text whose receipt came, and no answer, was taken', async () => {
  await openWith({})
  gateway.answer = async () => {
    await call(`status?${TOKEN}&text=${REFERENCE}`, { id: 'early-1', status: 'ok' })
    return { status: 200, isCut: true }
  }
  const send = () =>
    open.carrier.send([{ reference: REFERENCE, number: NUMBER, persons: [PHONE], body: 'a', media: [] }])
  expect(await send()).toEqual([{ kind: 'taken', carrierMessageId: 'early-1' }])
  gateway.answer = () => ({ status: 200, isCut: true })
  expect(await send()).toMatchObject([{ kind: 'unknown' }])
})

test('a receipt that names no number is about the number that its text left from', async () => {
  await openWith({}, { answer: { id: 'id' } })
  gateway.answer = () => ({ status: 200, body: { id: 'g1' } })
  await open.carrier.send([{ reference: REFERENCE, number: '28000', persons: [PHONE], body: 'a', media: [] }])
  await call(`status?${TOKEN}`, { id: 'g1', status: 'ok' })
  expect(open.house.receipts).toMatchObject([{ carrierMessageId: 'g1', number: '28000' }])
})

test('a carrier that was stopped takes nothing, so that it is told again', async () => {
  await openWith({ id: 'id' })
  await open.carrier.stop()
  expect(await call(`inbound?${TOKEN}`, text({ id: 'a' }))).toBe(503)
})
