import { createHash } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import type net from 'node:net'
import { gzipSync } from 'node:zlib'
import express from 'express'
import session from 'express-session'
import twilio from 'twilio'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { closedPort, listen, serveHttp, serveTcp } from '../../test/support/loopback.ts'
import { selfSigned } from '../../test/support/self-signed.ts'
import { createHttpClient } from '../kit/http-client.ts'
import { type CallRequest, type CallResult, makeCall } from './make-call.ts'

const client = createHttpClient()
afterAll(() => client.close())

const authToken = '0123456789abcdef0123456789abcdef'
const idempotencyToken = '0190a6c2-7f3e-7b1a-9c55-0123456789ab'
const inbound: [string, string][] = [
  ['MessageSid', 'SM00000000000000000000000000000001'],
  ['SmsSid', 'SM00000000000000000000000000000001'],
  ['SmsStatus', 'received'],
  ['From', '+15557770001'],
  ['To', '+15550001000'],
  ['Body', 'grüße 🧵 a+b&c=d'],
]

function call(url: string, changes: Partial<CallRequest> = {}, using = client): Promise<CallResult> {
  let sids = 0
  const request: CallRequest = {
    url,
    method: 'POST',
    fallbackUrl: null,
    fallbackMethod: 'POST',
    parameters: inbound,
    authToken,
    idempotencyToken,
    cookies: null,
    now: new Date('2030-01-01T12:00:00Z'),
    worldAheadMs: 0,
    allowPrivate: true,
    expects: 'twiml',
    newSmsSid: () => `SM${String(++sids).padStart(32, 'f')}`,
    ...changes,
  }
  return makeCall(using, request, () => performance.now())
}

interface Seen {
  method: string
  path: string
  headers: http.IncomingHttpHeaders
  parameters: Record<string, string>
}

type Answer = { status?: number; headers?: http.OutgoingHttpHeaders; body?: string | Buffer }

/** An app whose pages answer by path; tells its URL and what it has seen. Every request must bear a signature that the SDK accepts. */
async function app(pages: Record<string, Answer | ((seen: Seen) => Answer)>): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = []
  const url = await serveHttp((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      const asked = new URL(request.url ?? '', 'http://app')
      const form = Object.fromEntries(new URLSearchParams(body))
      const fullUrl = `http://${request.headers.host}${request.url}`
      const signature = String(request.headers['x-twilio-signature'])
      if (!twilio.validateRequest(authToken, signature, fullUrl, form)) {
        response.writeHead(403).end('bad signature')
        return
      }
      const parameters = request.method === 'GET' ? Object.fromEntries(asked.searchParams) : form
      const each = { method: request.method ?? '', path: asked.pathname, headers: request.headers, parameters }
      seen.push(each)
      const page = pages[asked.pathname] ?? { status: 404 }
      const { status = 200, headers = {}, body: answer = '' } = typeof page === 'function' ? page(each) : page
      response.writeHead(status, { 'content-type': 'text/xml', ...headers }).end(answer)
    })
  })
  return { url, seen }
}

function says(...verbs: string[]): Answer {
  return { body: `<Response>${verbs.join('')}</Response>` }
}

function bodies(result: CallResult): string[] {
  return result.replies.map(reply => reply.body)
}

