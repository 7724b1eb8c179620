import { newId } from '../../domain/ids.ts'
import type { InboundMedia } from '../../domain/inbound-text.ts'
import type { Sms } from '../../domain/sms.ts'
import {
  chunksOf,
  deleteMedia,
  deleteMediaBytes,
  detachMedia,
  insertMedia,
  insertMediaChunk,
  type Media,
} from '../../store/media.ts'
import { insertMediaCopy } from '../../store/media-copies.ts'
import type { MessageMedia } from '../../store/messages.ts'
import type { Act } from '../step.ts'

/** Writes the files of a text with their bytes; gives them as messages and calls show them. */
export function addMedia(step: Act, smsId: string, files: InboundMedia[]): MessageMedia[] {
  return addFiles(step, { smsId, messageId: null }, files)
}

/** Writes the files of a thread's message that no text brought; gives them as the message shows them. */
export function addMessageMedia(step: Act, messageId: string, files: InboundMedia[]): MessageMedia[] {
  return addFiles(step, { smsId: null, messageId }, files)
}

function addFiles(step: Act, of: Pick<Media, 'smsId' | 'messageId'>, files: InboundMedia[]): MessageMedia[] {
  return files.map((file, position) => {
    const id = newId(step.now.getTime())
    step.changes.add(insertMedia, {
      id,
      ...of,
      position,
      contentType: file.contentType,
      fileName: file.fileName,
      size: file.bytes.length,
      sourceUrl: null,
      fetchedAt: step.now,
      createdAt: step.now,
      updatedAt: step.now,
    })
    step.changes.add(insertMediaChunk, ...chunksOf(id, file.bytes))
    return { id, contentType: file.contentType, fileName: file.fileName, size: file.bytes.length }
  })
}

/** Notes where a text's files are to be fetched; delivery does so before it hands the text to its carrier. */
export function addMediaUrls(step: Act, smsId: string, urls: string[]): void {
  urls.forEach((sourceUrl, position) => {
    step.changes.add(insertMedia, {
      id: newId(step.now.getTime()),
      smsId,
      messageId: null,
      position,
      contentType: null,
      fileName: null,
      size: null,
      sourceUrl,
      fetchedAt: null,
      createdAt: step.now,
      updatedAt: step.now,
    })
  })
}

/** Gives a text files that are here already, without copying their bytes. */
export function addMediaCopies(step: Act, smsId: string, files: MessageMedia[]): void {
  files.forEach(({ id, contentType, fileName, size }, position) => {
    step.changes.add(insertMediaCopy, {
      id: newId(step.now.getTime()),
      smsId,
      position,
      contentType,
      fileName,
      size,
      copyOf: id,
      fetchedAt: step.now,
      createdAt: step.now,
      updatedAt: step.now,
    })
  })
}

/** Takes a file off its text. Its bytes go with it, unless a thread's message shows them. */
export function removeMedia(step: Act, sms: Pick<Sms, 'messageId'>, id: string): void {
  if (sms.messageId) {
    step.changes.add(detachMedia, { id })
  } else {
    step.changes.add(deleteMedia, { id })
    step.changes.add(deleteMediaBytes, { id })
  }
}
