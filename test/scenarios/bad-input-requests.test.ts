import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ACCOUNT_SID, AUTH_TOKEN, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const OURS = '+15550001000'
const PERSON = '+15557770001'
const MESSAGES = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`
const SIMULATOR = '/simulator/messages'
const GOOD = { authorization: `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}` }
/** No answer: the connection was closed on a request that would not end. */
const CUT_OFF = 0
const JSON_TYPE = { 'content-type': 'application/json' }
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' }

describe('a request that is no request', () => {
  let house: TestHouse

  beforeAll(async () => {
    house = await openTestHouse(seedOf([{ number: OURS }]))
  })

  afterAll(() => house.close())

  afterEach(async () => {
    expect((await house.ask('GET', '/healthz')).status).toBe(200)
    await house.text(PERSON, OURS, 'still there?')
  })

  /** Sends exactly these bytes; what `fetch` would put right stays wrong. */
  async function send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string | Buffer,
  ): Promise<{ status: number; body: string }> {
    const request = httpRequest(house.url + path, { method, headers: { ...GOOD, ...headers }, agent: false })
    // What is refused at once may be cut off while it is still being sent.
    const cutOff = new Promise<null>(resolve => request.on('error', () => resolve(null)))
    request.end(body)
    const answered = new Promise<IncomingMessage>(resolve => request.on('response', resolve))
    const response = await Promise.race([answered, cutOff])
    if (!response) return { status: CUT_OFF, body: '' }
    return { status: response.statusCode ?? 0, body: await text(response) }
  }

  const good = JSON.stringify({ from: PERSON, to: OURS, body: 'hi' })

  test.each<[string, number[], () => ReturnType<typeof send>]>([
    ['invalid UTF-8 in JSON', [201], () => send('POST', SIMULATOR, JSON_TYPE, withBytes(good, [0xc3, 0x28, 0xff]))],
    [
      'invalid UTF-8 in a form',
      [201],
      () =>
        send(
          'POST',
          MESSAGES,
          FORM_TYPE,
          withBytes(`To=${encodeURIComponent(PERSON)}&From=${encodeURIComponent(OURS)}&Body=hi`, [0xff]),
        ),
    ],
    [
      'half a percent sign in a form',
      [201, 400],
      () => send('POST', MESSAGES, FORM_TYPE, `To=%2B15557770001&From=%2B15550001000&Body=%E0%A4%A%%zz`),
    ],
    ['half a JSON object', [400], () => send('POST', SIMULATOR, JSON_TYPE, good.slice(0, -5))],
    ['a JSON list', [400], () => send('POST', SIMULATOR, JSON_TYPE, '[]')],
    ['a JSON number', [400], () => send('POST', SIMULATOR, JSON_TYPE, '1e999')],
    ['a JSON null', [400], () => send('POST', SIMULATOR, JSON_TYPE, 'null')],
    [
      'JSON with a prototype',
      [400, 201],
      () => send('POST', SIMULATOR, JSON_TYPE, `{"__proto__":{"to":1},${good.slice(1)}`),
    ],
    ['JSON as deep as it gets', [400], () => send('POST', SIMULATOR, JSON_TYPE, '['.repeat(200_000))],
    [
      'JSON where a form belongs',
      [201],
      () => send('POST', MESSAGES, JSON_TYPE, JSON.stringify({ To: PERSON, From: OURS, Body: 'hi' })),
    ],
    [
      'JSON lists where texts belong',
      [400, 201],
      () => send('POST', MESSAGES, JSON_TYPE, JSON.stringify({ To: [PERSON, {}], From: { a: 1 }, Body: [[]] })),
    ],
    ['numbers where texts belong', [400], () => send('POST', SIMULATOR, JSON_TYPE, '{"from":1,"to":2,"body":3}')],
    ['no body at all', [400], () => send('POST', MESSAGES, FORM_TYPE)],
    ['a body without a type', [400, 415], () => send('POST', MESSAGES, {}, good)],
    ['a body of another type', [400, 415], () => send('POST', MESSAGES, { 'content-type': 'application/xml' }, '<a/>')],
    ['a type that is none', [400, 415], () => send('POST', SIMULATOR, { 'content-type': ';;;,=' }, good)],
    [
      'a multipart without its boundary',
      [400, 415],
      () => send('POST', MESSAGES, { 'content-type': 'multipart/form-data' }, 'x'),
    ],
    ['a form of 20 MB', [413, CUT_OFF], () => send('POST', MESSAGES, FORM_TYPE, `Body=${'x'.repeat(20_000_000)}`)],
    ['a hundred thousand fields', [400, 413], () => send('POST', MESSAGES, FORM_TYPE, 'a[]=1&'.repeat(100_000))],
    [
      'a megabyte in one field',
      [400, 413],
      () => send('POST', MESSAGES, FORM_TYPE, `To=%2B15557770001&From=%2B15550001000&Body=${'x'.repeat(1_000_000)}`),
    ],
    ['a length that is none', [400], () => raw('POST /v1/calls HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n')],
    [
      'two lengths',
      [400],
      () => raw('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
    ],
    ['headers of 100 kB', [431], () => raw(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`)],
    ['no HTTP', [400], () => raw('\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n')],
    ['a method that nobody knows', [400, 404, 405], () => send('PROPFIND', MESSAGES, {})],
    ['a method that is no word', [400], () => raw('G3T! / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['the wrong method', [405], () => send('PUT', MESSAGES, FORM_TYPE, 'a=b')],
    ['a path with half a percent sign', [400, 404], () => send('GET', '/v1/calls/%E0%A4%A', {})],
    ['a query that is none', [200, 400], () => send('GET', '/v1/calls?%E0%A4%A&&&==&[]=&a[b][c]=1&limit', {})],
    ['a host that is none', [404, 400], () => raw('GET / HTTP/1.1\r\nHost: \u0000..//conversations.\r\n\r\n')],
  ])('%s is answered, and all goes on', async (_what, statuses, ask) => {
    const answer = await ask()
    expect(statuses, answer.body.slice(0, 300)).toContain(answer.status)
  })

  test.each(['100%', '%c0%80', '%E0%A4%A'])('a path with %s names nothing, in the words of its API', async name => {
    const missing = await send('GET', `/conversations/v1/Conversations/${name}`, {})
    expect(JSON.parse(missing.body)).toEqual({
      code: 20404,
      message: `The requested resource /Conversations/${name} was not found`,
      more_info: 'https://www.twilio.com/docs/errors/20404',
      status: 404,
    })
    expect(JSON.parse((await send('GET', `/v1/calls/${name}`, {})).body)).toMatchObject({ code: 'not_found' })
  })

  test.each([
    ['the wrong token', `Basic ${Buffer.from(`${ACCOUNT_SID}:wrong`).toString('base64')}`],
    ['nothing', ''],
    ['another scheme', 'Bearer abc'],
    ['Basic without base64', 'Basic !!!'],
    ['Basic without a colon', `Basic ${Buffer.from('abc').toString('base64')}`],
    ['a NUL for a name', `Basic ${Buffer.from('\u0000:\u0000').toString('base64')}`],
    ['SQL for a name', `Basic ${Buffer.from("' or 1=1 --:x").toString('base64')}`],
    ['a key that is none', `Basic ${Buffer.from(`SK${'0'.repeat(32)}:x`).toString('base64')}`],
    ['10 kB of token', `Basic ${Buffer.from(`${ACCOUNT_SID}:${'x'.repeat(7000)}`).toString('base64')}`],
  ])('%s for credentials is refused with 401 everywhere', async (_what, authorization) => {
    const before = (await house.ask('GET', MESSAGES)).body.messages.length
    for (const path of [MESSAGES, SIMULATOR, '/v1/calls', '/conversations/v1/Conversations']) {
      const method = path === SIMULATOR ? 'POST' : 'GET'
      const answer = await send(method, path, { authorization, ...JSON_TYPE }, path === SIMULATOR ? good : undefined)
      expect(answer.status, path).toBe(401)
    }
    expect((await house.ask('GET', MESSAGES)).body.messages).toHaveLength(before)
  })

  test.each([
    '/v1/opt-outs/import',
    '/restapi/v1.0/account/~/message-threads/messages',
    '/restapi/v1.0/account/~/extension/~/mms',
    SIMULATOR,
  ])('a large body to %s is not waited for when nobody knows the sender', async path => {
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000000\r\n\r\n{`
    expect((await raw(head)).status).toBe(401)
  })

  /** Writes to the bare connection; the status of the first answer. */
  async function raw(bytes: string): Promise<{ status: number; body: string }> {
    const socket = connect(Number(new URL(house.url).port), '127.0.0.1')
    socket.write(Buffer.from(bytes, 'latin1'))
    let answer = ''
    socket.setEncoding('latin1').on('data', (part: string) => {
      answer += part
      if (answer.includes('\r\n\r\n')) socket.end()
    })
    socket.on('error', () => socket.destroy())
    await once(socket, 'close')
    return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]), body: answer }
  }
})

/** The text with bytes in its middle: before the last `hi`, that is. */
function withBytes(whole: string, bytes: number[]): Buffer {
  const at = whole.lastIndexOf('hi')
  return Buffer.concat([Buffer.from(whole.slice(0, at)), Buffer.from(bytes), Buffer.from(whole.slice(at))])
}