describe('the request', () => {
  it('is the form, signed, with the headers of the original', async () => {
    const { url, seen } = await app({ '/sms': says('<Message>hi</Message>') })
    const result = await call(`${url}/sms?key=it's%20me`)
    expect(seen).toMatchObject([
      {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
          'user-agent': 'TwilioProxy/1.1',
          accept: '*/*',
          'accept-encoding': 'gzip',
          'i-twilio-idempotency-token': idempotencyToken,
        },
        parameters: Object.fromEntries(inbound),
      },
    ])
    expect(seen[0]?.headers).not.toHaveProperty('cookie')
    expect(seen[0]?.headers).not.toHaveProperty('authorization')
    expect(result).toMatchObject({
      replies: [
        { sid: `SM${'1'.padStart(32, 'f')}`, to: null, from: null, body: 'hi', media: [], statusCallback: null },
      ],
      errorCode: null,
      warnings: [],
      cookiesChanged: false,
    })
  })

  it('by GET has the parameters in its query, after its own', async () => {
    const { url, seen } = await app({ '/sms': says() })
    await call(`${url}/sms?own=1`, { method: 'GET' })
    expect(seen).toMatchObject([{ method: 'GET', parameters: { own: '1', ...Object.fromEntries(inbound) } }])
    expect(seen[0]?.headers).not.toHaveProperty('content-type')
  })

  it('is kept with its answer, and without secrets', async () => {
    const { url } = await app({ '/sms': { ...says('<Message>hi</Message>'), headers: { 'set-cookie': 'sid=secret' } } })
    const first = await call(`${url}/sms`)
    const { hops } = await call(`${url.replace('//', '//user:hunter2@')}/sms`, { cookies: first.cookies })
    expect(hops).toMatchObject([
      {
        url: `${url}/sms`,
        method: 'POST',
        status: 200,
        requestBody: expect.stringContaining('From=%2B15557770001'),
        responseHeaders: { 'content-type': 'text/xml' },
        responseBody: '<Response><Message>hi</Message></Response>',
        cookiesSent: ['sid'],
        cookiesSet: ['sid'],
        errorCode: null,
      },
    ])
    expect(hops[0]?.requestHeaders).toHaveProperty('X-Twilio-Signature')
    expect(JSON.stringify(hops)).not.toMatch(/secret|hunter2/)
    expect(hops[0]?.startedAtMs).toBeGreaterThanOrEqual(0)
    expect(hops[0]?.durationMs).toBeGreaterThan(0)
  })
})

describe('an app that wants a password', () => {
  it('by Basic gets the one in the URL, only after it asked', async () => {
    const { url, seen } = await app({
      '/sms': ({ headers }) =>
        headers.authorization === `Basic ${Buffer.from('jo:p@ss:ü').toString('base64')}`
          ? says('<Message>in</Message>')
          : { status: 401, headers: { 'www-authenticate': 'Basic realm="app"' } },
    })
    const result = await call(`${url.replace('//', '//jo:p%40ss%3A%C3%BC@')}/sms`)
    expect(bodies(result)).toEqual(['in'])
    expect(seen.map(each => each.headers.authorization !== undefined)).toEqual([false, true])
    expect(result.hops.map(hop => hop.status)).toEqual([401, 200])
    expect(JSON.stringify(result.hops)).not.toContain('Basic')
  })

  it.each(['MD5', 'SHA-256', 'MD5-sess'])('by Digest %s gets the proof', async algorithm => {
    const hash = (text: string) =>
      createHash(algorithm === 'SHA-256' ? 'sha256' : 'md5')
        .update(text)
        .digest('hex')
    const { url, seen } = await app({
      '/sms': ({ headers, method }) => {
        const given = Object.fromEntries(
          [...(headers.authorization ?? '').matchAll(/(\w+)="?([^",]*)"?/g)].map(([, name, value]) => [name, value]),
        )
        const secret = hash('jo:the "app":secret')
        const ha1 = algorithm.endsWith('sess') ? hash(`${secret}:n0nce:${given.cnonce}`) : secret
        const proof = hash(`${ha1}:n0nce:${given.nc}:${given.cnonce}:auth:${hash(`${method}:${given.uri}`)}`)
        if (given.response === proof && given.uri === '/sms?a=1') return says('<Message>in</Message>')
        const challenge = `Basic realm="x", Digest realm="the \\"app\\"", qop="auth,auth-int", nonce="n0nce", opaque="o", algorithm=${algorithm}`
        return { status: 401, headers: { 'www-authenticate': challenge } }
      },
    })
    expect(bodies(await call(`${url.replace('//', '//jo:secret@')}/sms?a=1`))).toEqual(['in'])
    expect(seen).toHaveLength(2)
  })

  it('by a Digest that nobody knows gets nothing', async () => {
    const challenge = 'Digest realm="app", nonce="n0nce", algorithm=constructor'
    const { url, seen } = await app({ '/sms': { status: 401, headers: { 'www-authenticate': challenge } } })
    expect(await call(`${url.replace('//', '//jo:secret@')}/sms`)).toMatchObject({ errorCode: 11200 })
    expect(seen).toHaveLength(1)
  })

  it('and is not satisfied fails the call, as does one that gets none', async () => {
    const { url, seen } = await app({ '/sms': { status: 401, headers: { 'www-authenticate': 'Basic realm="app"' } } })
    expect(await call(`${url.replace('//', '//jo:wrong@')}/sms`)).toMatchObject({ errorCode: 11200 })
    expect(seen).toHaveLength(2)
    expect(await call(`${url}/sms`)).toMatchObject({ errorCode: 11200 })
    expect(seen).toHaveLength(3)
  })
})

