import type { Core } from '../../../core/core.ts'
import { sid } from '../../../domain/ids.ts'
import { formatIsoSeconds } from '../../../domain/wire-time.ts'
import type { ShownMedia } from '../../../store/read/shown-media.ts'
import type { MediaCaller } from './media-caller.ts'
import { temporaryName } from './temporary-url.ts'

/** A file as the media service shows it, each time with a fresh temporary URL. `base`: `https://host/v1`. */
export function mediaResource(core: Core, base: string, { accountId, serviceId }: MediaCaller, media: ShownMedia) {
  const serviceSid = sid('IS', serviceId)
  const mediaSid = sid('ME', media.id)
  const url = `${base}/Services/${serviceSid}/Media/${mediaSid}`
  const changed = formatIsoSeconds(media.updatedAt)
  return {
    sid: mediaSid,
    account_sid: sid('AC', accountId),
    service_sid: serviceSid,
    channel_sid: media.threadId && sid('CH', media.threadId),
    message_sid: media.messageId && sid('IM', media.messageId),
    size: media.size,
    content_type: media.contentType,
    filename: media.fileName,
    author: media.author,
    category: 'media',
    is_multipart_upstream: false,
    date_created: formatIsoSeconds(media.createdAt),
    date_updated: changed,
    date_upload_updated: changed,
    url,
    links: {
      content: `${url}/Content`,
      content_direct_temporary: `${base}/Temporary/${temporaryName(core, { accountId, mediaId: media.id })}`,
    },
  }
}
