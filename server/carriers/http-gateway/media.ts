import { fileNameIn } from '../../domain/file-name.ts'
import type { HttpAnswer, HttpClient, HttpFailure } from '../../kit/http-client.ts'
import type { InboundMedia } from '../carrier.ts'
import type { NamedMedia } from './inbound-texts.ts'

export interface MediaRules {
  client: HttpClient
  /** The origin of the gateway, which may be in our own network as it is. */
  gateway: string
  /** Files at addresses that begin so are fetched with these headers. */
  auth: { prefix: string; headers: Record<string, string> } | null
}

/** What a text could carry over any network; gateways cut at less. */
const MAX_MEDIA_BYTES = 10 * 1024 * 1024
const TRIES = 2
const MAX_REDIRECTS = 3
/** Gateways wait some seconds for our answer and then call again. */
const LIMITS = { connectTimeoutMs: 2000, readTimeoutMs: 4000, totalMs: 8000, maxBytes: MAX_MEDIA_BYTES }
const OCTETS = 'application/octet-stream'
/** How a phone arranges the other files; some gateways list it among them. */
const LAYOUT = 'application/smil'

/**
 * The files of a text, and the addresses of those that could not be had: a text is never lost for its files, it goes
 * on with their addresses.
 */
export async function fetchMedia(
  named: NamedMedia[],
  rules: MediaRules,
): Promise<{ media: InboundMedia[]; missing: string[] }> {
  const fetched = await Promise.all(
    named.map(async file => {
      if ('data' in file) return fileOf(file, { bytes: Buffer.from(file.data, 'base64'), contentType: null })
      const answer = await fetchFile(file.url, rules)
      return answer ? fileOf(file, answer) : file.url
    }),
  )
  return {
    media: fetched.filter(each => typeof each !== 'string').filter(file => file.contentType !== LAYOUT),
    missing: fetched.filter(each => typeof each === 'string'),
  }
}

interface FetchedFile {
  bytes: Buffer
  contentType: string | null
}

async function fetchFile(url: string, rules: MediaRules): Promise<FetchedFile | null> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const answer = await follow(url, rules)
    if (answer.kind === 'answer' && answer.status === 200) {
      return { bytes: answer.body, contentType: String(answer.headers['content-type'] ?? OCTETS) }
    }
    if (answer.kind === 'answer' && answer.status < 500) return null
  }
  return null
}

async function follow(url: string, { client, gateway, auth }: MediaRules): Promise<HttpAnswer | HttpFailure> {
  for (let next = url, hop = 0; ; hop++) {
    const isOurs = auth !== null && begins(next, auth.prefix)
    const answer = await client.request({
      url: next,
      method: 'GET',
      headers: { accept: '*/*', 'user-agent': 'Heddle-Media/1.0', ...(isOurs && auth.headers) },
      body: null,
      allowPrivate: URL.canParse(next) && new URL(next).origin === gateway,
      ...LIMITS,
    })
    const location = answer.kind === 'answer' && answer.status >= 300 && answer.status < 400 && answer.headers.location
    if (!location || hop === MAX_REDIRECTS || !URL.canParse(String(location), next)) return answer
    next = new URL(String(location), next).href
  }
}

/** Compared as URLs: `https://api.example.com/` is no beginning of `https://api.example.com.evil/`. */
function begins(url: string, prefix: string): boolean {
  return URL.canParse(url) && new URL(url).href.startsWith(new URL(prefix).href)
}

function fileOf(named: NamedMedia, { bytes, contentType }: FetchedFile): InboundMedia {
  const shown = contentType?.split(';')[0]?.trim().toLowerCase() ?? OCTETS
  return {
    contentType: shown === OCTETS ? (named.contentType ?? OCTETS) : shown,
    fileName: named.fileName ?? ('url' in named ? fileNameIn(named.url) : null),
    bytes,
  }
}
