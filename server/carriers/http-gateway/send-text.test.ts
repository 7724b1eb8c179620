import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  type FakeGateway,
  type OpenGateway,
  openFakeGateway,
  openGatewayCarrier,
} from '../../../test/support/fake-gateway.ts'
import type { OutboundText } from '../carrier.ts'

const REFERENCE = '0192f0c1-0000-7000-8000-000000000001'
const textTo = (more: Partial<OutboundText> = {}): OutboundText => ({
  reference: REFERENCE,
  number: '+15550001000',
  persons: ['+15557770001'],
  body: 'Grüße {text}',
  media: [],
  ...more,
})
const PNG = { contentType: 'image/png', url: 'https://heddle.example/a.png', size: 8 }
const PDF = { contentType: 'application/pdf', url: 'https://heddle.example/b.pdf', size: 8 }

let gateway: FakeGateway
const opened: OpenGateway[] = []
beforeEach(async () => {
  gateway = await openFakeGateway()
})
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
  await gateway.close()
})

async function open(more: Record<string, unknown>): Promise<OpenGateway> {
  const send = { url: `${gateway.url}/send`, json: { to: '{to}', text: '{text}' } }
  const each = await openGatewayCarrier({ name: 'gw', kind: 'http', send, ...more })
  opened.push(each)
  return each
}

test('a text goes as a form, with credentials of its own', async () => {
  const { carrier } = await open({
    secrets: { key: 's3cret key' },
    headers: { 'X-Key': '{secret.key}' },
    send: {
      url: `${gateway.url}/to/{to}`,
      headers: { 'X-Reference': '{reference}' },
      form: { text: '{text}', alphabet: '{encoding|alphabets}', parts: '{segments}' },
    },
    maps: { alphabets: { gsm7: 'plain', ucs2: 'unicode' } },
  })
  expect(await carrier.send([textTo({ body: 'Ελληνικά '.repeat(10) })])).toEqual([
    { kind: 'taken', carrierMessageId: REFERENCE },
  ])
  expect(gateway.calls[0]).toMatchObject({
    method: 'POST',
    path: '/to/%2B15557770001',
    headers: { 'x-key': 's3cret key', 'x-reference': REFERENCE, 'content-type': 'application/x-www-form-urlencoded' },
  })
  expect(Object.fromEntries(new URLSearchParams(gateway.calls[0]?.body))).toEqual({
    text: 'Ελληνικά '.repeat(10),
    alphabet: 'unicode',
    parts: '2',
  })
})

test('a text goes in a query, and its id comes as plain text', async () => {
  const { carrier } = await open({
    secrets: { key: 'k&y' },
    numbers: { form: 'digits' },
    send: {
      url: `${gateway.url}/send?v=1`,
      query: { key: '{secret.key}', to: '{to}', text: '{text}', none: '{media}' },
    },
    answer: { format: 'text', id: '@body' },
  })
  gateway.answer = () => ({ status: 200, body: ' 4711\n' })
  expect(await carrier.send([textTo()])).toEqual([{ kind: 'taken', carrierMessageId: '4711' }])
  expect(gateway.calls[0]).toMatchObject({
    method: 'GET',
    query: { v: '1', key: 'k&y', to: '15557770001', text: 'Grüße {text}' },
    body: '',
  })
})

test('a text in a header is one line, in UTF-8', async () => {
  const { carrier } = await open({ send: { url: `${gateway.url}/send`, headers: { 'X-Text': '{text}' } } })
  expect(await carrier.send([textTo({ body: 'né 😀\r\nX-Other: 1' })])).toMatchObject([{ kind: 'taken' }])
  expect(Buffer.from(String(gateway.calls[0]?.headers['x-text']), 'latin1').toString()).toBe('né 😀  X-Other: 1')
})

test('files that a gateway does not carry are named by their addresses', async () => {
  const { carrier } = await open({
    sendMedia: {
      url: `${gateway.url}/mms`,
      media: { most: 1, types: ['image/'] },
      json: { url: '{media.0}', text: '{text}' },
    },
  })
  await carrier.send([textTo({ media: [PNG] })])
  await carrier.send([textTo({ media: [PNG, PNG] })])
  await carrier.send([textTo({ body: '', media: [PDF] })])
  expect(gateway.calls.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
    ['/mms', { url: PNG.url, text: 'Grüße {text}' }],
    ['/send', { to: '+15557770001', text: `Grüße {text}\n${PNG.url}\n${PNG.url}` }],
    ['/send', { to: '+15557770001', text: PDF.url }],
  ])
})

test('a gateway that is not there keeps texts waiting, and says so', async () => {
  const { carrier } = await open({ send: { url: 'http://127.0.0.1:1/send' } })
  expect(await carrier.send([textTo()])).toMatchObject([{ kind: 'retry', carrierCode: 'connection_refused' }])
  expect(carrier.health?.()).toMatchObject({ isBound: false, links: { bound: 0, wanted: 1 } })
})

test('no secret is in what a gateway’s words become', async () => {
  const { carrier } = await open({
    secrets: { key: 'KEY/12345' },
    auth: { bearer: '{secret.key}' },
    answer: { id: 'id', code: 'code', message: 'message' },
  })
  const echo = { code: 'bad KEY/12345', message: 'The key KEY/12345 (KEY%2F12345) is wrong' }
  gateway.answer = () => ({ status: 400, body: echo })
  const [refused] = await carrier.send([textTo()])
  expect(refused).toMatchObject({ kind: 'refused', carrierCode: 'bad ***', message: 'The key *** (***) is wrong' })
  gateway.answer = () => ({ status: 401, body: echo })
  const [held] = await carrier.send([textTo()])
  expect(JSON.stringify([held, carrier.health?.()])).not.toContain('12345')
})

test('no more requests are under way than a gateway bears', async () => {
  const { carrier } = await open({ atOnce: 2 })
  gateway.answer = () => ({ status: 200, afterMs: 5 })
  const results = await carrier.send(Array.from({ length: 12 }, () => textTo()))
  expect(results.every(result => result.kind === 'taken')).toBe(true)
  expect(gateway.mostAtOnce).toBe(2)
})

test('texts of other numbers go no faster than the gateway is sent to', async () => {
  const { carrier } = await open({ maxPerSecond: 20 })
  const startedMs = performance.now()
  await carrier.send(Array.from({ length: 8 }, (_, at) => textTo({ number: `+1555000100${at}` })))
  expect(gateway.calls).toHaveLength(8)
  expect(performance.now() - startedMs).toBeGreaterThan(200)
})

test('a text whose kept connection broke before the answer is in doubt, and not sent twice', async () => {
  const { carrier } = await open({ answerWithinMs: 2000 })
  expect(await carrier.send([textTo()])).toMatchObject([{ kind: 'taken' }])
  // A connection is kept for others a moment after its answer came.
  await new Promise(resolve => setTimeout(resolve, 50))
  gateway.answer = () => ({ status: 0, isCut: true })
  expect(await carrier.send([textTo({ body: 'once' })])).toMatchObject([{ kind: 'unknown' }])
  expect(gateway.calls.filter(call => call.body.includes('once'))).toHaveLength(1)
})
