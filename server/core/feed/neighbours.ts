import { type ClockListening, type ClockNotice, listenForClocks, sendClockNotices } from '../../store/clock-notices.ts'
import type { Database } from '../../store/db.ts'

export interface Neighbours {
  /** Whether other nodes are there to be told, and whether this node hears what they tell. */
  set(state: { areThere: boolean; isListening: boolean }): Promise<void>
  /** Notes that an account's clock was moved here: others are told soon, of many moves at once. */
  tell(accountId: string, clock: number): void
}

/** So long notices gather: a busy account costs its database fifty a second at most. */
const GATHER_MS = 20
/** PostgreSQL takes 8000 bytes; a notice has about 60. */
const MAX_NOTICES = 100

/** What goes between the nodes of one database: that accounts changed, never what. It may get lost. */
export function openNeighbours(
  db: Database,
  { onMoved, onError }: { onMoved(accountId: string, clock: number): void; onError(error: unknown): void },
): Neighbours {
  const moved = new Map<string, number>()
  let areThere = false
  let listening: ClockListening | null = null
  let isGathering = false

  async function send(): Promise<void> {
    isGathering = false
    const notices: ClockNotice[] = [...moved]
    moved.clear()
    for (let at = 0; at < notices.length; at += MAX_NOTICES) {
      await sendClockNotices(db, notices.slice(at, at + MAX_NOTICES))
    }
  }

  async function listen(): Promise<void> {
    listening = await listenForClocks(
      db,
      ([accountId, clock]) => onMoved(accountId, clock),
      () => {
        listening = null
      },
    )
  }

  return {
    async set(state) {
      areThere = state.areThere
      if (!areThere) moved.clear()
      if (state.isListening && !listening) await listen()
      if (!state.isListening && listening) {
        const ended = listening
        listening = null
        await ended.stop()
      }
    },
    tell(accountId, clock) {
      if (!areThere) return
      moved.set(accountId, clock)
      if (isGathering) return
      isGathering = true
      setTimeout(() => send().catch(onError), GATHER_MS)
    },
  }
}
