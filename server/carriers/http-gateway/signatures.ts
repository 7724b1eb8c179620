import { createHash, createHmac, createPublicKey, type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import { PLACEHOLDER } from '../../domain/gateway-names.ts'
import type { GatewaySignature } from '../../domain/gateway-signature.ts'
import { isSameSecret } from '../../kit/same-secret.ts'
import { findTexts, type Source } from './path.ts'
import type { Filler } from './template.ts'

/** A request of the gateway as it is signed. */
export interface SignedRequest {
  method: string
  /** As the gateway knows it. */
  url: string
  headers: Record<string, string>
  query: Record<string, string>
  body: Buffer
}

/** How far a gateway's clock may be from ours, and how old a repeated request may be. */
const TOLERANCE_SECONDS = 300
/** Milliseconds since 1970 passed this in 2001, seconds will in the year 33658. */
const FIRST_MILLISECONDS = 1_000_000_000_000
/** What comes before a raw Ed25519 key in a DER public key. Source: RFC 8410, 4. */
const ED25519_DER = Buffer.from('302a300506032b6570032100', 'hex')
const ED25519_KEY_BYTES = 32

/** What is wrong with a request's signature, for the log; null when nothing is. `secrets` fills in templates of keys. */
export function findForgery(
  signature: GatewaySignature,
  request: SignedRequest,
  { secrets, nowMs }: { secrets: Filler; nowMs: number },
): string | null {
  switch (signature.kind) {
    case 'hmac': {
      const { algorithm = 'sha256', encoding = 'hex', prefix = '', signs = '{body}' } = signature
      const shown = headerOf(request, signature.header)
      if (!shown?.startsWith(prefix)) return `there is no ${signature.header}`
      const mac = createHmac(algorithm, secrets.text(signature.key)).update(
        bytesOf(signs, request, signature.timestamp),
      )
      if (!isSame(mac.digest(), Buffer.from(shown.slice(prefix.length), encoding)))
        return 'the signature is another one'
      return findStale(signature, request, nowMs)
    }
    case 'ed25519': {
      const { encoding = 'base64', signs = '{timestamp}|{body}' } = signature
      const shown = headerOf(request, signature.header)
      if (!shown) return `there is no ${signature.header}`
      const bytes = bytesOf(signs, request, signature.timestamp)
      const key = keyOf(secrets.text(signature.publicKey))
      if (!key) return 'the public key that we are told is none'
      if (!verify(null, bytes, key, Buffer.from(shown, encoding))) return 'the signature is another one'
      return findStale(signature, request, nowMs)
    }
    case 'jwt':
      return findBadToken(signature, request, { key: secrets.text(signature.key), nowMs })
    case 'token': {
      const { header, query } = signature
      const shown = header === undefined ? request.query[query ?? ''] : headerOf(request, header)
      return shown && isSameSecret(shown, secrets.text(signature.equals)) ? null : 'the token is another one'
    }
    case 'basic': {
      const wanted = `${secrets.text(signature.user)}:${secrets.text(signature.password)}`
      const [, shown = ''] = /^Basic +(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
      return isSameSecret(Buffer.from(shown, 'base64').toString(), wanted) ? null : 'the credentials are other ones'
    }
    default:
      return signature satisfies never
  }
}

/** HS256 alone. Source: RFC 7519; Vonage, "Signed webhooks", for the hash of the body. */
function findBadToken(
  { bodyHash, toleranceSeconds }: Extract<GatewaySignature, { kind: 'jwt' }>,
  { headers, body }: SignedRequest,
  { key, nowMs }: { key: string; nowMs: number },
): string | null {
  const [, head = '', payload = '', shown = ''] =
    /^Bearer +([\w-]+)\.([\w-]+)\.([\w-]+)$/i.exec(headers.authorization ?? '') ?? []
  if (shown === '') return 'there is no token'
  const mac = createHmac('sha256', key).update(`${head}.${payload}`).digest()
  if (!isSame(mac, Buffer.from(shown, 'base64url'))) return 'the signature is another one'
  if (partOf(head)?.alg !== 'HS256') return 'the token is not signed by HS256'
  const claims = partOf(payload)
  if (!claims) return 'the token says nothing'
  if (typeof claims.exp === 'number' && claims.exp * 1000 < nowMs) return 'the token is past its time'
  if (claims.iat !== undefined && isFar(String(claims.iat), nowMs, toleranceSeconds))
    return 'its time is too far from ours'
  if (bodyHash === undefined) return null
  const hash = createHash('sha256').update(body).digest('hex')
  return isSameSecret(String(claims[bodyHash] ?? '').toLowerCase(), hash) ? null : 'the token is for another body'
}

function partOf(part: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : null
  } catch {
    return null
  }
}

/** The bytes that are signed: the body stays as it was sent. */
function bytesOf(signs: string, request: SignedRequest, timestamp: string | undefined): Buffer {
  const parts: Buffer[] = []
  let from = 0
  for (const found of signs.matchAll(PLACEHOLDER)) {
    const [whole, name = ''] = found
    parts.push(Buffer.from(signs.slice(from, found.index)))
    parts.push(name === 'body' ? request.body : Buffer.from(textOf(name, request, timestamp)))
    from = found.index + whole.length
  }
  parts.push(Buffer.from(signs.slice(from)))
  return Buffer.concat(parts)
}

function textOf(name: string, request: SignedRequest, timestamp: string | undefined): string {
  const [first = '', second = ''] = name.split('.')
  switch (first) {
    case 'url':
      return request.url
    case 'urlBase':
      return request.url.replace(/\?.*$/, '')
    case 'method':
      return request.method
    case 'header':
      return headerOf(request, second) ?? ''
    case 'query':
      return request.query[second] ?? ''
    case 'timestamp':
      return timestampOf(request, timestamp)
    default:
      return ''
  }
}

function findStale(
  { timestamp, toleranceSeconds }: { timestamp?: string; toleranceSeconds?: number },
  request: SignedRequest,
  nowMs: number,
): string | null {
  if (timestamp === undefined) return null
  return isFar(timestampOf(request, timestamp), nowMs, toleranceSeconds) ? 'its time is too far from ours' : null
}

/** A time may be in the body, which is signed: JSON or a form. */
function timestampOf({ headers, query, body }: SignedRequest, path = ''): string {
  const source: Source = { event: null, body: null, headers, query }
  if (path.startsWith('@header') || path.startsWith('@query')) return findTexts(source, path)[0] ?? ''
  const parsed = parseLoosely(body)
  return findTexts({ ...source, event: parsed, body: parsed }, path)[0] ?? ''
}

function parseLoosely(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return Object.fromEntries(new URLSearchParams(body.toString()))
  }
}

/** A time in seconds, milliseconds or ISO 8601; what is none is far from any. */
function isFar(text: string, nowMs: number, toleranceSeconds = TOLERANCE_SECONDS): boolean {
  const number = Number(text)
  const atMs =
    text === '' || Number.isNaN(number) ? Date.parse(text) : number < FIRST_MILLISECONDS ? number * 1000 : number
  return !(Math.abs(nowMs - atMs) <= toleranceSeconds * 1000)
}

/** A raw key in base64 or hexadecimal, or PEM. */
function keyOf(text: string): KeyObject | null {
  if (text.includes('BEGIN')) return createPublicKey(text)
  const raw = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64')
  if (raw.length !== ED25519_KEY_BYTES) return null
  return createPublicKey({ key: Buffer.concat([ED25519_DER, raw]), format: 'der', type: 'spki' })
}

function headerOf({ headers }: SignedRequest, name: string): string | undefined {
  return headers[name.toLowerCase()]
}

function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}
