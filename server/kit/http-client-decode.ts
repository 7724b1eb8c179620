import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { HttpFailureError } from './http-client-failure.ts'

/** What requests may name in Accept-Encoding. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br'

/** Nobody compresses more than twice in good faith. */
const MAX_LAYERS = 2

type Decode = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>

const gunzip: Decode = promisify(zlib.gunzip)
const inflate: Decode = promisify(zlib.inflate)
const inflateRaw: Decode = promisify(zlib.inflateRaw)
const brotli: Decode = promisify(zlib.brotliDecompress)

/**
 * Undoes the Content-Encoding of a whole body. `maxBytes` holds for every stage, so a small body that unfolds into a
 * large one is stopped at the limit. Throws HttpFailureError `too_large`, or `protocol` for an unknown encoding or broken data.
 */
export async function decodeBody(body: Buffer, contentEncoding: string, maxBytes: number): Promise<Buffer> {
  const layers = contentEncoding
    .toLowerCase()
    .split(',')
    .map(layer => layer.trim())
    .filter(layer => layer !== '' && layer !== 'identity')
  if (layers.length > MAX_LAYERS) throw new HttpFailureError('protocol', 'the answer is compressed too many times')
  let decoded = body
  for (const layer of layers.reverse()) {
    if (decoded.length > 0) decoded = await decodeLayer(decoded, layer, maxBytes)
  }
  return decoded
}

async function decodeLayer(body: Buffer, layer: string, maxBytes: number): Promise<Buffer> {
  const decode = decoderOf(layer, body)
  if (!decode) throw new HttpFailureError('protocol', `the answer has the unknown content encoding ${layer}`)
  try {
    return await decode(body, { maxOutputLength: maxBytes })
  } catch (error) {
    if (error instanceof RangeError)
      throw new HttpFailureError('too_large', `the answer unfolds to more than ${maxBytes} bytes`)
    throw new HttpFailureError('protocol', `the answer is not valid ${layer}`)
  }
}

function decoderOf(layer: string, body: Buffer): Decode | null {
  switch (layer) {
    case 'gzip':
    case 'x-gzip':
      return gunzip
    case 'deflate':
      // RFC 9110 means zlib's format, but many servers send raw deflate; the header's low nibble tells which.
      return ((body[0] ?? 0) & 0x0f) === 8 ? inflate : inflateRaw
    case 'br':
      return brotli
    default:
      return null
  }
}
