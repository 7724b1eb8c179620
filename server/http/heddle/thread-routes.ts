import { closePoolThread, sayInThread } from '../../core/pools/say-in-thread.ts'
import { canonicalPhoneNumber } from '../../domain/phone-number.ts'
import { spellPoolMessage } from '../../domain/pool-message.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ThreadState } from '../../domain/thread.ts'
import {
  findPoolThread,
  listPoolMessages,
  listPoolThreads,
  type PoolThreadRecord,
} from '../../store/read/pool-threads.ts'
import { findPool } from '../../store/read/pools.ts'
import type { HeddleApi } from './api.ts'
import { poolAsked } from './pool-asked.ts'
import { spellOpened, spellThread } from './thread-records.ts'
import { checkedBody, threadIdOf, wishOf } from './thread-requests.ts'
import {
  MessageList,
  MessageRecord,
  OpenThread,
  SayInThread,
  ThreadFilter,
  ThreadId,
  ThreadPage,
  ThreadRecord,
} from './thread-schemas.ts'

const DEFAULT_PAGE = 50
/** A thread's messages are given in one piece. */
const MAX_MESSAGES = 1000

const STATES: Record<string, ThreadState[]> = {
  waiting: ['initializing'],
  open: ['active', 'inactive'],
  active: ['active'],
  inactive: ['inactive'],
  closed: ['closed'],
}

/** `/v1/threads`: several threads with one person, each from a number of its own. */
export function threadRoutes({ app, core, doors, account }: HeddleApi): void {
  app.post(
    '/v1/threads',
    {
      schema: {
        summary: 'Open a thread with a person on a free number of a pool',
        body: OpenThread,
        response: { 201: ThreadRecord, 202: ThreadRecord },
      },
    },
    async (request, reply) => {
      const { accountId } = await account(request)
      const answer = await doors.openInPool(accountId, wishOf(request.body, core.clock.world()))
      if (answer.kind === 'refused') throw answer.refusal
      return reply.code(answer.kind === 'open' ? 201 : 202).send(spellOpened(answer.thread, answer.pool))
    },
  )

  app.get(
    '/v1/threads',
    { schema: { summary: 'List threads, newest first', querystring: ThreadFilter, response: { 200: ThreadPage } } },
    async request => {
      const { accountId } = await account(request)
      const { pool, state, before, limit = DEFAULT_PAGE, room, person } = request.query
      const found = pool === undefined ? null : await findPool(core.db, accountId, poolAsked(pool))
      if (pool !== undefined && !found) throw new Refusal('pool_unknown', `There is no pool ${pool}.`)
      const records = await listPoolThreads(core.db, {
        accountId,
        room,
        person: person === undefined ? undefined : (canonicalPhoneNumber(person) ?? person),
        states: state === undefined ? undefined : STATES[state],
        poolId: found?.id,
        before,
        limit,
      })
      const next = records.length === limit ? (records.at(-1)?.born ?? null) : null
      return { records: records.map(spellThread), next }
    },
  )

  app.get(
    '/v1/threads/:id',
    { schema: { summary: 'Get a thread', params: ThreadId, response: { 200: ThreadRecord } } },
    async request => {
      const { accountId } = await account(request)
      return spellThread(await getThread(accountId, request.params.id))
    },
  )

  app.post(
    '/v1/threads/:id/close',
    { schema: { summary: 'Close a thread and free its number', params: ThreadId, response: { 200: ThreadRecord } } },
    async request => {
      const { accountId } = await account(request)
      const id = threadIdOf(request.params.id)
      await closePoolThread(core, accountId, id)
      return spellThread(await getThread(accountId, id))
    },
  )

  app.post(
    '/v1/threads/:id/messages',
    {
      schema: {
        summary: 'Say something more in a thread',
        params: ThreadId,
        body: SayInThread,
        response: { 201: MessageRecord },
      },
    },
    async (request, reply) => {
      const { accountId } = await account(request)
      const body = checkedBody(request.body.body)
      const message = await sayInThread(core, accountId, threadIdOf(request.params.id), body)
      return reply.code(201).send(spellPoolMessage(message))
    },
  )

  app.get(
    '/v1/threads/:id/messages',
    {
      schema: {
        summary: `List a thread's messages, oldest first, up to ${MAX_MESSAGES}`,
        params: ThreadId,
        response: { 200: MessageList },
      },
    },
    async request => {
      const { accountId } = await account(request)
      const { id } = await getThread(accountId, request.params.id)
      const records = await listPoolMessages(core.db, { accountId, threadId: id, limit: MAX_MESSAGES })
      return { records: records.map(spellPoolMessage) }
    },
  )

  async function getThread(accountId: string, written: string): Promise<PoolThreadRecord> {
    const thread = await findPoolThread(core.db, accountId, threadIdOf(written))
    if (!thread) throw new Refusal('not_found', `There is no thread ${written}.`)
    return thread
  }
}
