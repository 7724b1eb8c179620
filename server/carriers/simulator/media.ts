import type { InboundMedia } from '../carrier.ts'

/** What a phone may attach: as much as the vendors whose dialects we speak take in one text. */
export const MAX_MEDIA = 10
export const MAX_MEDIA_BYTES = 5 * 1024 * 1024

/** Fetches an http(s) URL; throws when it cannot be had or is over `maxBytes`. */
export type FetchMedia = (url: string, maxBytes: number) => Promise<InboundMedia>

/** A URL could not be fetched, or all together are too large. Its message is for the caller. */
export class MediaRefused extends Error {}

/** The bytes behind data: and http(s) URLs, in order. Throws `MediaRefused`. */
export async function fetchAllMedia(urls: string[], fetchMedia: FetchMedia): Promise<InboundMedia[]> {
  const media = await Promise.all(urls.map(url => fetchOne(url, fetchMedia)))
  const size = media.reduce((sum, { bytes }) => sum + bytes.length, 0)
  if (size > MAX_MEDIA_BYTES) throw new MediaRefused(`The media are ${size} bytes; at most ${MAX_MEDIA_BYTES} go.`)
  return media
}

async function fetchOne(url: string, fetchMedia: FetchMedia): Promise<InboundMedia> {
  if (/^data:/i.test(url)) return readDataUrl(url)
  if (!/^https?:\/\//i.test(url)) throw new MediaRefused('Media URLs are http:, https: or data: URLs.')
  try {
    return await fetchMedia(url, MAX_MEDIA_BYTES)
  } catch (error) {
    throw new MediaRefused(`The media at ${url} could not be fetched.`, { cause: error })
  }
}

const DATA_URL = /^data:([^;,]*)((?:;[^;,]*)*),(.*)$/is

/** Source: RFC 2397. */
function readDataUrl(url: string): InboundMedia {
  const [, contentType, parameters, data] = DATA_URL.exec(url) ?? []
  if (parameters === undefined || data === undefined) throw new MediaRefused('A data: URL has no comma.')
  const isBase64 = /;base64$/i.test(parameters)
  try {
    const bytes = isBase64 ? Buffer.from(decodeURIComponent(data), 'base64') : Buffer.from(decodeURIComponent(data))
    return { contentType: contentType || 'text/plain', fileName: null, bytes }
  } catch {
    throw new MediaRefused('A data: URL is not well encoded.')
  }
}
