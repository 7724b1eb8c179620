import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { type Pair, Sessions } from './sessions.ts'

/** Ends the session of a pair: its next call goes out without cookies. False when the pair has none. */
export async function clearSession(core: Core, accountId: string, pair: Pair): Promise<boolean> {
  return act(core, accountId, async step => {
    const sessions = await Sessions.load(step, [pair])
    const wasThere = sessions.end(pair, step.now)
    sessions.store(step)
    return wasThere
  })
}
