import { type Cookie, defaultPath, domainMatch, parse, pathMatch } from 'tough-cookie'

/** One cookie as it is kept. Texts hold the very bytes that were received, one character a byte (Latin-1). */
export interface KeptCookie {
  name: string
  value: string
  domain: string
  path: string
  /** Set without a Domain: sent to exactly this host. */
  isHostOnly: boolean
  isSecure: boolean
  isHttpOnly: boolean
  /** ISO 8601 of an explicit expiry; null lives as long as the session. */
  expiresAt: string | null
}

/** The cookies of a session, oldest first. A value: changing it makes another. */
export type CookieJar = readonly KeptCookie[]

/** Cookies a session holds; the oldest makes room. What RFC 6265 asks of browsers for one domain. */
const MAX_COOKIES = 50
/** Of name and value together, as browsers count. */
const MAX_COOKIE_BYTES = 4096
/** What RFC 6265bis lets a cookie live at most; far past a session's life, and it keeps dates in range. */
const MAX_AGE_MS = 400 * 24 * 60 * 60 * 1000

/** World time at which cookies are judged, and how far it is ahead of the machine's: apps tell time by machines. */
export interface JarTime {
  now: Date
  aheadMs?: number
}

export const EMPTY_JAR: CookieJar = []

/** Reads what `saveJar` returned; null, and anything that is not a jar, is an empty one. */
export function loadJar(saved: unknown): CookieJar {
  return Array.isArray(saved) && saved.length > 0 ? saved.filter(isKeptCookie) : EMPTY_JAR
}

/** The jar as a plain JSON value; null when it is empty. */
export function saveJar(jar: CookieJar): KeptCookie[] | null {
  return jar.length > 0 ? [...jar] : null
}

/**
 * The cookies that go with a request for the URL: longer paths first, then older ones. Expiry is judged at `now`.
 * Source: RFC 6265, 5.4. Secure cookies go over https and to this machine.
 */
export function cookiesFor(jar: CookieJar, url: URL, now: Date): KeptCookie[] {
  if (jar.length === 0) return []
  const isSafe = url.protocol === 'https:' || isLoopback(url.hostname)
  return jar
    .filter(cookie => isAlive(cookie, now) && (isSafe || !cookie.isSecure))
    .filter(cookie => matchesHost(cookie, url.hostname) && pathMatch(url.pathname, cookie.path))
    .sort((a, b) => b.path.length - a.path.length)
}

/** The value of a Cookie header, as Latin-1. */
export function cookieHeader(cookies: readonly KeptCookie[]): string {
  return cookies.map(({ name, value }) => (name === '' ? value : `${name}=${value}`)).join('; ')
}

/**
 * The jar after an answer from the URL that came with these Set-Cookie headers (Latin-1). Max-Age counts before Expires
 * and is counted from `now`; Expires is machine time; what is past deletes. A cookie for a foreign domain, too large, or
 * not parseable is ignored. Returns the same jar when nothing changed. Source: RFC 6265, 5.3. Public suffixes are not
 * looked at: a jar serves one pair.
 */
export function setCookies(jar: CookieJar, url: URL, headers: readonly string[], time: JarTime): CookieJar {
  let result = jar
  for (const header of headers) {
    const cookie = readSetCookie(header, url, time)
    if (cookie) result = replaceCookie(result, cookie, time.now)
  }
  return result
}

/** The names in Set-Cookie headers, for the log. */
export function namesOf(headers: readonly string[]): string[] {
  return headers.flatMap(header => parse(header, { loose: true })?.key ?? [])
}

function replaceCookie(jar: CookieJar, cookie: KeptCookie, now: Date): CookieJar {
  const at = jar.findIndex(
    each => each.name === cookie.name && each.domain === cookie.domain && each.path === cookie.path,
  )
  if (!isAlive(cookie, now)) return at < 0 ? jar : jar.toSpliced(at, 1)
  const before = jar[at]
  if (before) return isSame(before, cookie) ? jar : jar.with(at, cookie)
  return [...jar.filter(each => isAlive(each, now)), cookie].slice(-MAX_COOKIES)
}

/** What may stand in a header; tough-cookie lets DEL through. */
const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/

function readSetCookie(header: string, url: URL, time: JarTime): KeptCookie | null {
  // Loose as browsers are: a cookie without "=" is a value without a name.
  const parsed = parse(header, { loose: true })
  if (!parsed || (parsed.key === '' && parsed.value === '')) return null
  if (parsed.key.length + parsed.value.length > MAX_COOKIE_BYTES) return null
  if (UNSENDABLE.test(parsed.key) || UNSENDABLE.test(parsed.value)) return null
  const host = url.hostname
  if (parsed.domain !== null && !isWithin(host, parsed.domain)) return null
  return {
    name: parsed.key,
    value: parsed.value,
    domain: parsed.domain ?? host,
    path: parsed.path ?? defaultPath(url.pathname),
    isHostOnly: parsed.domain === null,
    isSecure: parsed.secure,
    isHttpOnly: parsed.httpOnly,
    expiresAt: expiresAt(parsed, time),
  }
}

function expiresAt(parsed: Cookie, { now, aheadMs = 0 }: JarTime): string | null {
  if (parsed.maxAge !== null) {
    const seconds = parsed.maxAge === '-Infinity' ? 0 : Number(parsed.maxAge)
    return isoAtMost(now.getTime() + (seconds > 0 ? seconds * 1000 : 0), now)
  }
  return parsed.expires instanceof Date ? isoAtMost(parsed.expires.getTime() + aheadMs, now) : null
}

function isoAtMost(atMs: number, now: Date): string {
  return new Date(Math.min(atMs, now.getTime() + MAX_AGE_MS)).toISOString()
}

function isAlive(cookie: KeptCookie, now: Date): boolean {
  return cookie.expiresAt === null || Date.parse(cookie.expiresAt) > now.getTime()
}

function matchesHost(cookie: KeptCookie, host: string): boolean {
  return cookie.isHostOnly ? cookie.domain === host : isWithin(host, cookie.domain)
}

/** Both are in lower case; left to do that itself, tough-cookie throws at a Domain that is no host name. */
function isWithin(host: string, domain: string): boolean {
  return domainMatch(host, domain, false) === true
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.[0-9]{1,3}){3}$/.test(host)
}

function isSame(a: KeptCookie, b: KeptCookie): boolean {
  return (
    a.value === b.value &&
    a.expiresAt === b.expiresAt &&
    a.isSecure === b.isSecure &&
    a.isHttpOnly === b.isHttpOnly &&
    a.isHostOnly === b.isHostOnly
  )
}

function isKeptCookie(value: unknown): value is KeptCookie {
  return typeof value === 'object' && value !== null && 'name' in value && 'value' in value && 'path' in value
}
