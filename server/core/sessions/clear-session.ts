import { hasEnded } from '../../domain/session.ts'
import { deleteSession, sessionsOfPairs } from '../../store/sessions.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Pair } from './sessions.ts'

/** Ends the session of a pair and forgets its cookies: the pair's next text starts another. False when the pair has none. */
export async function clearSession(core: Core, accountId: string, pair: Pair): Promise<boolean> {
  return act(core, accountId, async step => {
    const [session] = await step.lookUp(sessionsOfPairs, [pair])
    if (!session || hasEnded(session, step.now)) return false
    step.changes.add(deleteSession, pair)
    return true
  })
}
