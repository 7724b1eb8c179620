import { createHash } from 'node:crypto'

export interface Credentials {
  user: string
  password: string
}

/** What a Digest answer is made for. `uri` is path and query as sent; `clientNonce` any string never used before. */
export interface ChallengedRequest {
  method: string
  uri: string
  clientNonce: string
}

interface Challenge {
  scheme: string
  parameters: Record<string, string>
}

/**
 * The Authorization header that answers a 401, from its WWW-Authenticate headers; null when none can be answered.
 * Digest goes before Basic, which shows the password. Source: RFC 7616 (MD5 and SHA-256, also -sess; qop auth or none), RFC 7617.
 */
export function answerChallenge(
  headers: readonly string[],
  credentials: Credentials,
  request: ChallengedRequest,
): string | null {
  const challenges = headers.flatMap(parseChallenges)
  for (const challenge of challenges) {
    const answer = challenge.scheme === 'digest' ? digest(challenge.parameters, credentials, request) : null
    if (answer) return answer
  }
  return challenges.some(({ scheme }) => scheme === 'basic') ? basic(credentials) : null
}

function basic({ user, password }: Credentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

const HASH_NAMES = new Map([
  ['md5', 'md5'],
  ['sha-256', 'sha256'],
  ['sha-512-256', 'sha512-256'],
])

function digest(
  challenge: Record<string, string>,
  { user, password }: Credentials,
  { method, uri, clientNonce }: ChallengedRequest,
): string | null {
  const { realm = '', nonce = '', opaque, qop, algorithm = 'MD5' } = challenge
  const isSession = /-sess$/i.test(algorithm)
  const hashName = HASH_NAMES.get(algorithm.toLowerCase().replace(/-sess$/, ''))
  const offersAuth = qop === undefined || qop.split(',').some(each => each.trim().toLowerCase() === 'auth')
  if (hashName === undefined || !offersAuth) return null
  const hash = (text: string) => createHash(hashName).update(text).digest('hex')

  const secret = hash(`${user}:${realm}:${password}`)
  const ha1 = isSession ? hash(`${secret}:${nonce}:${clientNonce}`) : secret
  const ha2 = hash(`${method}:${uri}`)
  const response =
    qop === undefined ? hash(`${ha1}:${nonce}:${ha2}`) : hash(`${ha1}:${nonce}:00000001:${clientNonce}:auth:${ha2}`)
  const fields = [
    `username=${quoted(user)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    `response="${response}"`,
    `algorithm=${algorithm}`,
  ]
  if (opaque !== undefined) fields.push(`opaque=${quoted(opaque)}`)
  if (qop !== undefined || isSession) fields.push(`cnonce=${quoted(clientNonce)}`)
  if (qop !== undefined) fields.push('qop=auth', 'nc=00000001')
  return `Digest ${fields.join(', ')}`
}

/** Names, each with or without a value: one without begins the next challenge. */
const WORD = /[\s,]*([^\s,="]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,"]*))?/y

function parseChallenges(header: string): Challenge[] {
  const challenges: Challenge[] = []
  WORD.lastIndex = 0
  for (let word = WORD.exec(header); word; word = WORD.exec(header)) {
    const [, name = '', value] = word
    if (value === undefined) challenges.push({ scheme: name.toLowerCase(), parameters: {} })
    else {
      const challenge = challenges.at(-1)
      if (challenge) challenge.parameters[name.toLowerCase()] = unquoted(value)
    }
  }
  return challenges
}

/** As Latin-1 bytes of UTF-8, since that is how header values are sent. */
function quoted(text: string): string {
  return `"${Buffer.from(text.replace(/["\\]/g, '\\$&')).toString('latin1')}"`
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value
}
