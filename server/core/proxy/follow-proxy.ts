import { maskedThread } from '../../domain/proxy.ts'
import type { Thread } from '../../domain/thread.ts'
import { type FreedPair, noteFreed } from '../../store/pair-history.ts'
import {
  endProxySession,
  loadProxyParticipants,
  type ProxyParticipant,
  updateProxyParticipant,
} from '../../store/proxy.ts'
import type { Act } from '../step.ts'
import type { ThreadEvent } from '../threads/thread-events.ts'

/** How a session says why its thread closed. Source: Twilio, Proxy Session, `closed_reason`. */
const REASONS: Record<string, string> = { timer: 'ttl-expired', api: 'api' }
/** Why a thread closed whose session says itself that it is gone. */
export const SESSION_DELETED = 'session_deleted'

/** The end of a session's thread, or one participant whom it lost. */
interface Loss {
  thread: Thread
  sessionId: string
  /** Of the session; null: the thread ended, with all of them. */
  participantId: string | null
}

/**
 * Ends sessions whose threads were closed or deleted, and takes out participants whom their threads lost, whoever did it.
 * Notes that the pairs are free, so that a later session can prefer or avoid their numbers.
 */
export async function followProxy(step: Act, events: ThreadEvent[]): Promise<void> {
  const losses = events.flatMap(event => lossOf(event) ?? [])
  if (losses.length === 0) return
  const ids = JSON.stringify([...new Set(losses.map(({ sessionId }) => sessionId))])
  const participants = await step.load<ProxyParticipant>(loadProxyParticipants, [step.accountId, ids])
  const freed = new Map<string, FreedPair>()
  for (const { thread, sessionId, participantId } of losses) {
    const gone = participants.filter(each => each.sessionId === sessionId && [null, each.id].includes(participantId))
    for (const { identifier: person, proxyIdentifier: number, serviceId: poolId } of gone) {
      freed.set(`${person} ${number}`, { person, number, poolId, threadId: thread.id, freedAt: step.now })
    }
    if (participantId === null) endSession(step, thread, sessionId)
    else for (const participant of gone) takeOut(step, participant)
  }
  step.changes.add(noteFreed, ...freed.values())
}

/** Hides a participant who has no part in the session's thread any more. */
export function takeOut(step: Act, participant: ProxyParticipant): void {
  const dated = { deletedAt: step.now, updatedAt: step.now, version: step.tick() }
  step.changes.add(updateProxyParticipant, { ...participant, ...dated })
}

function lossOf(event: ThreadEvent): Loss | null {
  if (!('thread' in event)) return null
  const { thread } = event
  const masked = maskedThread(thread.settings)
  if (!masked) return null
  const { sessionId, participants } = masked
  const end: Loss = { thread, sessionId, participantId: null }
  switch (event.kind) {
    case 'state_changed':
      return event.to === 'closed' ? end : null
    case 'thread_deleted':
      // One that was closed before ended its session then, which may have another thread by now.
      return thread.state === 'closed' ? null : end
    case 'participant_removed': {
      const participantId = participants[event.participant.id]
      return participantId ? { ...end, participantId } : null
    }
    default:
      return null
  }
}

function endSession(step: Act, { id: threadId, closedReason, expiresAt }: Thread, sessionId: string): void {
  if (closedReason === SESSION_DELETED) return
  const isExpired = closedReason === 'timer' && expiresAt !== null
  const reason = isExpired ? 'expired' : (REASONS[closedReason ?? 'api'] ?? closedReason ?? 'api')
  const end = { id: sessionId, threadId, reason, endedAt: step.now, deletedAt: null, version: step.tick() }
  step.changes.add(endProxySession, end)
}
