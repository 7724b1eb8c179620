import { RECOVERY_SECONDS } from '../../domain/subscription.ts'
import { findStandingSessions } from '../../store/read/bearers.ts'
import { keepAlive } from '../../store/subscriptions.ts'
import type { Core } from '../core.ts'
import { aliveUntil } from './open-subscription.ts'

/** Says that connections stand: their sessions may be recovered for a while yet. To be said every minute or so. */
export function keepSessions(core: Core, accountId: string, connectionIds: string[]): Promise<void> {
  return keepAlive(core.db, accountId, connectionIds, aliveUntil(core))
}

/** Says that connections are gone: from now on their sessions may be recovered for three minutes. */
export function releaseSessions(core: Core, accountId: string, connectionIds: string[]): Promise<void> {
  const until = new Date(core.clock.machineMs() + RECOVERY_SECONDS * 1000)
  return keepAlive(core.db, accountId, connectionIds, until)
}

/** Which of these sign-ins are there still: connections of the others must end. */
export function standingSignIns(core: Core, accountId: string, oauthSessionIds: string[]): Promise<Set<string>> {
  return findStandingSessions(core.db, accountId, oauthSessionIds)
}
