import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { MAX_UPLOAD_BYTES } from '../../../core/media/upload-media.ts'
import { cleanText } from '../../../domain/text.ts'
import { TwilioError } from '../../twilio-errors.ts'

/** A file that comes in. */
export interface IncomingFile {
  contentType: string
  fileName: string | null
  bytes: Readable
}

const MAX_NAME = 256
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;.*)?$/

/**
 * The file of an upload: the body as it is, or the one part of a form that a browser sends. Refuses 20413 (413) one that
 * says it is too large, and 20001 a type that is none or a form without a file.
 */
export async function readUpload(request: FastifyRequest): Promise<IncomingFile> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_UPLOAD_BYTES) throw tooLarge()
  const { Filename } = request.query as { Filename?: string | string[] }
  const named = typeof Filename === 'string' ? Filename : null
  if (!request.isMultipart()) {
    return fileOf(request.headers['content-type'], named, request.body as Readable)
  }
  const part = await request.file({ limits: { files: 1, fileSize: Number.POSITIVE_INFINITY } })
  if (!part) throw new TwilioError(400, 20001, 'The form has no file')
  return fileOf(part.mimetype, named ?? part.filename ?? null, part.file)
}

export function tooLarge(): TwilioError {
  return new TwilioError(413, 20413, `A file may have ${MAX_UPLOAD_BYTES} bytes at most`)
}

function fileOf(type: string | undefined, name: string | null, bytes: Readable): IncomingFile {
  const contentType = type?.trim() || 'application/octet-stream'
  if (contentType.length > MAX_NAME || !MEDIA_TYPE.test(contentType)) {
    throw new TwilioError(400, 20001, `Invalid Content-Type: ${contentType}`)
  }
  if (name !== null && name.length > MAX_NAME) throw new TwilioError(400, 20001, 'The file name is too long')
  return { contentType: contentType.toLowerCase(), fileName: name ? cleanText(name) : null, bytes }
}
