import { isUuid, uuidOfSid } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Queryable } from '../../kit/queryable.ts'
import {
  findHandlerRecord,
  findQueueRecord,
  type HandlerRecord,
  type QueueRecord,
} from '../../store/read/inbox-queues.ts'

/** The queue that a path names, by its UUID or extension id. Refuses `not_found`. */
export async function getQueue(db: Queryable, accountId: string, written: string): Promise<QueueRecord> {
  const queue = await findQueueRecord(db, accountId, idsOf(written))
  if (!queue) throw new Refusal('not_found', `There is no queue ${written}.`)
  return queue
}

/** The user that a path names, by UUID, US SID or extension id. Refuses `not_found`. */
export async function getUser(db: Queryable, accountId: string, written: string): Promise<HandlerRecord> {
  const user = await findHandlerRecord(db, accountId, idsOf(uuidOfSid('US', written) ?? written))
  if (!user) throw new Refusal('not_found', `There is no user ${written}.`)
  return user
}

function idsOf(written: string): { id: string | null; extensionId: number | null } {
  return {
    id: isUuid(written) ? written.toLowerCase() : null,
    extensionId: /^[0-9]{1,15}$/.test(written) ? Number(written) : null,
  }
}
