import { sendFromQueue } from '../../core/inbox/send-from-queue.ts'
import { findLegacyMessage } from '../../store/read/legacy-messages.ts'
import type { RingCentralDialect } from './dialect.ts'
import { notFound } from './errors.ts'
import { legacyMessageResource } from './legacy-resources.ts'
import { EXTENSION, storeOf } from './legacy-store.ts'
import { MAX_BODY_BYTES } from './messages.ts'
import { readSendRequest } from './send-request.ts'

/**
 * The older way to send. It knows no assignees and no way to assign: who answers a thread without an assignee becomes it,
 * and one that is somebody else's stays so.
 */
export function legacySmsRoutes(dialect: RingCentralDialect): void {
  const { core } = dialect
  for (const path of [`${EXTENSION}/sms`, `${EXTENSION}/mms`]) {
    dialect.operation('POST', path, {
      scope: 'SMS',
      group: 'medium',
      bodyLimit: MAX_BODY_BYTES,
      async run(call) {
        const { caller } = call
        const { queueIds, storeUri } = await storeOf(dialect, call)
        const { from, to, text, files } = await readSendRequest(call.request)
        const sent = { by: caller.userId, number: from, persons: to, text, files, threadId: null, claims: true }
        const [born = 0] = await sendFromQueue(core, caller.accountId, sent)
        const { accountId, userId } = caller
        const message = await findLegacyMessage(core.db, accountId, { userId, queueIds, born })
        if (!message) throw notFound('messageId', String(born))
        return legacyMessageResource(message, storeUri)
      },
    })
  }
}
