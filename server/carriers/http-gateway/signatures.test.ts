import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import type { GatewaySignature } from '../../domain/gateway-signature.ts'
import { findForgery, type SignedRequest } from './signatures.ts'
import { Filler } from './template.ts'

const NOW_MS = Date.parse('2030-01-01T12:00:00Z')
const NOW = String(NOW_MS / 1000)
const KEY = 'a signing key'
const BODY = Buffer.from('{"text":"né"}')

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const RAW_KEY = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')

const request = (more: Partial<SignedRequest>): SignedRequest => ({
  method: 'POST',
  url: 'https://heddle.example/carriers/AC1/c1/inbound?a=1',
  headers: {},
  query: { a: '1' },
  body: BODY,
  ...more,
})

const mac = (algorithm: string, ...signed: (string | Buffer)[]) => {
  const hmac = createHmac(algorithm, KEY)
  for (const each of signed) hmac.update(each)
  return hmac
}
const jwt = (claims: object, head: object = { alg: 'HS256', typ: 'JWT' }) => {
  const signed = [head, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `Bearer ${signed}.${createHmac('sha256', KEY).update(signed).digest('base64url')}`
}
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

const hmac = (more: object): GatewaySignature => ({ kind: 'hmac', header: 'X-Signature', key: '{secret.key}', ...more })
const ed25519: GatewaySignature = {
  kind: 'ed25519',
  header: 'X-Ed',
  publicKey: '{secret.raw}',
  timestamp: '@header.x-time',
}
const ofToken: GatewaySignature = { kind: 'jwt', key: '{secret.key}', bodyHash: 'payload_hash' }
const hash = createHash('sha256').update(BODY).digest('hex')
const signedAt = (time: string) =>
  sign(null, Buffer.concat([Buffer.from(`${time}|`), BODY]), privateKey).toString('base64')
const withTime = hmac({ signs: '{body}{timestamp}', timestamp: '@header.X-Timestamp' })
const headersAt = (time: string) => ({ 'x-timestamp': time, 'x-signature': mac('sha256', BODY, time).digest('hex') })

const secrets = new Filler({ secret: { key: KEY, raw: RAW_KEY, token: 'a token' } })
const findOf = (signature: GatewaySignature, asked: SignedRequest) =>
  findForgery(signature, asked, { secrets, nowMs: NOW_MS })

test.each<[string, GatewaySignature, Partial<SignedRequest>]>([
  ['the body by SHA-256 in hexadecimal', hmac({}), { headers: { 'x-signature': mac('sha256', BODY).digest('hex') } }],
  [
    'the body by SHA-1 in base64 behind a prefix',
    hmac({ algorithm: 'sha1', encoding: 'base64', prefix: 'sha1=' }),
    { headers: { 'x-signature': `sha1=${mac('sha1', BODY).digest('base64')}` } },
  ],
  [
    'the URL and the body',
    hmac({ signs: '{url}{body}' }),
    { headers: { 'x-signature': mac('sha256', request({}).url, BODY).digest('hex') } },
  ],
  [
    'the URL without its query, and a nonce',
    hmac({ signs: '{urlBase}{header.X-Nonce}' }),
    {
      headers: {
        'x-nonce': '12',
        'x-signature': mac('sha256', 'https://heddle.example/carriers/AC1/c1/inbound', '12').digest('hex'),
      },
    },
  ],
  ['the body and the time', withTime, { headers: headersAt(NOW) }],
  ['a time in milliseconds', withTime, { headers: headersAt(String(NOW_MS + 1000)) }],
  ['a time in words', withTime, { headers: headersAt('2030-01-01T11:59:00Z') }],
  ['Ed25519', ed25519, { headers: { 'x-ed': signedAt(NOW), 'x-time': NOW } }],
  ['a token of HS256', ofToken, { headers: { authorization: jwt({ iat: Number(NOW), payload_hash: hash }) } }],
  [
    'a token in a header',
    { kind: 'token', header: 'X-Token', equals: '{secret.token}' },
    { headers: { 'x-token': 'a token' } },
  ],
  ['a token in the query', { kind: 'token', query: 'key', equals: '{secret.token}' }, { query: { key: 'a token' } }],
  [
    'credentials',
    { kind: 'basic', user: 'u', password: '{secret.token}' },
    { headers: { authorization: basic('u', 'a token') } },
  ],
])('a request that is signed over %s is the gateway’s', (_, signature, more) => {
  expect(findOf(signature, request(more))).toBeNull()
})

const isOther = /is another one/
test.each<[string, GatewaySignature, Partial<SignedRequest>, RegExp]>([
  ['no signature', hmac({}), {}, /there is no X-Signature/],
  [
    'the signature of another body',
    hmac({}),
    { headers: { 'x-signature': mac('sha256', 'other').digest('hex') } },
    isOther,
  ],
  ['an empty signature', hmac({ prefix: 'v1=' }), { headers: { 'x-signature': 'v1=' } }, isOther],
  [
    'no prefix',
    hmac({ prefix: 'v1=' }),
    { headers: { 'x-signature': mac('sha256', BODY).digest('hex') } },
    /there is no/,
  ],
  ['a time of six minutes ago', withTime, { headers: headersAt(String(Number(NOW) - 360)) }, /too far from ours/],
  ['no time', withTime, { headers: { 'x-signature': mac('sha256', BODY).digest('hex') } }, /too far from ours/],
  ['another time than was signed', ed25519, { headers: { 'x-ed': signedAt('1'), 'x-time': NOW } }, isOther],
  ['no Ed25519', ed25519, { headers: { 'x-time': NOW } }, /there is no X-Ed/],
  ['an Ed25519 signature of no bytes', ed25519, { headers: { 'x-ed': '?', 'x-time': NOW } }, isOther],
  ['no token', ofToken, {}, /there is no token/],
  ['a token for another body', ofToken, { headers: { authorization: jwt({ payload_hash: 'x' }) } }, /another body/],
  ['a token without a hash', ofToken, { headers: { authorization: jwt({}) } }, /another body/],
  [
    'a token that says it is not signed',
    ofToken,
    { headers: { authorization: jwt({ payload_hash: hash }, { alg: 'none' }) } },
    /HS256/,
  ],
  ['an old token', ofToken, { headers: { authorization: jwt({ iat: 1, payload_hash: hash }) } }, /too far/],
  [
    'a token past its time',
    ofToken,
    { headers: { authorization: jwt({ exp: 1, payload_hash: hash }) } },
    /past its time/,
  ],
  ['another token', { kind: 'token', query: 'key', equals: '{secret.token}' }, { query: { key: 'b' } }, isOther],
  ['no credentials', { kind: 'basic', user: 'u', password: '{secret.token}' }, {}, /other ones/],
])('a request with %s is not the gateway’s', (_, signature, more, why) => {
  expect(findOf(signature, request(more))).toMatch(why)
})