describe('cookies', () => {
  it('go to every hop where they belong and come from every hop', async () => {
    const { url, seen } = await app({
      '/sms': { status: 307, headers: { location: '/moved', 'set-cookie': 'hop=1; Path=/' } },
      '/moved': {
        ...says('<Redirect>/next</Redirect>'),
        headers: { 'set-cookie': ['doc=1; Path=/', 'hop=; Max-Age=0; Path=/'] },
      },
      '/next': { status: 500, headers: { 'set-cookie': 'error=1; Path=/' } },
      '/fallback': { ...says('<Message>done</Message>'), headers: { 'set-cookie': 'only=1; Path=/fallback' } },
    })
    const result = await call(`${url}/sms`, { fallbackUrl: `${url}/fallback` })
    expect(seen.map(each => each.headers.cookie)).toEqual([undefined, 'hop=1', 'doc=1', 'doc=1; error=1'])
    expect(result.cookiesChanged).toBe(true)
    const later = await call(`${url}/fallback`, { cookies: JSON.parse(JSON.stringify(result.cookies)) })
    expect(seen.at(-1)?.headers.cookie).toBe('only=1; doc=1; error=1')
    expect(later.cookiesChanged).toBe(false)
  })

  it('are neither sent nor taken by a status callback', async () => {
    const { url, seen } = await app({ '/sms': { headers: { 'set-cookie': 'a=1' } } })
    const { cookies } = await call(`${url}/sms`)
    const result = await call(`${url}/sms`, { cookies, expects: 'nothing' })
    expect(seen.map(each => each.headers.cookie)).toEqual([undefined, undefined])
    expect(result).toMatchObject({ cookiesChanged: false, cookies })
  })

  it('keep an Express session that counts, under the SDK’s own signature check', async () => {
    const counter = express()
    counter.use(session({ secret: 'cat', resave: false, saveUninitialized: true }))
    counter.use(express.urlencoded({ extended: false }))
    counter.post('/sms', twilio.webhook(authToken), (request, response) => {
      request.session.count = (request.session.count ?? 0) + 1
      const answer = new twilio.twiml.MessagingResponse()
      answer.message(`message ${request.session.count}`)
      response.type('text/xml').send(answer.toString())
    })
    const server = http.createServer(counter)
    onTestFinished(() => void server.close())
    const url = `http://127.0.0.1:${await listen(server)}/sms`
    const first = await call(url)
    const second = await call(url, { cookies: first.cookies })
    const third = await call(url, { cookies: second.cookies })
    expect([first, second, third].flatMap(bodies)).toEqual(['message 1', 'message 2', 'message 3'])
    expect(second.cookiesChanged).toBe(false)
  })
})

