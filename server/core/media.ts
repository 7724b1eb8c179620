import { newId } from '../domain/ids.ts'
import type { InboundMedia } from '../domain/inbound-text.ts'
import { chunksOf, insertMedia, insertMediaChunk } from '../store/media.ts'
import type { MessageMedia } from '../store/messages.ts'
import type { Act } from './act.ts'

/** Writes a text's files with their bytes; gives them as messages and calls show them. */
export function addMedia(step: Act, smsId: string, files: InboundMedia[]): MessageMedia[] {
  return files.map((file, position) => {
    const id = newId(step.now.getTime())
    step.changes.add(insertMedia, {
      id,
      smsId,
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
