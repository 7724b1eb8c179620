import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { isUuid } from '../../domain/ids.ts'
import type { MessageMedia } from '../../store/read/inbox-messages.ts'
import { findInboxMessage, findMessageOfFile } from '../../store/read/inbox-messages.ts'
import { readMediaBytes } from '../../store/read/media.ts'
import type { Call, RingCentralDialect } from './dialect.ts'
import { notFound, RingCentralError } from './errors.ts'
import { MESSAGES } from './messages.ts'

/** Types that a browser may show in place without running anything of a guest's. */
const SAFE_INLINE = /^(image\/(jpeg|png|gif|bmp|webp|tiff)|video\/|audio\/|text\/plain$|application\/pdf$)/i

/** The files of messages. `@rc-ex/core` leaves the message's id out of the path; files' ids are unique anyway. */
export function contentRoutes(dialect: RingCentralDialect): void {
  const access = { scope: 'SMS', group: 'medium' } as const

  dialect.operation('GET', `${MESSAGES}/:messageId/content/:attachmentId`, {
    ...access,
    run: call => sendContent(dialect, call, call.path.messageId ?? ''),
  })

  dialect.operation('GET', `${MESSAGES}/content/:attachmentId`, {
    ...access,
    async run(call) {
      const { attachmentId = '' } = call.path
      const { accountId } = call.caller
      const queueIds = (await dialect.queuesOf(call.caller)).map(queue => queue.queueId)
      const born = isUuid(attachmentId)
        ? await findMessageOfFile(dialect.core.db, accountId, attachmentId, queueIds)
        : null
      if (born === null) throw notFound('attachmentId', attachmentId)
      return sendContent(dialect, call, String(born))
    },
  })
}

async function sendContent(dialect: RingCentralDialect, call: Call, messageId: string): Promise<unknown> {
  const { caller, path } = call
  const { attachmentId = '' } = path
  const { db } = dialect.core
  const message = /^[0-9]{1,15}$/.test(messageId)
    ? await findInboxMessage(db, caller.accountId, Number(messageId))
    : null
  if (!message || message.isDeleted) throw notFound('messageId', messageId)
  const queues = await dialect.queuesOf(caller)
  if (!queues.some(queue => queue.queueId === message.queueId)) {
    throw new RingCentralError(403, 'CMN-408', 'You handle no texts of the owner of this message')
  }
  const file = message.media?.find(each => each.id === attachmentId.toLowerCase())
  if (!file) throw notFound('attachmentId', attachmentId)
  return sendFile(call, file, Readable.from(readMediaBytes(db, caller.accountId, file.id)))
}

/** Answers with a file, in place only where a browser may show it so. */
export function sendFile({ query, reply }: Call, file: MessageMedia, bytes: Readable): FastifyReply {
  const isInline = query.oneOf('contentDisposition', ['Inline', 'Attachment']) !== 'Attachment'
  const name = query.text('contentDispositionFilename') ?? file.fileName
  const disposition = isInline && SAFE_INLINE.test(file.contentType) ? 'inline' : 'attachment'
  reply
    .header('content-type', file.contentType)
    .header('content-length', String(file.size))
    .header('content-disposition', name ? `${disposition}; filename*=UTF-8''${encodeURIComponent(name)}` : disposition)
    .header('x-content-type-options', 'nosniff')
  return reply.send(bytes)
}
