import { maskedThread } from '../../domain/proxy.ts'
import { noteFreed } from '../../store/pair-history.ts'
import { endProxySession, loadProxyParticipants, type ProxyParticipant, type ProxySession } from '../../store/proxy.ts'
import type { Act } from '../step.ts'
import type { ThreadEvent } from '../threads/thread-events.ts'

/** How a session says why its thread closed. Source: Twilio, Proxy Session, `closed_reason`. */
const REASONS: Record<string, string> = { timer: 'ttl-expired', api: 'api' }

interface EndedSession extends Pick<ProxySession, 'id' | 'threadId' | 'serviceId'> {
  reason: string
}

/** Ends sessions whose threads were closed or deleted, whoever did it. */
export async function followProxy(step: Act, events: ThreadEvent[]): Promise<void> {
  const ended = events.flatMap(event => {
    const isEnd = (event.kind === 'state_changed' && event.to === 'closed') || event.kind === 'thread_deleted'
    if (!isEnd || event.thread.closedReason === 'session_deleted') return []
    const masked = maskedThread(event.thread.settings)
    const { id: threadId, poolId: serviceId, closedReason, expiresAt } = event.thread
    if (!masked || serviceId === null) return []
    const isExpired = closedReason === 'timer' && expiresAt !== null
    const reason = isExpired ? 'expired' : (REASONS[closedReason ?? 'api'] ?? closedReason ?? 'api')
    return [{ id: masked.sessionId, threadId, serviceId, reason }]
  })
  await endSessions(step, ended, { isDeleted: false })
}

/** Ends sessions and notes that their pairs are free, so that a later one can prefer or avoid their numbers. */
export async function endSessions(
  step: Act,
  sessions: EndedSession[],
  { isDeleted }: { isDeleted: boolean },
): Promise<void> {
  if (sessions.length === 0) return
  const ids = JSON.stringify(sessions.map(({ id }) => id))
  const participants = await step.load<ProxyParticipant>(loadProxyParticipants, [step.accountId, ids])
  for (const { id, threadId, serviceId: poolId, reason } of sessions) {
    const deletedAt = isDeleted ? step.now : null
    step.changes.add(endProxySession, { id, reason, endedAt: step.now, deletedAt, version: step.tick() })
    for (const { sessionId, identifier: person, proxyIdentifier: number } of participants) {
      if (sessionId === id) step.changes.add(noteFreed, { person, number, poolId, threadId, freedAt: step.now })
    }
  }
}
