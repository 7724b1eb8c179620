import { randomUUID } from 'node:crypto'
import type { Core } from '../../core/core.ts'
import { changeSubscription, deleteSubscription, isLive } from '../../core/subscriptions/change-subscription.ts'
import type { Subscription } from '../../domain/subscription.ts'
import { readClock } from '../../store/read/clocks.ts'
import { findSessionSubscription } from '../../store/read/subscriptions.ts'
import type { Who } from './connection.ts'
import type { Hub } from './hub.ts'
import type { Missed } from './room.ts'
import { readSessionToken, type SessionToken } from './session-token.ts'

/** How a connection begins. */
export interface Recovery {
  sessionId: string
  /** Whether the session that was asked for goes on; null when none was. */
  state: boolean | null
  /** What the session had subscribed, up to which version its client knows all, and what it missed since. */
  subscription: Subscription | null
  known: number
  missed: Missed | null
}

/**
 * Goes on with the session that a client shows, on whichever node it was: what it missed is read anew by the version
 * that it knew last, so that nothing is kept for it. Where that is not the whole of it any more, the session has failed:
 * the client then subscribes and syncs anew, and what it had subscribed ends.
 */
export async function recover(
  core: Core,
  hub: Hub,
  who: Omit<Who, 'sessionId'>,
  shown: string | null,
): Promise<Recovery> {
  if (shown === null || shown === '') return begun(null)
  const token = readSessionToken(shown)
  if (token?.accountId !== who.accountId) return begun(false)
  const found = await findSessionSubscription(core.db, who.accountId, token.sessionId)
  if (!found) return token.isSubscribed ? begun(false) : { ...begun(true), sessionId: token.sessionId }
  if (found.userId !== who.userId || found.clientId !== who.clientId) return begun(false)
  const recovered = isLive(core, found) ? await takeOver(core, hub, who, { token, found }) : null
  if (recovered) return recovered
  await deleteSubscription(core, who.accountId, { id: found.id, owner: found })
  return begun(false)
}

function begun(state: boolean | null): Recovery {
  return { sessionId: randomUUID(), state, subscription: null, known: 0, missed: null }
}

async function takeOver(
  core: Core,
  hub: Hub,
  { accountId, connectionId }: Omit<Who, 'sessionId'>,
  { token, found }: { token: SessionToken; found: Subscription },
): Promise<Recovery | null> {
  const { sessionId } = token
  const { purgedThrough } = await readClock(core.db, accountId)
  // A client that has not heard since it subscribed knows all from before.
  const known = Math.max(token.version, found.born)
  if (known < purgedThrough) return null
  const missed = await (await hub.room(accountId)).missed(found, known)
  if (!missed) return null
  const change = { expiresInSeconds: 0, socket: { sessionId, connectionId } }
  const subscription = await changeSubscription(core, accountId, { id: found.id, owner: found }, change)
  return subscription && { sessionId, state: true, subscription, known, missed }
}
