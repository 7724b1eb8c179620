import type http from 'node:http'
import https from 'node:https'
import { setImmediate } from 'node:timers/promises'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { closedPort, listen, serveHttp, serveTcp } from '../../test/support/loopback.ts'
import { selfSigned } from '../../test/support/self-signed.ts'
import { createHttpClient, type HttpRequest } from './http-client.ts'

const client = createHttpClient()
afterAll(() => client.close())

function asking(url: string, changes: Partial<HttpRequest> = {}): HttpRequest {
  return {
    url,
    method: 'GET',
    headers: {},
    body: null,
    connectTimeoutMs: 5_000,
    readTimeoutMs: 5_000,
    totalMs: 10_000,
    maxBytes: 64 * 1024,
    allowPrivate: true,
    ...changes,
  }
}

describe('an answer', () => {
  it('carries status, headers and body', async () => {
    const url = await serveHttp((request, response) => {
      let body = ''
      request.on('data', chunk => {
        body += chunk
      })
      request.on('end', () => {
        response.writeHead(201, { 'x-asked': `${request.method} ${request.url}`, 'set-cookie': ['a=1', 'b=2'] })
        response.end(`got ${body} as ${request.headers['content-type']}`)
      })
    })
    const headers = { 'content-type': 'text/plain' }
    const result = await client.request(asking(`${url}/path?q=1#part`, { method: 'POST', headers, body: 'grüße' }))
    expect(result).toMatchObject({
      kind: 'answer',
      status: 201,
      headers: { 'x-asked': 'POST /path?q=1', 'set-cookie': ['a=1', 'b=2'] },
    })
    expect(result.kind === 'answer' && result.body.toString()).toBe('got grüße as text/plain')
  })

  it('is the last one when hints came before it', async () => {
    const url = await serveTcp(socket => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      })
    })
    expect(await client.request(asking(url))).toMatchObject({ kind: 'answer', status: 200, body: Buffer.from('ok') })
  })

  it('is not followed when it is a redirect', async () => {
    const url = await serveHttp((_request, response) => {
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect(await client.request(asking(url))).toMatchObject({ kind: 'answer', status: 302 })
  })

  it.each([
    ['gzip', gzipSync('hello')],
    ['deflate', deflateSync('hello')],
    ['deflate', deflateRawSync('hello')],
    ['br', brotliCompressSync('hello')],
    ['gzip, br', brotliCompressSync(gzipSync('hello'))],
    ['identity', Buffer.from('hello')],
  ])('is decompressed from %s', async (encoding, body) => {
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(body)
    })
    const result = await client.request(asking(url))
    expect(result.kind === 'answer' && result.body.toString()).toBe('hello')
  })

  it('of a later request comes over a kept connection', async () => {
    const ports = new Set<number | undefined>()
    const url = await serveHttp((request, response) => {
      ports.add(request.socket.remotePort)
      response.end('ok')
    })
    for (let i = 0; i < 20; i++) await client.request(asking(url))
    // Two, since the first is not yet back in the pool at the moment its answer is handed over.
    expect(ports.size).toBeLessThanOrEqual(2)
  })
})

describe('the size limit', () => {
  it('stops an answer that announces too much', async () => {
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-length': 10_000_000 }).end(Buffer.alloc(10_000_000))
    })
    expect(await client.request(asking(url))).toMatchObject({ kind: 'too_large', partial: { status: 200 } })
  })

  it('stops an endless answer and keeps what fitted', async () => {
    let sent = 0
    const url = await serveHttp((_request, response) => {
      const more = () => {
        sent += 16_384
        if (!response.destroyed) response.write(Buffer.alloc(16_384, 'x'), more)
      }
      more()
    })
    const result = await client.request(asking(url))
    expect(result).toMatchObject({ kind: 'too_large', partial: { status: 200 } })
    expect(result.kind !== 'answer' && result.partial?.body.length).toBe(64 * 1024)
    expect(sent).toBeLessThan(10_000_000)
  })

  it('stops a gzip bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000))
    expect(bomb.length).toBeLessThan(64 * 1024)
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    })
    expect(await client.request(asking(url))).toMatchObject({ kind: 'too_large' })
  })

  it('lets an answer of exactly the limit through', async () => {
    const url = await serveHttp((_request, response) => {
      response.end(Buffer.alloc(64 * 1024, 'x'))
    })
    expect(await client.request(asking(url))).toMatchObject({ kind: 'answer', status: 200 })
  })
})

