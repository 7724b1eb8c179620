import type { OutboundMedia } from '../carriers/carrier.ts'
import type { Core } from '../core/core.ts'
import { mediaTicket } from '../core/media/media-ticket.ts'
import { storeMedia } from '../core/media/store-media.ts'
import { smsSidOf } from '../core/sending/sms-sid.ts'
import { sid } from '../domain/ids.ts'
import type { InboundMedia } from '../domain/inbound-text.ts'
import { isSendableMedia } from '../domain/sendable-media.ts'
import type { Sms } from '../domain/sms.ts'
import { findAccountSettings } from '../store/read/account-settings.ts'
import { listMedia } from '../store/read/media.ts'

/** A file that a text needs could not be had; the text fails with this code. */
export class MediaUnavailable extends Error {
  readonly errorCode: number

  constructor(errorCode: number, message: string, cause?: unknown) {
    super(message, { cause })
    this.errorCode = errorCode
  }
}

/** Fetches a file; throws `MediaUnavailable`. */
export type FetchMedia = (url: string, maxBytes: number) => Promise<InboundMedia>

/** All files of a text together. Source: Twilio, "Media file size limits". */
const MAX_MEDIA_BYTES = 5 * 1024 * 1024

/**
 * A text's files as its carrier may fetch them from us. What was only named by its URL is fetched and kept first,
 * once: a text that is tried again finds it here. Throws `MediaUnavailable`.
 */
export async function outboundMedia(
  core: Core,
  fetchMedia: FetchMedia,
  accountId: string,
  sms: Sms,
): Promise<OutboundMedia[]> {
  const files = await listMedia(core.db, accountId, sms.id)
  const base = `${core.publicUrl}/2010-04-01/Accounts/${sid('AC', accountId)}/Messages/${smsSidOf(sms)}/Media/`
  const needsTicket = (await findAccountSettings(core.db, accountId))?.mediaNeedsAuth === true
  const ready: OutboundMedia[] = []
  let room = MAX_MEDIA_BYTES
  for (const file of files) {
    let { contentType, size } = file
    if (!file.fetchedAt && file.sourceUrl) {
      const fetched = await fetchMedia(file.sourceUrl, room)
      if (!isSendableMedia(fetched.contentType)) {
        throw new MediaUnavailable(12300, `A text cannot carry ${fetched.contentType}: ${file.sourceUrl}`)
      }
      await storeMedia(core, accountId, file.id, fetched)
      contentType = fetched.contentType
      size = fetched.bytes.length
    }
    room -= size ?? 0
    if (room < 0) throw new MediaUnavailable(11751, `The files of one text are over ${MAX_MEDIA_BYTES} bytes`)
    ready.push({
      contentType: contentType ?? 'application/octet-stream',
      url: base + sid('ME', file.id) + (needsTicket ? `?ticket=${mediaTicket(core, file.id)}` : ''),
      size: size ?? 0,
    })
  }
  return ready
}
