import { TextDecoder } from 'node:util'
import { cleanText } from '../domain/text.ts'

/** The media type of a Content-Type header, in lower case; empty when there is none. */
export function mediaTypeOf(contentType: string): string {
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase()
}

/**
 * The text of an answer. A byte order mark decides its charset, then the Content-Type, then an XML declaration; else it
 * is UTF-8. Bytes that are wrong in the charset become U+FFFD.
 */
export function decodeAnswer(body: Buffer, contentType: string): string {
  return decoderFor(charsetOf(body, contentType)).decode(body)
}

/** As `decodeAnswer`, for keeping: without what the database cannot hold, and at most `maxBytes` of it. */
export function decodeForLog(body: Buffer, contentType: string, maxBytes: number): string {
  return cleanText(decodeAnswer(body.subarray(0, maxBytes), contentType))
}

function charsetOf(body: Buffer, contentType: string): string {
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be'
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le'
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return 'utf-8'
  const named = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1]
  if (named !== undefined) return named
  const declared = /^<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]+)/.exec(body.toString('latin1', 0, 200))?.[1]
  // A declaration that can be read as ASCII is not in UTF-16, whatever it says; .NET writes such ones.
  return declared === undefined || /^(utf-?16|ucs-?2|iso-10646)/i.test(declared) ? 'utf-8' : declared
}

function decoderFor(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset)
  } catch {
    return new TextDecoder('utf-8')
  }
}
