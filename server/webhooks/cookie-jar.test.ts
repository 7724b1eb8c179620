import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CookieJar,
  cookieHeader,
  cookiesFor,
  EMPTY_JAR,
  loadJar,
  namesOf,
  saveJar,
  setCookies,
} from './cookie-jar.ts'

const now = new Date('2030-01-01T12:00:00Z')
const app = new URL('http://app.example/sms')

function later(ms: number): Date {
  return new Date(now.getTime() + ms)
}

function set(headers: string[], url = app, jar: CookieJar = EMPTY_JAR, at = now): CookieJar {
  return setCookies(jar, url, headers, { now: at })
}

function sent(jar: CookieJar, url: URL | string = app, at = now): string {
  return cookieHeader(cookiesFor(jar, new URL(url), at))
}

describe('the session cookie of', () => {
  it.each([
    ['PHP', 'PHPSESSID=3a1f0c9d8e7b6a5f4e3d2c1b0a; path=/'],
    ['Express', 'connect.sid=s%3AQm9iYnk.x7Q%2BaW5; Path=/; HttpOnly'],
    ['Sinatra', `rack.session=BAh7CEkiD3Nlc3Npb25faWQGOgZFVG86${'A%2Bb%3D'.repeat(500)}--0a1b; path=/; HttpOnly`],
    [
      'Django',
      'sessionid="abc def"; expires=Tue, 15 Jan 2030 12:00:00 GMT; HttpOnly; Max-Age=1209600; Path=/; SameSite=Lax',
    ],
  ])('%s comes back as it was, also after it was kept', (_framework, header) => {
    const jar = loadJar(JSON.parse(JSON.stringify(saveJar(set([header])))))
    expect(sent(jar)).toBe(header.slice(0, header.indexOf(';')))
  })
})

describe('a cookie', () => {
  it('replaces the one of its name, domain and path, in its old place', () => {
    const jar = set(['a=2'], app, set(['a=1', 'b=1']))
    expect(sent(jar)).toBe('a=2; b=1')
  })

  it('set again as it was changes nothing', () => {
    const jar = set(['a=1; Path=/; HttpOnly'])
    expect(set(['a=1; Path=/; HttpOnly'], app, jar)).toBe(jar)
    expect(set([], app, jar)).toBe(jar)
  })

  it('of a longer path goes first, then the older', () => {
    const url = new URL('http://app.example/a/b/c')
    const jar = set(['r1=1; Path=/', 'ab=1; Path=/a/b', 'a=1; Path=/a', 'r2=1; Path=/'], url)
    expect(sent(jar, url)).toBe('ab=1; a=1; r1=1; r2=1')
    expect(sent(jar, 'http://app.example/a')).toBe('a=1; r1=1; r2=1')
    expect(sent(jar, 'http://app.example/abc')).toBe('r1=1; r2=1')
  })

  it('without a path belongs to the folder of the document', () => {
    const jar = set(['a=1'], new URL('http://app.example/sms/in.php'))
    expect(sent(jar, 'http://app.example/sms/other.php')).toBe('a=1')
    expect(sent(jar, 'http://app.example/')).toBe('')
  })

  it('without a domain goes to its very host, on every port', () => {
    const jar = set(['a=1'])
    expect(sent(jar, 'http://app.example:8080/')).toBe('a=1')
    expect(sent(jar, 'http://www.app.example/')).toBe('')
    expect(sent(jar, 'http://example/')).toBe('')
  })

  it('with a domain goes to all hosts under it', () => {
    const jar = set(['a=1; Domain=.App.example', 'b=1; Domain=example'])
    expect(sent(jar, 'http://www.app.example/')).toBe('a=1; b=1')
    expect(sent(jar, 'http://app.example/')).toBe('a=1; b=1')
    expect(sent(jar, 'http://other.example/')).toBe('b=1')
    expect(sent(jar, 'http://notapp.example/')).toBe('b=1')
  })

  it('for a foreign domain is ignored', () => {
    expect(set(['a=1; Domain=other.example', 'b=1; Domain=www.app.example', 'c=1; Domain=[ÿ'])).toEqual([])
  })

  it('of an IP address stays there', () => {
    const url = new URL('http://127.0.0.1:9000/sms')
    const jar = set(['a=1; Domain=127.0.0.1', 'b=1; Domain=0.0.1'], url)
    expect(sent(jar, url)).toBe('a=1')
    expect(sent(set(['c=1'], new URL('http://[::1]:9000/')), 'http://[::1]:9000/')).toBe('c=1')
  })

  it('that is secure goes over https, and to this machine', () => {
    const headers = ['a=1; Secure; Path=/']
    expect(sent(set(headers), 'http://app.example/')).toBe('')
    expect(sent(set(headers), 'https://app.example/')).toBe('a=1')
    for (const local of ['http://localhost:3000/', 'http://app.localhost/', 'http://127.0.0.1/', 'http://[::1]/']) {
      expect(sent(set(headers, new URL(local)), local)).toBe('a=1')
    }
  })

  it('keeps its bytes, whatever they are', () => {
    const bytes = Buffer.from('name=🧵 "x,y" ü=b').toString('latin1')
    expect(sent(set([`${bytes}; Path=/`]))).toBe(bytes)
  })

  it('may have no name', () => {
    expect(sent(set(['token', '=other; Path=/x']))).toBe('token')
  })

  it.each(['', ';', '=', '; Path=/', 'a=\x01b', 'a=b\x7f', `a=${'x'.repeat(4096)}`])(
    'that is none is ignored: %j',
    header => {
      expect(set([header])).toEqual([])
    },
  )

  it('may have 4096 bytes', () => {
    expect(set([`a=${'x'.repeat(4095)}`])).toHaveLength(1)
  })
})