describe('a failure', () => {
  it.each(['', 'nonsense', 'ftp://example.com/', 'http://', 'file:///etc/passwd', 'http://a b/'])(
    'of kind bad_url comes of %j',
    async url => {
      expect(await client.request(asking(url))).toMatchObject({ kind: 'bad_url' })
    },
  )

  it('of kind bad_host comes of a name nobody has', async () => {
    const lost = createHttpClient({
      resolve: () => Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })),
    })
    expect(await lost.request(asking('http://nobody.invalid/'))).toMatchObject({ kind: 'bad_host', code: 'ENOTFOUND' })
    const empty = createHttpClient({ resolve: async () => [] })
    expect(await empty.request(asking('http://nobody.invalid/'))).toMatchObject({ kind: 'bad_host' })
  })

  it('of kind connection_refused comes of a closed port', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/`
    expect(await client.request(asking(url))).toMatchObject({
      kind: 'connection_refused',
      wasSent: false,
      partial: null,
    })
  })

  it('of kind connect_timeout comes of a TLS server that never speaks', async () => {
    const url = await serveTcp(() => {})
    const result = await client.request(asking(url.replace('http:', 'https:'), { connectTimeoutMs: 80 }))
    expect(result).toMatchObject({ kind: 'connect_timeout' })
  })

  it('of kind read_timeout comes of an app that takes the request and says nothing', async () => {
    const url = await serveTcp(socket => socket.resume())
    expect(await client.request(asking(url, { readTimeoutMs: 80 }))).toMatchObject({
      kind: 'read_timeout',
      partial: null,
    })
  })

  it('of kind read_timeout comes of an app that stalls in the middle', async () => {
    const url = await serveTcp(socket => {
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'))
    })
    const result = await client.request(asking(url, { readTimeoutMs: 80 }))
    expect(result).toMatchObject({ kind: 'read_timeout', partial: { status: 200, body: Buffer.from('half') } })
  })

  it('of kind total_timeout comes of an app that drips for ever', async () => {
    const url = await serveTcp(socket => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n')
        const drip = setInterval(() => socket.write('.'), 10)
        socket.on('close', () => clearInterval(drip))
      })
    })
    expect(await client.request(asking(url, { totalMs: 120 }))).toMatchObject({ kind: 'total_timeout' })
  })

  it('of kind connection_failed comes of an app that drops the connection, and the request is made once', async () => {
    let requests = 0
    const url = await serveTcp(socket => {
      socket.once('data', () => {
        requests++
        socket.resetAndDestroy()
      })
    })
    expect(await client.request(asking(url, { method: 'POST', body: 'x' }))).toMatchObject({
      kind: 'connection_failed',
      code: 'ECONNRESET',
      wasSent: true,
    })
    expect(requests).toBe(1)
  })

  it('of kind connection_failed comes of a body that is cut short', async () => {
    const url = await serveTcp(socket => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'))
    })
    const result = await client.request(asking(url))
    expect(result).toMatchObject({ kind: 'connection_failed', partial: { status: 200, body: Buffer.from('half') } })
  })

  it.each([
    'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
    'SSH-2.0-OpenSSH_9.0\r\n',
    'HTTP/1.1 OK\r\n\r\n',
    'HTTP/1.1 200 OK\r\nBad\0Header: x\r\n\r\n',
  ])('of kind protocol comes of the answer %j', async answer => {
    const url = await serveTcp(socket => {
      socket.once('data', () => socket.end(answer))
    })
    expect(await client.request(asking(url))).toMatchObject({ kind: 'protocol' })
  })

  it('of kind protocol comes of broken or unknown compression', async () => {
    let encoding = 'gzip'
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end('not compressed at all')
    })
    expect(await client.request(asking(url))).toMatchObject({ kind: 'protocol', partial: { status: 200 } })
    encoding = 'zstd'
    expect(await client.request(asking(url))).toMatchObject({ kind: 'protocol', partial: { status: 200 } })
  })

  it('of kind tls comes of a certificate that nobody signed', async () => {
    const server = https.createServer(selfSigned, (_request, response) => response.end('secret'))
    onTestFinished(() => void server.close())
    const port = await listen(server)
    for (const sendServerName of [true, false]) {
      const result = await client.request(asking(`https://localhost:${port}/`, { sendServerName }))
      expect(result).toMatchObject({ kind: 'tls', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    }
  })

  it('of kind tls comes of an HTTP server asked for HTTPS', async () => {
    const url = await serveHttp((_request, response) => response.end())
    expect(await client.request(asking(url.replace('http:', 'https:')))).toMatchObject({ kind: 'tls' })
  })

  it('is a result even when a header cannot be sent', async () => {
    const url = await serveHttp((_request, response) => response.end())
    const result = await client.request(asking(url, { headers: { cookie: 'a=1\r\nx-injected: 1' } }))
    expect(result.kind).toBe('bad_url')
  })
})

