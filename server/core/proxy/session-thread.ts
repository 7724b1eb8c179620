import { type MaskedThread, maskedThread } from '../../domain/proxy.ts'
import type { Thread } from '../../domain/thread.ts'
import type { ProxyParticipant, ProxySession } from '../../store/proxy.ts'
import type { Act } from '../step.ts'
import type { LiveThread, ThreadBook } from '../threads/thread-book.ts'
import { BY_PROGRAM } from '../threads/thread-events.ts'
import type { ProxyPool } from './proxy-pool.ts'

/** How long a session lives: until its date, whatever is texted; else so long after its last text; else for ever. */
export function timersOf({ ttlS, expiresAt }: Pick<ProxySession, 'ttlS' | 'expiresAt'>) {
  return { closesAfterMs: expiresAt || ttlS === 0 ? null : ttlS * 1000, expiresAt }
}

/** The conversation service that a pool's sessions belong to: the one that it names, while there is one, or the default one. */
async function serviceOf(step: Act, { settings, serviceId }: ProxyPool): Promise<string> {
  const { chatServiceId } = settings.proxy
  return chatServiceId && (await step.services([chatServiceId])).has(chatServiceId) ? chatServiceId : serviceId
}

/** Opens the thread that a session is. Texts of it never name their author: that would unmask them. */
export async function openSessionThread(
  step: Act,
  book: ThreadBook,
  { pool, session, previousThreadId }: { pool: ProxyPool; session: ProxySession; previousThreadId: string | null },
): Promise<LiveThread> {
  const masked: MaskedThread = { sessionId: session.id, mode: session.mode, participants: {} }
  return book.open(
    {
      serviceId: await serviceOf(step, pool),
      friendlyName: session.uniqueName,
      poolId: pool.id,
      labelsSenders: false,
      previousThreadId,
      createdBy: 'system',
      settings: { proxy: masked },
      ...timersOf(session),
    },
    BY_PROGRAM,
  )
}

/** Gives a participant of the session their pair in its thread. Refuses `pair_taken`. The pair was looked up. */
export function bindParticipant(
  book: ThreadBook,
  live: LiveThread,
  { id, identifier, proxyIdentifier }: Pick<ProxyParticipant, 'id' | 'identifier' | 'proxyIdentifier'>,
): void {
  const draft = { kind: 'sms' as const, person: identifier, number: proxyIdentifier }
  const member = book.addParticipant(live, draft, BY_PROGRAM)
  const masked = mustBeMasked(live.thread)
  live.thread.settings = {
    ...live.thread.settings,
    proxy: { ...masked, participants: { ...masked.participants, [member.id]: id } },
  }
  book.touch(live.thread)
}

export function mustBeMasked(thread: Thread): MaskedThread {
  const masked = maskedThread(thread.settings)
  if (!masked) throw new Error('A thread of a session does not know it.')
  return masked
}

/** The thread's participant who is this one of the session. */
export function memberOf({ thread, participants }: LiveThread, participantId: string) {
  const masked = maskedThread(thread.settings)
  return participants.find(each => masked?.participants[each.id] === participantId)
}

/** The participant of the session whom this participant of its thread texts with; null: nobody. */
export function partnerOf({ thread, participants }: LiveThread, memberId: string): string | null {
  const partner = participants.find(({ kind, id }) => kind === 'sms' && id !== memberId)
  return maskedThread(thread.settings)?.participants[partner?.id ?? ''] ?? null
}