describe('HTTP redirects', () => {
  it('of 307 and 308 repeat the form, others become a GET without it', async () => {
    for (const [status, method] of [
      [301, 'GET'],
      [302, 'GET'],
      [303, 'GET'],
      [307, 'POST'],
      [308, 'POST'],
    ] as const) {
      const { url, seen } = await app({
        '/sms': { status, headers: { location: 'there?x=1' } },
        '/there': says('<Message>ok</Message>'),
      })
      expect(bodies(await call(`${url}/sms`))).toEqual(['ok'])
      expect(seen[1]).toMatchObject({ method, path: '/there' })
      expect(seen[1]?.parameters).toEqual(method === 'POST' ? Object.fromEntries(inbound) : { x: '1' })
    }
  })

  it('are read as the UTF-8 that servers write', async () => {
    const location = Buffer.from('/café').toString('latin1')
    const { url } = await app({
      '/sms': { status: 302, headers: { location } },
      '/caf%C3%A9': says('<Message>ok</Message>'),
    })
    expect(bodies(await call(`${url}/sms`))).toEqual(['ok'])
  })

  it('take credentials along within an origin and no further', async () => {
    const wants: Answer = { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } }
    const other = await app({ '/steal': wants })
    const { url, seen } = await app({
      '/sms': { status: 307, headers: { location: '/inside' } },
      '/inside': ({ headers }) =>
        headers.authorization ? { status: 307, headers: { location: `${other.url}/steal` } } : wants,
    })
    expect(await call(`${url.replace('//', '//jo:secret@')}/sms`)).toMatchObject({ errorCode: 11200 })
    expect(seen.at(-1)?.headers.authorization).toMatch(/^Basic /)
    expect(other.seen.map(each => each.headers.authorization)).toEqual([undefined])
  })

  it('in a circle end after ten', async () => {
    const { url, seen } = await app({ '/sms': { status: 302, headers: { location: '/sms' } } })
    expect(await call(`${url}/sms`)).toMatchObject({ errorCode: 11215 })
    expect(seen).toHaveLength(11)
  })

  it('to where nobody may go are refused', async () => {
    const { url } = await app({
      '/meta': { status: 302, headers: { location: 'http://169.254.169.254/latest/meta-data/' } },
      '/file': { status: 302, headers: { location: 'file:///etc/passwd' } },
    })
    expect(await call(`${url}/meta`)).toMatchObject({ errorCode: 11210 })
    expect(await call(`${url}/file`)).toMatchObject({ errorCode: 11100 })
  })
})

describe('retries', () => {
  it('are one, for a connection that does not come about', async () => {
    const port = await closedPort()
    const result = await call(`http://127.0.0.1:${port}/sms`)
    expect(result).toMatchObject({ errorCode: 11202, hops: [{ status: null, errorCode: 11202 }, { errorCode: 11202 }] })
    expect(result.hops).toHaveLength(2)
    expect((await call(`http://127.0.0.1:${port}/sms#rc=0`)).hops).toHaveLength(1)
  })

  it.each([
    ['', 503, 1],
    ['#rc=3&rp=4xx', 503, 1],
    ['#rc=3&rp=5xx', 503, 4],
    ['#rc=2&rp=4xx,5xx', 404, 3],
    ['#rc=2&rp=all', 404, 3],
  ])('as overridden by %j make of status %i %i requests, of one token', async (overrides, status, requests) => {
    const { url, seen } = await app({ '/sms': { status } })
    expect(await call(`${url}/sms${overrides}`)).toMatchObject({ errorCode: 11200 })
    expect(seen).toHaveLength(requests)
    expect(new Set(seen.map(each => each.headers['i-twilio-idempotency-token']))).toEqual(new Set([idempotencyToken]))
  })

  it('end with the first good answer', async () => {
    let asked = 0
    const { url } = await app({ '/sms': () => (++asked < 3 ? { status: 500 } : says('<Message>third</Message>')) })
    expect(await call(`${url}/sms#rc=5&rp=5xx`)).toMatchObject({ errorCode: null, replies: [{ body: 'third' }] })
    expect(asked).toBe(3)
  })

  it('for an app that hangs are made only when asked for, within the total time', async () => {
    let connections = 0
    const url = await serveTcp(socket => {
      connections++
      socket.resume()
    })
    expect(await call(`${url}/sms#rt=100`)).toMatchObject({ errorCode: 11200, hops: [{ status: null }] })
    expect(connections).toBe(1)
    const result = await call(`${url}/sms#rt=600&tt=1500&rc=5&rp=rt`)
    expect(result.errorCode).toBe(11203)
    expect(result.hops.length).toBeGreaterThan(1)
  })

  it('are never made once an answer began', async () => {
    let connections = 0
    const url = await serveTcp(socket => {
      connections++
      socket.once('data', () =>
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 99\r\n\r\n<Resp'),
      )
    })
    const result = await call(`${url}/sms#rt=1000&rc=5&rp=all`)
    expect(result).toMatchObject({ errorCode: 11200, hops: [{ status: 200, responseBody: '<Resp' }] })
    expect(connections).toBe(1)
  })

  it('with overrides that make no sense are as ever, with a warning', async () => {
    const { url } = await app({ '/sms': says('<Message>ok</Message>') })
    expect(await call(`${url}/sms#rc=99`)).toMatchObject({ errorCode: null, warnings: [{ code: 11240 }] })
  })
})