describe('a kept connection', () => {
  it('that the far side closes as it is used again costs no failure', async () => {
    let drops = 0
    const url = await serveTcp(socket => {
      let requests = 0
      socket.on('data', () => {
        if (++requests === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
        else {
          drops++
          socket.resetAndDestroy()
        }
      })
    })
    const request = asking(url, { method: 'POST', body: 'x' })
    expect(await client.request(request)).toMatchObject({ kind: 'answer' })
    await setImmediate() // The connection goes back to the pool after its answer was handed over.
    expect(await client.request(request)).toMatchObject({ kind: 'answer' })
    expect(drops).toBe(1)
  })

  it('opened when private addresses were allowed is not used when they are not', async () => {
    const url = await serveHttp((_request, response) => response.end('private'))
    expect(await client.request(asking(url))).toMatchObject({ kind: 'answer' })
    expect(await client.request(asking(url, { allowPrivate: false }))).toMatchObject({ kind: 'refused_address' })
  })
})

describe('an address', () => {
  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://127.0.0.1./',
    'http://１２７.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://0/',
    'http://10.1.2.3/',
    'http://localhost/',
  ])('that is private is refused when only public ones are allowed: %s', async url => {
    expect(await client.request(asking(url, { allowPrivate: false }))).toMatchObject({ kind: 'refused_address' })
  })

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://0251.0376.0251.0376/',
    'http://[::ffff:169.254.169.254]/',
    'http://[64:ff9b::169.254.169.254]/',
    'http://[2002:a9fe:a9fe::]/',
    'http://[fd00:ec2::254]/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://metadata.google.internal/',
    'http://METADATA.google.internal./',
  ])('of a metadata service is refused whatever is allowed: %s', async url => {
    expect(await client.request(asking(url, { allowPrivate: true }))).toMatchObject({ kind: 'refused_address' })
  })

  it('behind a name is judged each time a connection is opened, so that rebinding gains nothing', async () => {
    const served: string[] = []
    const url = await serveHttp((request, response) => {
      served.push(request.url ?? '')
      response.writeHead(200, { connection: 'close' }).end()
    })
    const answers = ['127.0.0.1', '169.254.169.254', '127.0.0.1']
    const asked: string[] = []
    const rebound = createHttpClient({
      resolve: async hostname => {
        asked.push(hostname)
        return [{ address: answers.shift() ?? '', family: 4 }]
      },
    })
    onTestFinished(() => rebound.close())
    const port = new URL(url).port
    const ask = (path: string) => rebound.request(asking(`http://app.example:${port}${path}`))
    expect(await ask('/1')).toMatchObject({ kind: 'answer' })
    expect(await ask('/2')).toMatchObject({ kind: 'refused_address' })
    expect(await ask('/3')).toMatchObject({ kind: 'answer' })
    expect(served).toEqual(['/1', '/3'])
    expect(asked).toHaveLength(3)
  })

  it('that is allowed is taken when a name also has one that is not', async () => {
    const url = await serveHttp((_request, response) => response.end())
    const both = createHttpClient({
      resolve: async () => [
        { address: '169.254.169.254', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
    })
    onTestFinished(() => both.close())
    const result = await both.request(asking(`http://app.example:${new URL(url).port}/`))
    expect(result).toMatchObject({ kind: 'answer' })
  })
})

it('requests beyond the sockets of an origin wait in line and lose no time by it', async () => {
  let open = 0
  let mostOpen = 0
  const waiting: http.ServerResponse[] = []
  const url = await serveHttp((_request, response) => {
    mostOpen = Math.max(mostOpen, ++open)
    waiting.push(response)
    if (waiting.length === 2) {
      for (const each of waiting.splice(0)) {
        open--
        each.end('ok')
      }
    }
  })
  const narrow = createHttpClient({ socketsPerOrigin: 2 })
  onTestFinished(() => narrow.close())
  const results = await Promise.all(Array.from({ length: 10 }, () => narrow.request(asking(url))))
  expect(results.every(result => result.kind === 'answer')).toBe(true)
  expect(mostOpen).toBe(2)
})
