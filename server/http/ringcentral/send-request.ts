import type { Multipart } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import type { InboundMedia } from '../../domain/inbound-text.ts'
import { cleanText } from '../../domain/text.ts'
import { objectOf, phoneOf, textOf } from './bodies.ts'
import { invalidParameter, RingCentralError } from './errors.ts'
import { uuidOf } from './uuids.ts'

/** A message that a user sends. */
export interface SendRequest {
  from: string
  to: string[]
  text: string
  threadId: string | null
  files: InboundMedia[]
}

const MAX_RECIPIENTS = 10
const MAX_FILES = 10
/** All files together. Source: RingCentral, "Sending MMS". */
const MAX_FILES_BYTES = 1_500_000
/** Of parts of any kind: those without a file name are whole in memory before they are looked at. */
const PART_LIMITS = { parts: MAX_FILES + 2, files: MAX_FILES + 1, fileSize: MAX_FILES_BYTES }

/** Media types that go by MMS. Source: RingCentral, "Sending MMS". */
const MEDIA_TYPES =
  /^(image\/(jpe?g|png|bmp|gif|tiff|svg\+xml|webp)|video\/(3gpp|mp4|mpeg|avi|x-msvideo|x-flv|x-ms-wmv|quicktime|webm|ogg)|audio\/(mpeg|mp3|mp4|ogg|wav|x-wav|amr|3gpp)|text\/(vcard|x-vcard|html|plain|csv|calendar)|application\/(zip|gzip|x-gzip|rtf|pdf|octet-stream))$/i

/**
 * Reads a message as any client writes it: JSON; or multipart, whose first JSON part is the message, itself or under
 * `metadata`, and every other part a file. Refuses 400 and 415.
 */
export async function readSendRequest(request: FastifyRequest): Promise<SendRequest> {
  if (!request.isMultipart()) return messageOf(objectOf(request.body), [])
  const { message, files } = await readParts(request).catch(error => {
    throw asRefused(error)
  })
  if (!message) throw new RingCentralError(400, 'CMN-104', 'Cannot parse request: it has no JSON part')
  const size = files.reduce((sum, file) => sum + file.bytes.length, 0)
  if (files.length > MAX_FILES || size > MAX_FILES_BYTES) throw tooMuch()
  return messageOf('metadata' in message ? objectOf(message.metadata) : message, files)
}

interface Parts {
  message: Record<string, unknown> | null
  files: InboundMedia[]
}

async function readParts(request: FastifyRequest): Promise<Parts> {
  const parts: Parts = { message: null, files: [] }
  // The message may look like a file too.
  for await (const part of request.parts({ limits: PART_LIMITS })) {
    const read = await readPart(part)
    if (parts.message === null && isJson(read.contentType, part)) parts.message = objectOf(parseJson(read.bytes))
    else parts.files.push(fileOf(read, part))
  }
  return parts
}

/** What fails while parts are read is the sender's doing. */
function asRefused(error: unknown): RingCentralError {
  if (error instanceof RingCentralError) return error
  switch (error instanceof Error && 'code' in error && error.code) {
    case 'FST_PARTS_LIMIT':
    case 'FST_FILES_LIMIT':
    case 'FST_REQ_FILE_TOO_LARGE':
      return tooMuch()
    case 'FST_INVALID_JSON_FIELD_ERROR':
      return notJson()
    default:
      return new RingCentralError(400, 'CMN-104', 'Cannot parse request: its parts cannot be told apart')
  }
}

function tooMuch(): RingCentralError {
  return new RingCentralError(400, 'MSG-337', 'The attachments are too many or too large')
}

function messageOf(body: Record<string, unknown>, files: InboundMedia[]): SendRequest {
  const from = phoneOf(body.from, 'from')
  if (!Array.isArray(body.to) || body.to.length < 1 || body.to.length > MAX_RECIPIENTS) {
    throw invalidParameter('to', body.to)
  }
  const to = body.to.map(party => phoneOf(party, 'to'))
  if (new Set(to).size < to.length) {
    throw new RingCentralError(400, 'CMN-406', 'Duplicate value for parameter [to] found', { parameterName: 'to' })
  }
  const threadId = uuidOf(body.threadId)
  const hasThread = body.threadId !== undefined && body.threadId !== null && body.threadId !== ''
  if (hasThread && threadId === null) throw invalidParameter('threadId', body.threadId)
  return { from, to, text: textOf(body, 'text', files.length > 0), threadId, files }
}

interface ReadPart {
  contentType: string
  bytes: Buffer
}

/** A part without a file name is a field to the parser, which has read it and, if it is JSON, taken it apart. */
async function readPart(part: Multipart): Promise<ReadPart> {
  const contentType = (part.mimetype ?? 'text/plain').split(';', 1)[0]?.trim() ?? ''
  if (part.type === 'file') return { contentType, bytes: await part.toBuffer() }
  const { value } = part
  return { contentType, bytes: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)) }
}

/** Some clients leave the type of the message out. */
function isJson(contentType: string, part: Multipart): boolean {
  return /^application\/json$/i.test(contentType) || ['json', 'metadata', 'request.json'].includes(part.fieldname)
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw notJson()
  }
}

function notJson(): RingCentralError {
  return new RingCentralError(400, 'CMN-103', 'JSON cannot be parsed')
}

function fileOf({ contentType, bytes }: ReadPart, part: Multipart): InboundMedia {
  if (bytes.length === 0) throw new RingCentralError(400, 'MSG-347', 'An attachment is empty')
  if (!MEDIA_TYPES.test(contentType)) {
    throw new RingCentralError(415, 'MSG-348', `Attachments of type ${contentType} are not supported`)
  }
  return { contentType, fileName: part.type === 'file' && part.filename ? cleanText(part.filename) : null, bytes }
}