describe('the fallback', () => {
  it.each<[string, Answer, string]>([
    ['an HTTP error', { status: 500 }, '11200'],
    ['a document that is no XML', { body: '<Response><Message>' }, '12100'],
    ['a document of another kind', { body: '<html/>' }, '12102'],
    ['a wrong content type', { ...says(), headers: { 'content-type': 'application/json' } }, '12300'],
    ['a redirect to nowhere', says('<Redirect/>'), '11100'],
    ['an answer of 10 MB', { body: Buffer.alloc(10_000_000, 'x') }, '11750'],
    ['a gzip bomb', { body: gzipSync(Buffer.alloc(10_000_000)), headers: { 'content-encoding': 'gzip' } }, '11750'],
    ['broken gzip', { body: 'x', headers: { 'content-encoding': 'gzip' } }, '11206'],
  ])('takes over from %s and is told why', async (_what, answer, code) => {
    const { url, seen } = await app({ '/sms': answer, '/fallback': says('<Message>sorry</Message>') })
    const result = await call(`${url}/sms`, { fallbackUrl: `${url}/fallback`, fallbackMethod: 'GET' })
    expect(result).toMatchObject({
      replies: [{ body: 'sorry' }],
      errorCode: null,
      warnings: [{ code: Number(code) }],
    })
    expect(seen.at(-1)).toMatchObject({
      method: 'GET',
      parameters: { ...Object.fromEntries(inbound), ErrorCode: code, ErrorUrl: `${url}/sms` },
    })
    expect(seen.at(-1)?.headers['i-twilio-idempotency-token']).not.toBe(idempotencyToken)
    expect(result.hops[0]?.errorCode).toBe(Number(code))
    expect(result.hops[0]?.responseBody.length).toBeLessThanOrEqual(64 * 1024)
  })

  it('takes over in the middle; what was replied before stands', async () => {
    const { url, seen } = await app({
      '/sms': says('<Message>first</Message><Redirect>gone</Redirect>'),
      '/fallback': says('<Redirect>/again</Redirect>'),
      '/again': says('<Message>second</Message>'),
    })
    const result = await call(`${url}/sms`, { fallbackUrl: `${url}/fallback` })
    expect(bodies(result)).toEqual(['first', 'second'])
    expect(seen[2]?.parameters.ErrorUrl).toBe(`${url}/gone`)
    expect(seen[3]?.parameters).toEqual(Object.fromEntries(inbound))
  })

  it('that fails too ends the call', async () => {
    const { url, seen } = await app({ '/sms': { status: 500 }, '/fallback': { body: 'no' } })
    const result = await call(`${url}/sms`, { fallbackUrl: `${url}/fallback` })
    expect(result).toMatchObject({ errorCode: 12100, warnings: [{ code: 11200 }], replies: [] })
    expect(seen).toHaveLength(2)
  })

  it('shows no password of the first URL', async () => {
    const { url, seen } = await app({ '/sms': { status: 500 }, '/fallback': says() })
    await call(`${url.replace('//', '//jo:hunter2@')}/sms?a=1#rc=0`, { fallbackUrl: `${url}/fallback` })
    expect(seen.at(-1)?.parameters.ErrorUrl).toBe(`${url}/sms?a=1`)
  })
})

