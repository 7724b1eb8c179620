import { sid } from '../../domain/ids.ts'
import type { ThreadState } from '../../domain/thread.ts'
import { closesAt } from '../../domain/thread-timers.ts'
import type { PoolThreadRecord } from '../../store/read/pool-threads.ts'

type Opened = Omit<PoolThreadRecord, 'poolId' | 'pool' | 'person' | 'messages'> & {
  poolId: string | null
  person: string | null
  nextIndex: number
}

/** A thread that was opened just now. */
export function spellOpened(thread: Opened, pool: { id: string; name: string }) {
  const { person, nextIndex } = thread
  return spellThread({ ...thread, poolId: pool.id, pool: pool.name, person: person ?? '', messages: nextIndex })
}

/** A thread as our own API shows it. */
export function spellThread(thread: PoolThreadRecord) {
  const { settings } = thread
  return {
    id: thread.id,
    sid: sid('CH', thread.id),
    state: spellState(thread.state),
    room: thread.room,
    pool: thread.pool,
    poolSid: sid('MG', thread.poolId),
    person: thread.person,
    number: thread.number,
    closeOn: settings?.closesOnReply === true ? ('reply' as const) : null,
    replyUrl: typeof settings?.replyUrl === 'string' ? settings.replyUrl : null,
    messages: thread.messages,
    openedAt: thread.createdAt.toISOString(),
    activeAt: thread.activeAt.toISOString(),
    expiresAt: closesAt({ ...thread, inactiveAfterMs: null })?.toISOString() ?? null,
    closedAt: thread.closedAt?.toISOString() ?? null,
    closedReason: thread.closedReason,
  }
}

function spellState(state: ThreadState): 'waiting' | 'active' | 'inactive' | 'closed' {
  return state === 'initializing' ? 'waiting' : state
}
