import type { InboundMedia } from '../../domain/inbound-text.ts'
import { chunksOf, insertMediaChunk, storeFetchedMedia } from '../../store/media.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'

/** Keeps the bytes of a file that was only named until now. */
export async function storeMedia(core: Core, accountId: string, mediaId: string, file: InboundMedia): Promise<void> {
  await act(core, accountId, async step => {
    step.changes.add(storeFetchedMedia, {
      id: mediaId,
      contentType: file.contentType,
      fileName: file.fileName,
      size: file.bytes.length,
      fetchedAt: step.now,
      updatedAt: step.now,
    })
    step.changes.add(insertMediaChunk, ...chunksOf(mediaId, file.bytes))
  })
}