describe('expiry', () => {
  it('is as told by Expires', () => {
    const jar = set(['a=1; Expires=Tue, 01 Jan 2030 13:00:00 GMT'])
    expect(sent(jar, app, later(3_599_000))).toBe('a=1')
    expect(sent(jar, app, later(3_600_000))).toBe('')
  })

  it('is as told by Max-Age, which counts before Expires', () => {
    const jar = set([
      'a=1; Max-Age=60; Expires=Tue, 01 Jan 2030 13:00:00 GMT',
      'b=1; Max-Age=7200; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
    ])
    expect(sent(jar, app, later(59_000))).toBe('a=1; b=1')
    expect(sent(jar, app, later(60_000))).toBe('b=1')
  })

  it.each([
    'a=; Max-Age=0',
    'a=; Max-Age=-1',
    'a=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
    'a=x; Max-Age=0; Expires=Tue, 01 Jan 2030 13:00:00 GMT',
  ])('that is past deletes: %s', header => {
    expect(saveJar(set([header], app, set(['a=1', 'b=1'])))).toMatchObject([{ name: 'b' }])
    expect(saveJar(set([header], app, set(['a=1'])))).toBeNull()
    expect(set([header])).toBe(EMPTY_JAR)
  })

  it('told by the clock of a machine comes as much later as world time was moved', () => {
    const aheadMs = 5 * 3_600_000
    const expires = later(60_000 - aheadMs).toUTCString()
    const jar = setCookies(EMPTY_JAR, app, [`a=1; Expires=${expires}`], { now, aheadMs })
    expect(sent(jar, app, later(59_000))).toBe('a=1')
    expect(sent(jar, app, later(60_000))).toBe('')
  })

  it('that was not told never comes by itself', () => {
    expect(sent(set(['a=1', 'b=1; Expires=soon', 'c=1; Max-Age=x']), app, later(10 * 365 * 86_400_000))).toBe(
      'a=1; b=1; c=1',
    )
  })

  it('in the far future does not break dates', () => {
    expect(sent(set(['a=1; Max-Age=99999999999999999999', 'b=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT']))).toBe(
      'a=1; b=1',
    )
  })
})

it('the fifty-first cookie takes the place of the oldest', () => {
  let jar = set(Array.from({ length: 50 }, (_, i) => `c${i}=1`))
  expect(jar).toHaveLength(50)
  jar = set(['c0=2', 'new=1'], app, jar)
  expect(jar).toHaveLength(50)
  expect(jar.map(cookie => cookie.name)).not.toContain('c0')
  expect(jar.at(-1)?.name).toBe('new')
})

it('a cookie that died makes room before a living one', () => {
  const jar = set(
    ['x=1'],
    app,
    set([...Array.from({ length: 49 }, (_, i) => `c${i}=1`), 'dead=1; Max-Age=1']),
    later(2_000),
  )
  expect(jar.map(cookie => cookie.name)).toEqual([...Array.from({ length: 49 }, (_, i) => `c${i}`), 'x'])
})

it('a jar that was never kept, or is none, is empty', () => {
  for (const saved of [null, undefined, [], {}, 'x', [1, null, { name: 'a' }]]) expect(loadJar(saved)).toEqual([])
  expect(saveJar(EMPTY_JAR)).toBeNull()
})

it('names are told for the log without values', () => {
  expect(namesOf(['a=secret; Path=/', 'b=other'])).toEqual(['a', 'b'])
})

it('whatever is set, the jar keeps its limits and can be sent', () => {
  const pieces = [
    'a',
    'b=',
    '=',
    ';',
    '; Path=/',
    '; Path=',
    '; Domain=app.example',
    '; Domain=[',
    '; Max-Age=',
    '-1',
    '9',
    '; Expires=',
    'Tue, 01 Jan 2030 13:00:00 GMT',
    '; Secure',
    '"',
    ',',
    '\x7f',
    '\xff',
  ]
  const header = fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 })), { maxLength: 8 })
    .map(parts => parts.join(''))
  fc.assert(
    fc.property(fc.array(header, { maxLength: 80 }), headers => {
      const jar = loadJar(JSON.parse(JSON.stringify(saveJar(set(headers)))))
      expect(jar.length).toBeLessThanOrEqual(50)
      expect(sent(jar)).toMatch(/^[\t\x20-\x7e\x80-\xff]*$/)
    }),
    { numRuns: 500 },
  )
})
