import { fileNameIn } from '../domain/file-name.ts'
import type { HttpClient } from '../kit/http-client.ts'
import { type FetchMedia, MediaUnavailable } from './outbound-media.ts'

const CONNECT_TIMEOUT_MS = 5000
const READ_TIMEOUT_MS = 15_000
const TOTAL_MS = 30_000
const MAX_REDIRECTS = 5

/** Fetches files that customers name, by the rules of calls to them: never into our own network unless allowed. */
export function openFetchMedia(client: HttpClient, allowPrivate: boolean): FetchMedia {
  return async (url, maxBytes) => {
    let next = url
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const answer = await client.request({
        url: next,
        method: 'GET',
        headers: { accept: '*/*', 'user-agent': 'Heddle-Media/1.0' },
        body: null,
        allowPrivate,
        connectTimeoutMs: CONNECT_TIMEOUT_MS,
        readTimeoutMs: READ_TIMEOUT_MS,
        totalMs: TOTAL_MS,
        maxBytes,
      })
      if (answer.kind !== 'answer') {
        const code = answer.kind === 'too_large' ? 11751 : 11200
        throw new MediaUnavailable(code, `The file at ${next} could not be fetched: ${answer.message}`)
      }
      const location = answer.headers.location
      if (answer.status >= 300 && answer.status < 400 && location) {
        if (!URL.canParse(String(location), next)) {
          throw new MediaUnavailable(11200, `The file at ${next} redirects to what is no URL`)
        }
        next = new URL(String(location), next).href
        continue
      }
      if (answer.status !== 200) throw new MediaUnavailable(11200, `The file at ${next} answered ${answer.status}`)
      const contentType = String(answer.headers['content-type'] ?? 'application/octet-stream')
        .split(';')[0]!
        .trim()
      return { contentType, fileName: fileNameIn(next), bytes: answer.body }
    }
    throw new MediaUnavailable(11215, `The file at ${url} redirects too often`)
  }
}