describe('documents', () => {
  it('that redirect are followed with the same parameters, each with its own token', async () => {
    const { url, seen } = await app({
      '/a/sms': says('<Message>1</Message>', '<Redirect>next?x=1</Redirect>', '<Message>never</Message>'),
      '/a/next': says('<Message>2</Message>', '<Redirect method="GET">/last</Redirect>'),
      '/last': says('<Message>3</Message>'),
    })
    const result = await call(`${url}/a/sms`)
    expect(bodies(result)).toEqual(['1', '2', '3'])
    expect(seen.map(each => `${each.method} ${each.path} ${each.parameters.Body}`)).toEqual([
      'POST /a/sms grüße 🧵 a+b&c=d',
      'POST /a/next grüße 🧵 a+b&c=d',
      'GET /last grüße 🧵 a+b&c=d',
    ])
    const tokens = seen.map(each => String(each.headers['i-twilio-idempotency-token']))
    expect(new Set(tokens).size).toBe(3)
    for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    await call(`${url}/a/sms`)
    expect(seen.slice(3).map(each => each.headers['i-twilio-idempotency-token'])).toEqual(tokens)
  })

  it('that lead in a circle end after fifty', async () => {
    const { url, seen } = await app({ '/sms': says('<Redirect>/sms</Redirect>') })
    expect(await call(`${url}/sms`, { fallbackUrl: `${url}/sms` })).toMatchObject({ errorCode: 14106 })
    expect(seen).toHaveLength(50)
  })

  it('that are many and long are kept as far as there is room, the last ones whole', async () => {
    const wrongs = `<Message to="${'x'.repeat(5_000)}">hi</Message>`.repeat(10)
    const body = `<Response>${wrongs}<Redirect>/sms</Redirect></Response>`
    const { url } = await app({ '/sms': { body } })
    const { hops, warnings } = await call(`${url}/sms`)
    expect(hops).toHaveLength(50)
    expect(hops.at(-1)?.responseBody).toBe(body)
    expect(hops[0]).toMatchObject({ url: `${url}/sms`, status: 200, requestBody: null, responseBody: '' })
    expect(JSON.stringify({ hops, warnings }).length).toBeLessThan(300_000)
  })

  it('that are slow end after a minute altogether', async () => {
    let nowMs = 0
    const { url, seen } = await app({
      '/sms': () => {
        nowMs += 14_000
        return says('<Message>x</Message><Redirect>/sms</Redirect>')
      },
    })
    const slow = makeCall(
      client,
      {
        url: `${url}/sms`,
        method: 'POST',
        fallbackUrl: null,
        fallbackMethod: 'POST',
        parameters: inbound,
        authToken,
        idempotencyToken,
        cookies: null,
        now: new Date('2030-01-01T12:00:00Z'),
        worldAheadMs: 0,
        allowPrivate: true,
        expects: 'twiml',
        newSmsSid: () => 'SM00000000000000000000000000000002',
      },
      () => nowMs,
    )
    expect(await slow).toMatchObject({ errorCode: 11203 })
    expect(seen).toHaveLength(5)
  })
})

describe('a reply', () => {
  it('reports to its statusCallback, else to its action', async () => {
    const { url } = await app({
      '/sms': says(
        '<Message statusCallback="/s">a</Message><Message statusCallback="/s" action="/s">b</Message><Message action="/act">c</Message>',
      ),
      '/act': says(),
    })
    const result = await call(`${url}/sms`)
    expect(result.replies.map(reply => reply.statusCallback)).toEqual([`${url}/s`, `${url}/s`, `${url}/act`])
  })

  it('with an action goes on there, told of the reply, and nowhere else', async () => {
    const { url, seen } = await app({
      '/sms': says('<Message action="act" method="GET" statusCallback="/s">a</Message><Message>never</Message>'),
      '/act': says('<Message>b</Message>'),
    })
    const result = await call(`${url}/sms`)
    expect(bodies(result)).toEqual(['a', 'b'])
    expect(seen[1]).toMatchObject({
      method: 'GET',
      path: '/act',
      parameters: {
        From: '+15557770001',
        MessageSid: result.replies[0]?.sid,
        SmsSid: result.replies[0]?.sid,
        MessageStatus: 'queued',
        SmsStatus: 'queued',
      },
    })
  })

  it('that cannot be sent is a warning, and its action hears that it is invalid', async () => {
    const { url, seen } = await app({
      '/sms': says('<Message to="nobody" action="/act">a</Message>'),
      '/act': says(),
    })
    expect(await call(`${url}/sms`)).toMatchObject({ replies: [], warnings: [{ code: 14101 }], errorCode: null })
    expect(seen[1]?.parameters).toMatchObject({ MessageStatus: 'invalid', SmsStatus: 'invalid' })
  })

  it('may be the plain text of an answer, emoji and broken bytes included', async () => {
    const headers = { 'content-type': 'text/plain' }
    const { url } = await app({
      '/sms': { headers, body: Buffer.concat([Buffer.from('OK 🧵 '), Buffer.from([0xff, 0xc3])]) },
    })
    expect(bodies(await call(`${url}/sms`))).toEqual(['OK 🧵 \ufffd\ufffd'])
  })

  it.each<[string, Answer]>([
    ['204', { status: 204 }],
    ['an empty body of any type', { headers: { 'content-type': 'application/json' } }],
    ['an empty document', says()],
  ])('is not made of %s', async (_what, answer) => {
    const { url } = await app({ '/sms': answer })
    expect(await call(`${url}/sms`)).toMatchObject({ replies: [], errorCode: null, warnings: [] })
  })
})

