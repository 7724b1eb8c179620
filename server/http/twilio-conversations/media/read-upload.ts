import type { FastifyRequest } from 'fastify'
import { MAX_UPLOAD_BYTES } from '../../../core/media/upload-media.ts'
import { cleanText } from '../../../domain/text.ts'
import { TwilioError } from '../../twilio-errors.ts'
import { isTooLong } from '../limits.ts'

/** A file that comes in. Its bytes refuse 20001 when they end before their time. */
export interface IncomingFile {
  contentType: string
  fileName: string | null
  bytes: AsyncIterable<Buffer>
}

const MAX_TYPE = 256
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;.*)?$/

/** Fields that stand before the file are whole in memory; the file never is. */
const FORM_LIMITS = { files: 1, fields: 10, fieldSize: 1024, fileSize: Number.POSITIVE_INFINITY }

/**
 * The file of an upload: the body as it is, or the one part of a form that a browser sends. Refuses 20413 (413) one that
 * says it is too large, and 20001 a type that is none, a form without a file, or one that is no form.
 */
export async function readUpload(request: FastifyRequest): Promise<IncomingFile> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_UPLOAD_BYTES) throw tooLarge()
  const { Filename } = request.query as { Filename?: string | string[] }
  const named = typeof Filename === 'string' ? Filename : null
  if (!request.isMultipart()) {
    return fileOf(request.headers['content-type'], named, (request.body ?? []) as Pieces)
  }
  const part = await request.file({ limits: FORM_LIMITS }).catch(() => {
    throw new TwilioError(400, 20001, 'The form cannot be read')
  })
  if (!part) throw new TwilioError(400, 20001, 'The form has no file')
  return fileOf(part.mimetype, named ?? part.filename ?? null, part.file)
}

export function tooLarge(): TwilioError {
  return new TwilioError(413, 20413, `A file may have ${MAX_UPLOAD_BYTES} bytes at most`)
}

/** A body, or none. */
type Pieces = AsyncIterable<Buffer> | Iterable<Buffer>

function fileOf(type: string | undefined, name: string | null, bytes: Pieces): IncomingFile {
  const contentType = type?.trim() || 'application/octet-stream'
  if (contentType.length > MAX_TYPE || !MEDIA_TYPE.test(contentType)) {
    throw new TwilioError(400, 20001, `Invalid Content-Type: ${contentType}`)
  }
  if (name !== null && isTooLong(name)) throw new TwilioError(400, 20001, 'The file name is too long')
  return { contentType: contentType.toLowerCase(), fileName: name ? cleanText(name) : null, bytes: whole(bytes) }
}

/** What fails while bytes come in is the sender's doing: a connection that ends, a form that does not. */
async function* whole(bytes: Pieces): AsyncIterable<Buffer> {
  try {
    yield* bytes
  } catch {
    throw new TwilioError(400, 20001, 'The upload was cut off')
  }
}
