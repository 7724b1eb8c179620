import Type from 'typebox'
import { Value } from 'typebox/value'
import type { HttpClient } from '../../kit/http-client.ts'
import type { InboundMedia } from '../carrier.ts'
import { ApiTrouble, type TwilioApi } from './api.ts'

const LIMITS = { connectTimeoutMs: 5_000, readTimeoutMs: 10_000, totalMs: 30_000, maxBytes: 16 * 1024 * 1024 }
const MAX_REDIRECTS = 5
/** It is not there and will not be: deleted, or never ours to see. */
const GONE: ReadonlySet<number> = new Set([403, 404, 410])

const MediaList = Type.Object({
  media_list: Type.Array(Type.Object({ sid: Type.String(), content_type: Type.String() })),
})

/** A file of a text from a phone, where it can be fetched. */
export interface NamedMedia {
  contentType: string
  url: string
}

/** The files of a message, for those that were not told with it. Throws when the API does not answer. */
export async function listMediaOf(api: TwilioApi, messageSid: string): Promise<NamedMedia[]> {
  const folder = `${api.accountPath}/Messages/${messageSid}/Media`
  const answer = await api.get(`${folder}.json?PageSize=50`)
  if (answer.kind !== 'answer' || !Value.Check(MediaList, answer.body))
    throw new ApiTrouble('Files could not be listed.')
  return answer.body.media_list.map(file => ({
    contentType: file.content_type,
    url: `${api.origin}${folder}/${file.sid}`,
  }))
}

/**
 * Fetches files from the account, which may want its credentials, and from where it sends us on to, which gets none. A
 * file that is gone is left out; throws when one cannot be had now.
 */
export async function fetchMedia(
  { api, client }: { api: TwilioApi; client: HttpClient },
  files: NamedMedia[],
): Promise<InboundMedia[]> {
  const fetched = await Promise.all(files.map(file => fetchOne(api, client, file)))
  return fetched.filter(file => file !== null)
}

/** A file of a message is at the API that we were told of, by whatever name the account's webhooks call its host. */
function throughApi(api: TwilioApi, url: string): string {
  const path = URL.canParse(url) ? new URL(url).pathname : ''
  return path.startsWith(`${api.accountPath}/Messages/`) ? api.origin + path : url
}

async function fetchOne(api: TwilioApi, client: HttpClient, file: NamedMedia): Promise<InboundMedia | null> {
  let url = throughApi(api, file.url)
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const isAtHome = URL.canParse(url) && new URL(url).origin === api.origin
    const answer = await client.request({
      ...LIMITS,
      url,
      method: 'GET',
      headers: { accept: '*/*', ...(isAtHome && { authorization: api.authorization }) },
      body: null,
      allowPrivate: isAtHome,
    })
    if (answer.kind === 'too_large') return null
    if (answer.kind !== 'answer') throw new ApiTrouble(`A file could not be fetched: ${answer.message}`)
    const { location } = answer.headers
    if (answer.status >= 300 && answer.status < 400 && location) {
      url = new URL(String(location), url).href
      continue
    }
    if (GONE.has(answer.status)) return null
    if (answer.status !== 200) throw new ApiTrouble(`A file could not be fetched: it answered ${answer.status}`)
    const contentType = String(answer.headers['content-type'] ?? file.contentType).split(';')[0] ?? ''
    return { contentType: contentType.trim(), fileName: null, bytes: answer.body }
  }
  throw new ApiTrouble('A file could not be fetched: it redirects too often')
}
