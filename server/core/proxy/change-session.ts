import { Refusal } from '../../domain/refusal.ts'
import { noteFreed } from '../../store/pair-history.ts'
import {
  deleteProxyInteraction,
  loadSessionsOfService,
  type ProxyInteraction,
  type ProxySession,
  updateProxyParticipant,
  updateProxySession,
} from '../../store/proxy.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { deletePool } from '../pools/manage-pools.ts'
import type { Act } from '../step.ts'
import { ThreadBook } from '../threads/thread-book.ts'
import { BY_PROGRAM } from '../threads/thread-events.ts'
import { endSessions } from './follow-proxy.ts'
import { getSession, participantsOf } from './open-session.ts'
import { getProxyPool } from './proxy-pool.ts'
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
 * Refuses `not_found`, `thread_closed` (lifetimes of a closed one), and `pair_taken` when another session has a pair now.
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
  await act(core, accountId, async step => deleteSession(step, await getSession(step, sessionId)))
}

/** Ends a pool that masks, and all its sessions. */
export async function deleteProxyService(core: Core, accountId: string, serviceId: string): Promise<void> {
  let isMore = true
  while (isMore) {
    isMore = await act(core, accountId, async step => {
      const values = [accountId, serviceId, MAX_SESSIONS_AN_ACT]
      const sessions = await step.load<ProxySession>(loadSessionsOfService, values)
      const book = await ThreadBook.load(step, { ids: sessions.map(({ threadId }) => threadId) })
      await book.lookUp(book.wirePairs())
      await endSessions(
        step,
        sessions.map(session => ({ ...session, reason: 'service-deleted' })),
        { isDeleted: true },
      )
      for (const live of book.all()) book.close(live, 'session_deleted', BY_PROGRAM)
      book.store()
      return sessions.length === MAX_SESSIONS_AN_ACT
    })
  }
  await deletePool(core, accountId, serviceId)
}

/** Takes a participant out of a session and frees their pair. Refuses `not_found`. */
export async function removeProxyParticipant(
  core: Core,
  accountId: string,
  { sessionId, participantId }: { sessionId: string; participantId: string },
): Promise<void> {
  await act(core, accountId, async step => {
    const session = await getSession(step, sessionId)
    const participant = (await participantsOf(step, sessionId)).find(({ id }) => id === participantId)
    if (!participant) throw new Refusal('not_found', 'There is no such participant.')
    const dated = { deletedAt: step.now, updatedAt: step.now, version: step.tick() }
    step.changes.add(updateProxyParticipant, { ...participant, ...dated })
    if (session.status === 'closed') return
    const book = await loadThread(step, session)
    const live = book.find(session.threadId)
    const member = live && memberOf(live, participantId)
    if (!live || !member) return
    book.removeParticipant(live, member, BY_PROGRAM)
    const { identifier: person, proxyIdentifier: number, serviceId: poolId } = participant
    step.changes.add(noteFreed, { person, number, poolId, threadId: session.threadId, freedAt: step.now })
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

async function deleteSession(step: Act, session: ProxySession): Promise<void> {
  await endSessions(step, [{ ...session, reason: 'session-deleted' }], { isDeleted: true })
  await closeThread(step, session, 'session_deleted')
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
  const pairs = participants.map(each => ({ person: each.identifier, number: each.proxyIdentifier }))
  const book = await ThreadBook.load(step, { pairs })
  const live = openSessionThread(book, { pool, session }, session.threadId)
  for (const participant of participants) bindParticipant(book, live, participant)
  const status = session.startedAt ? 'in-progress' : 'open'
  Object.assign(session, { threadId: live.thread.id, status, closedReason: null, endedAt: null })
  book.store()
}
