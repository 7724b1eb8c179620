import type { TwilioSecrets, TwilioSettings } from '../../domain/twilio-settings.ts'
import type { HttpAnswer, HttpClient, HttpFailure } from '../../kit/http-client.ts'

const DEFAULT_URL = 'https://api.twilio.com'
const CONNECT_TIMEOUT_MS = 5_000
const ANSWER_WITHIN_MS = 15_000
/** A page of 1,000 messages of 1,600 characters. */
const MAX_BYTES = 16 * 1024 * 1024

/** What the API said; `body` is its JSON, null when it was none. */
export interface ApiAnswer {
  kind: 'answer'
  status: number
  body: unknown
  /** What it asks us to wait. */
  retryAfterMs: number | null
}

/** Nothing usable came back; `wasSent` is false when the request surely never reached the API. */
export interface ApiFailure {
  kind: 'failure'
  wasSent: boolean
  message: string
}

/** The API could not be asked, or did not answer what it was asked; the message is a sentence for the operator. */
export class ApiTrouble extends Error {}

export interface TwilioApi {
  /** Scheme, host and port. */
  readonly origin: string
  /** The account's path, such as /2010-04-01/Accounts/AC... */
  readonly accountPath: string
  readonly authorization: string
  /** `path` is absolute, with its query. Never rejects. */
  get(path: string): Promise<ApiAnswer | ApiFailure>
  /** Sent once at most, whatever happens. Never rejects. */
  post(path: string, form: readonly [string, string][]): Promise<ApiAnswer | ApiFailure>
}

/** The REST API of an account. Source: Twilio, "Twilio's request and response", 2010-04-01. */
export function openTwilioApi({
  settings,
  secrets,
  client,
}: {
  settings: TwilioSettings
  secrets: TwilioSecrets
  client: HttpClient
}): TwilioApi {
  const { origin } = new URL(settings.url ?? DEFAULT_URL)
  const user =
    settings.apiKeySid && secrets.apiKeySecret
      ? `${settings.apiKeySid}:${secrets.apiKeySecret}`
      : `${settings.accountSid}:${secrets.authToken}`
  const authorization = `Basic ${Buffer.from(user).toString('base64')}`
  const timeMs = settings.answerWithinMs ?? ANSWER_WITHIN_MS
  const common = {
    // The operator named the host; a gateway at the next desk is as good as one far away.
    allowPrivate: true,
    connectTimeoutMs: Math.min(CONNECT_TIMEOUT_MS, timeMs),
    readTimeoutMs: timeMs,
    totalMs: timeMs,
    maxBytes: MAX_BYTES,
  }
  const headers = { authorization, accept: 'application/json', 'accept-encoding': 'gzip', 'user-agent': 'Heddle/1.0' }

  return {
    origin,
    accountPath: `/2010-04-01/Accounts/${settings.accountSid}`,
    authorization,
    async get(path) {
      return read(await client.request({ ...common, url: origin + path, method: 'GET', headers, body: null }))
    },
    async post(path, form) {
      const body = new URLSearchParams([...form]).toString()
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      return read(
        await client.request({
          ...common,
          url: origin + path,
          method: 'POST',
          headers: { ...headers, ...type },
          body,
          isRepeatable: false,
        }),
      )
    },
  }
}

function read(answer: HttpAnswer | HttpFailure): ApiAnswer | ApiFailure {
  if (answer.kind !== 'answer') return { kind: 'failure', wasSent: answer.wasSent, message: answer.message }
  const seconds = Number(answer.headers['retry-after'] ?? Number.NaN)
  return {
    kind: 'answer',
    status: answer.status,
    body: jsonOf(answer.body),
    retryAfterMs: seconds >= 0 ? seconds * 1000 : null,
  }
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}
