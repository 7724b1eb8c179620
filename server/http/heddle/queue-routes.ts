import { changeQueue, type QueueChange } from '../../core/inbox/change-queue.ts'
import { setDuty } from '../../core/inbox/set-duty.ts'
import { formatDuration, parseDuration } from '../../domain/duration.ts'
import { Refusal } from '../../domain/refusal.ts'
import {
  type HandlerRecord as HandlerRow,
  listHandlerRecords,
  listQueueRecords,
  type QueueRecord as QueueRow,
} from '../../store/read/inbox-queues.ts'
import type { HeddleApi } from './api.ts'
import { getQueue, getUser } from './inbox-asked.ts'
import {
  ChangeQueue,
  HandlerList,
  HandlerRecord,
  QueueList,
  QueuePath,
  QueueRecord,
  SetDuty,
  UserPath,
} from './inbox-schemas.ts'

/** `/v1/queues` and `/v1/users/{user}/duty`: what queues do beyond RingCentral, and who is given threads. */
export function queueRoutes({ app, core, account }: HeddleApi): void {
  app.get(
    '/v1/queues',
    { schema: { summary: 'List queues, oldest first', response: { 200: QueueList } } },
    async request => {
      const { accountId } = await account(request)
      return { records: (await listQueueRecords(core.db, accountId)).map(spellQueue) }
    },
  )

  app.get(
    '/v1/queues/:queue',
    { schema: { summary: 'Get a queue', params: QueuePath, response: { 200: QueueRecord } } },
    async request => {
      const { accountId } = await account(request)
      return spellQueue(await getQueue(core.db, accountId, request.params.queue))
    },
  )

  app.patch(
    '/v1/queues/:queue',
    {
      schema: {
        summary: 'Change what a queue does; what is left out stays',
        params: QueuePath,
        body: ChangeQueue,
        response: { 200: QueueRecord },
      },
    },
    async request => {
      const { accountId } = await account(request)
      const { id } = await getQueue(core.db, accountId, request.params.queue)
      const { closesAfter, ...change } = request.body
      await changeQueue(core, accountId, id, { ...change, ...closing(closesAfter) })
      return spellQueue(await getQueue(core.db, accountId, id))
    },
  )

  app.get(
    '/v1/queues/:queue/handlers',
    {
      schema: {
        summary: 'List the handlers of a queue, in the order they were added',
        params: QueuePath,
        response: { 200: HandlerList },
      },
    },
    async request => {
      const { accountId } = await account(request)
      const { id } = await getQueue(core.db, accountId, request.params.queue)
      return { records: (await listHandlerRecords(core.db, accountId, id)).map(spellHandler) }
    },
  )

  app.put(
    '/v1/users/:user/duty',
    {
      schema: {
        summary: 'Put a user on duty, or off: only those on duty are given threads',
        params: UserPath,
        body: SetDuty,
        response: { 200: HandlerRecord },
      },
    },
    async request => {
      const { accountId } = await account(request)
      const { id } = await getUser(core.db, accountId, request.params.user)
      await setDuty(core, accountId, { userId: id, on: request.body.on })
      return spellHandler(await getUser(core.db, accountId, id))
    },
  )
}

function closing(closesAfter: string | undefined): QueueChange {
  if (closesAfter === undefined) return {}
  const closesAfterMs = parseDuration(closesAfter)
  if (!closesAfterMs) {
    throw new Refusal('time_invalid', `${closesAfter} is no ISO 8601 duration of days, hours, minutes or seconds.`)
  }
  return { closesAfterMs }
}

function spellQueue({ closesAfterMs, ...queue }: QueueRow) {
  return { ...queue, closesAfter: formatDuration(closesAfterMs) }
}

function spellHandler({ onDutySince, ...handler }: HandlerRow) {
  return { ...handler, onDuty: onDutySince !== null, onDutySince: onDutySince?.toISOString() ?? null }
}
