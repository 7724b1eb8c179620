import { newId } from '../../domain/ids.ts'
import type { SessionMode } from '../../domain/proxy.ts'
import { Refusal } from '../../domain/refusal.ts'
import {
  insertProxyParticipant,
  insertProxySession,
  loadNamedSession,
  loadProxyParticipants,
  loadProxySession,
  type ProxyParticipant,
  type ProxySession,
} from '../../store/proxy.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { type LiveThread, ThreadBook } from '../threads/thread-book.ts'
import { claimProxies, type ProxyWish } from './claim-proxies.ts'
import { getProxyPool, type ProxyPool } from './proxy-pool.ts'
import { bindParticipant, openSessionThread } from './session-thread.ts'

/** A session masks two persons from each other. Source: Twilio, error 80609. */
const MAX_PARTICIPANTS = 2

export interface SessionDraft {
  serviceId: string
  uniqueName: string | null
  mode: SessionMode
  /** Seconds; null: as the service says. */
  ttlS: number | null
  expiresAt: Date | null
  participants: ProxyWish[]
}

/**
 * Opens a session with the participants that are known already: it is a thread from then on. Refuses `not_found`,
 * `unique_name_taken`, and what adding a participant refuses: then there is no session.
 */
export async function openProxySession(core: Core, accountId: string, draft: SessionDraft): Promise<ProxySession> {
  return act(core, accountId, async step => {
    const pool = await getProxyPool(step, draft.serviceId)
    await mustBeFreeName(step, draft)
    const book = await ThreadBook.load(step, {})
    const session = newSession(step, draft, pool)
    const live = await openSessionThread(step, book, { pool, session, previousThreadId: null })
    session.threadId = live.thread.id
    await join(step, { book, pool, session, live, present: [] }, draft.participants)
    step.changes.add(insertProxySession, session)
    book.store()
    return session
  })
}

/**
 * Gives a person a number in a session, by which they text the other. Refuses `not_found`, `thread_closed`, `thread_full`
 * (two take part), `member_taken` (the person does already), `pair_taken`, and what claiming a number does.
 */
export async function addProxyParticipant(
  core: Core,
  accountId: string,
  sessionId: string,
  wish: ProxyWish,
): Promise<ProxyParticipant> {
  return act(core, accountId, async step => {
    const session = await getSession(step, sessionId)
    const pool = await getProxyPool(step, session.serviceId)
    const book = await ThreadBook.load(step, { ids: [session.threadId] })
    const live = book.find(session.threadId)
    if (!live || session.status === 'closed') throw new Refusal('thread_closed', 'The session is closed.')
    const present = await participantsOf(step, sessionId)
    const [added] = await join(step, { book, pool, session, live, present }, [wish])
    book.store()
    return added!
  })
}

export async function getSession(step: Act, sessionId: string): Promise<ProxySession> {
  const [session] = await step.load<ProxySession>(loadProxySession, [step.accountId, sessionId])
  if (!session) throw new Refusal('not_found', 'There is no such session.')
  return session
}

export function participantsOf(step: Act, sessionId: string): Promise<ProxyParticipant[]> {
  return step.load<ProxyParticipant>(loadProxyParticipants, [step.accountId, JSON.stringify([sessionId])])
}

interface Place {
  book: ThreadBook
  pool: ProxyPool
  session: ProxySession
  live: LiveThread
  present: ProxyParticipant[]
}

async function join(
  step: Act,
  { book, pool, session, live, present }: Place,
  wishes: ProxyWish[],
): Promise<ProxyParticipant[]> {
  if (present.length + wishes.length > MAX_PARTICIPANTS) {
    throw new Refusal('thread_full', `A session has ${MAX_PARTICIPANTS} participants.`)
  }
  const persons = [...present, ...wishes].map(({ identifier }) => identifier)
  if (new Set(persons).size < persons.length) throw new Refusal('member_taken', 'The participant is there already.')
  const routes = await claimProxies(step, { pool, mode: session.mode }, wishes)
  const added = wishes.map((wish, at): ProxyParticipant => {
    const version = step.tick()
    return {
      id: newId(step.now.getTime()),
      sessionId: session.id,
      serviceId: session.serviceId,
      friendlyName: wish.friendlyName,
      identifier: wish.identifier,
      proxyIdentifier: routes[at]!.number,
      numberId: routes[at]!.id,
      createdAt: step.now,
      updatedAt: step.now,
      deletedAt: null,
      version,
      born: version,
    }
  })
  await book.lookUp(added.map(({ identifier, proxyIdentifier }) => ({ person: identifier, number: proxyIdentifier })))
  for (const participant of added) bindParticipant(book, live, participant)
  step.changes.add(insertProxyParticipant, ...added)
  return added
}

async function mustBeFreeName(step: Act, { serviceId, uniqueName }: SessionDraft): Promise<void> {
  if (uniqueName === null) return
  const [holder] = await step.load<{ id: string }>(loadNamedSession, [step.accountId, serviceId, uniqueName])
  if (holder) throw new Refusal('unique_name_taken', `There is a session ${uniqueName} already.`, { what: 'session' })
}

function newSession(step: Act, draft: SessionDraft, pool: ProxyPool): ProxySession {
  const version = step.tick()
  return {
    id: newId(step.now.getTime()),
    serviceId: draft.serviceId,
    threadId: '',
    uniqueName: draft.uniqueName,
    status: 'open',
    closedReason: null,
    mode: draft.mode,
    ttlS: draft.ttlS ?? pool.settings.proxy.defaultTtlS,
    expiresAt: draft.expiresAt,
    startedAt: null,
    endedAt: null,
    lastInteractionAt: null,
    createdAt: step.now,
    updatedAt: step.now,
    deletedAt: null,
    version,
    born: version,
  }
}
