import type { MessageChange } from '../../core/threads/change-message.ts'
import type { Saying } from '../../core/threads/send-messages.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import { lengthInCharacters } from '../../domain/text.ts'
import { MAX_BODY_CHARACTERS } from '../../domain/thread-limits.ts'
import type { Parameters } from '../twilio-parameters.ts'
import { isTooLong, MAX_NAME, readAttributes, readDates, refuse } from './limits.ts'

/** What is said. Refuses 50503 when it is nothing, 50504 when it is too long, 50510 a media SID that is none. */
export function readMessage(parameters: Parameters): Omit<Saying, 'threadId' | 'serviceId' | 'origin' | 'cause'> {
  const contentSid = parameters.filled('ContentSid')
  if (contentSid !== undefined && !uuidOfSid('HX', contentSid)) throw refuse(50540, `Invalid ContentSid: ${contentSid}`)
  const mediaIds = contentSid ? [] : parameters.list('MediaSid').map(readMediaSid)
  const body = contentSid ? null : readBody(parameters)
  if (!contentSid && mediaIds.length === 0 && (body === undefined || body === null || body === '')) {
    throw refuse(50503, 'Message body, media or content is required')
  }
  const author = readAuthor(parameters)
  const attributes = readAttributes(parameters)
  const subject = parameters.text('Subject')
  const settings = { ...(contentSid && { contentSid }), ...(subject && { subject }) }
  return {
    body: body ?? null,
    mediaIds,
    ...readDates(parameters),
    ...(author !== undefined && { author }),
    ...(attributes !== undefined && { attributes }),
    ...(Object.keys(settings).length > 0 && { settings }),
  }
}

/** What is to be changed of a message. Refuses 50504. */
export function readMessageChange(
  parameters: Parameters,
): Omit<MessageChange, 'threadId' | 'serviceId' | 'messageId' | 'cause'> {
  const body = readBody(parameters)
  const author = readAuthor(parameters)
  const attributes = readAttributes(parameters)
  const subject = parameters.text('Subject')
  return {
    ...readDates(parameters),
    ...(body !== undefined && { body }),
    ...(author !== undefined && { author }),
    ...(attributes !== undefined && { attributes }),
    ...(subject !== undefined && { settings: { subject } }),
  }
}

function readBody(parameters: Parameters): string | undefined {
  const body = parameters.text('Body')
  if (body !== undefined && lengthInCharacters(body) > MAX_BODY_CHARACTERS) {
    throw refuse(50504, `Message body is too long, it may have ${MAX_BODY_CHARACTERS} characters`)
  }
  return body
}

/** An identity, an address, or any text; undefined when there is none. */
function readAuthor(parameters: Parameters): string | undefined {
  const author = parameters.filled('Author')
  if (author !== undefined && isTooLong(author))
    throw refuse(50207, `Author is too long, it may have ${MAX_NAME} characters`)
  return author
}

function readMediaSid(text: string): string {
  const id = uuidOfSid('ME', text)
  if (!id) throw refuse(50510, `Invalid message media SID: ${text}`)
  return id
}
