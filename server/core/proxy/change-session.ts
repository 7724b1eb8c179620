import { Refusal } from '../../domain/refusal.ts'
import {
  deleteProxyInteraction,
  endProxySession,
  loadSessionsOfService,
  type ProxyInteraction,
  type ProxySession,
  updateProxySession,
} from '../../store/proxy.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { endPool } from '../pools/manage-pools.ts'
import type { Act } from '../step.ts'
import { ThreadBook } from '../threads/thread-book.ts'
import { BY_PROGRAM } from '../threads/thread-events.ts'
import { SESSION_DELETED, takeOut } from './follow-proxy.ts'
import { getSession, participantsOf } from './open-session.ts'
import { getPoolNumber, getProxyPool } from './proxy-pool.ts'
import { bindParticipant, memberOf, openSessionThread, timersOf } from './session-thread.ts'

export interface SessionChange {
  ttlS?: number
  expiresAt?: Date
  /** Undefined: as it is; true opens a closed one again, false closes it. */
  isOpen?: boolean
}

/** Sessions that a service's end closes in one act. */
const MAX_SESSIONS_AN_ACT = 50

/**
 * Changes a session. One that is opened again gets a new thread, which goes on from the one before, with the pairs it had.
 * Refuses `not_found`, `thread_closed` (lifetimes of a closed one), `pair_taken` when another session has a pair now, and
 * `number_unknown` and `number_not_in_pool` when a number was given up.
 */
export async function changeProxySession(
  core: Core,
  accountId: string,
  sessionId: string,
  change: SessionChange,
): Promise<void> {
  await act(core, accountId, async step => {
    const session = await getSession(step, sessionId)
    const isClosed = session.status === 'closed'
    if (change.isOpen === false) return isClosed ? undefined : closeThread(step, session, 'api')
    if (isClosed && !change.isOpen) throw new Refusal('thread_closed', 'The session is closed.')
    const { ttlS = session.ttlS, expiresAt = isClosed ? null : session.expiresAt } = change
    const changed: ProxySession = { ...session, ttlS, expiresAt, updatedAt: step.now, version: step.tick() }
    if (isClosed) await reopen(step, changed)
    else await changeTimers(step, changed)
    step.changes.add(updateProxySession, changed)
  })
}

/** Takes a session away, with its thread's hold of its pairs. Refuses `not_found`. */
export async function deleteProxySession(core: Core, accountId: string, sessionId: string): Promise<void> {
  await act(core, accountId, async step => {
    const session = await getSession(step, sessionId)
    hideSession(step, session, 'session-deleted')
    if (session.status !== 'closed') await closeThread(step, session, SESSION_DELETED)
  })
}

/** Ends a pool that masks, in the act that finds no more sessions than it can end: one that is opened meanwhile ends too. */
export async function deleteProxyService(core: Core, accountId: string, serviceId: string): Promise<void> {
  let isMore = true
  while (isMore) {
    isMore = await act(core, accountId, async step => {
      const values = [accountId, serviceId, MAX_SESSIONS_AN_ACT]
      const sessions = await step.load<ProxySession>(loadSessionsOfService, values)
      const open = sessions.filter(({ status }) => status !== 'closed')
      const book = await ThreadBook.load(step, { ids: open.map(({ threadId }) => threadId) })
      await book.lookUp(book.wirePairs())
      for (const session of sessions) hideSession(step, session, 'service-deleted')
      for (const live of book.all()) book.close(live, SESSION_DELETED, BY_PROGRAM)
      book.store()
      const areAll = sessions.length < MAX_SESSIONS_AN_ACT
      if (areAll) await endPool(step, serviceId)
      return !areAll
    })
  }
}

/** Takes a participant out of a session and its thread, which frees their pair. Refuses `not_found`. */
export async function removeProxyParticipant(
  core: Core,
  accountId: string,
  { sessionId, participantId }: { sessionId: string; participantId: string },
): Promise<void> {
  await act(core, accountId, async step => {
    const session = await getSession(step, sessionId)
    const participant = (await participantsOf(step, sessionId)).find(({ id }) => id === participantId)
    if (!participant) throw new Refusal('not_found', 'There is no such participant.')
    const book = await loadThread(step, session)
    const live = book.find(session.threadId)
    const member = live && memberOf(live, participantId)
    if (!live || !member || session.status === 'closed') return takeOut(step, participant)
    book.removeParticipant(live, member, BY_PROGRAM)
    book.store()
  })
}

/** Hides an interaction; its texts stay in the log. */
export async function removeInteraction(
  core: Core,
  accountId: string,
  { id }: Pick<ProxyInteraction, 'id'>,
): Promise<void> {
  await act(core, accountId, async step => {
    step.changes.add(deleteProxyInteraction, { id, at: step.now, version: step.tick() })
  })
}

async function loadThread(step: Act, { threadId }: ProxySession): Promise<ThreadBook> {
  const book = await ThreadBook.load(step, { ids: [threadId] })
  await book.lookUp(book.wirePairs())
  return book
}

/** The session follows its thread: see `followProxy`. */
async function closeThread(step: Act, session: ProxySession, reason: string): Promise<void> {
  const book = await loadThread(step, session)
  const live = book.find(session.threadId)
  if (live) book.close(live, reason, BY_PROGRAM)
  book.store()
}

function hideSession(step: Act, { id, threadId }: ProxySession, reason: string): void {
  const at = step.now
  step.changes.add(endProxySession, { id, threadId, reason, endedAt: at, deletedAt: at, version: step.tick() })
}

async function changeTimers(step: Act, session: ProxySession): Promise<void> {
  const book = await ThreadBook.load(step, { ids: [session.threadId] })
  const live = book.find(session.threadId)
  if (!live) return
  Object.assign(live.thread, timersOf(session))
  book.update(live, BY_PROGRAM)
  book.store()
}

async function reopen(step: Act, session: ProxySession): Promise<void> {
  const pool = await getProxyPool(step, session.serviceId)
  const participants = await participantsOf(step, session.id)
  const routes = await step.numberRoutes(participants.map(({ proxyIdentifier }) => proxyIdentifier))
  for (const { proxyIdentifier } of participants) getPoolNumber(pool, routes, proxyIdentifier)
  const pairs = participants.map(each => ({ person: each.identifier, number: each.proxyIdentifier }))
  const book = await ThreadBook.load(step, { pairs })
  const live = await openSessionThread(step, book, { pool, session, previousThreadId: session.threadId })
  for (const participant of participants) bindParticipant(book, live, participant)
  const status = session.startedAt ? 'in-progress' : 'open'
  Object.assign(session, { threadId: live.thread.id, status, closedReason: null, endedAt: null })
  book.store()
}