describe('a failure', () => {
  it.each(['', 'not a url', 'ftp://x/', 'http://'])('of the URL %j is 11100, without a hop', async url => {
    expect(await call(url)).toMatchObject({ errorCode: 11100, hops: [] })
  })

  it('of an app that drops the connection is 11205, and is not repeated', async () => {
    let requests = 0
    const url = await serveTcp((socket: net.Socket) => {
      socket.once('data', () => {
        requests++
        socket.resetAndDestroy()
      })
    })
    expect(await call(`${url}/sms`)).toMatchObject({ errorCode: 11205 })
    expect(requests).toBe(1)
  })

  it('of a server that speaks no HTTP is 11206', async () => {
    const url = await serveTcp(socket => {
      socket.once('data', () => socket.end('220 mail.example ESMTP\r\n'))
    })
    expect(await call(`${url}/sms`)).toMatchObject({ errorCode: 11206 })
  })

  it('of TLS that nobody vouches for is 11237', async () => {
    const server = https.createServer(selfSigned, (_request, response) => response.end())
    onTestFinished(() => void server.close())
    const result = await call(`https://localhost:${await listen(server)}/sms`)
    expect(result).toMatchObject({ errorCode: 11237 })
    expect(result.hops).toHaveLength(1)
  })

  it('of a host that does not exist is 11210', async () => {
    const lost = createHttpClient({ resolve: async () => [] })
    expect(await call('http://nobody.invalid/sms', {}, lost)).toMatchObject({ errorCode: 11210 })
  })

  it('of a private address is 11210 where those are not allowed, and of a metadata service everywhere', async () => {
    const { url, seen } = await app({ '/sms': says() })
    expect(await call(`${url}/sms`, { allowPrivate: false })).toMatchObject({ errorCode: 11210 })
    expect(seen).toEqual([])
    expect(await call('http://169.254.169.254/')).toMatchObject({ errorCode: 11210 })
  })

  it('to connect in the time allowed is 11201', async () => {
    const url = await serveTcp(() => {})
    const result = await call(`${url.replace('http:', 'https:')}/sms#ct=100&rc=0`)
    expect(result).toMatchObject({ errorCode: 11201 })
  })
})

describe('a status callback', () => {
  it.each<[string, Answer]>([
    ['nothing', { status: 204 }],
    ['words', { body: 'OK', headers: { 'content-type': 'text/plain' } }],
    ['TwiML', says('<Message>ignored</Message><Redirect>/never</Redirect>')],
    ['JSON', { body: '{}', headers: { 'content-type': 'application/json' } }],
    ['a large page', { body: Buffer.alloc(1_000_000) }],
  ])('is satisfied with %s and does nothing with it', async (_what, answer) => {
    const { url, seen } = await app({ '/status': answer })
    expect(await call(`${url}/status`, { expects: 'nothing' })).toMatchObject({
      errorCode: null,
      replies: [],
      warnings: [],
    })
    expect(seen).toHaveLength(1)
  })

  it('that fails is not made elsewhere', async () => {
    const { url, seen } = await app({ '/status': { status: 500 }, '/fallback': says() })
    const result = await call(`${url}/status`, { expects: 'nothing', fallbackUrl: `${url}/fallback` })
    expect(result).toMatchObject({ errorCode: 11200, hops: [{ status: 500, errorCode: 11200 }] })
    expect(seen).toHaveLength(1)
  })
})
