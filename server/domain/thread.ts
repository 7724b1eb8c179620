export type ThreadState = 'initializing' | 'active' | 'inactive' | 'closed'

/** A conversation of any dialect. */
export interface Thread {
  id: string
  serviceId: string
  state: ThreadState
  /** Why it was closed: 'api', 'timer', 'manual', 'thread_expired', ... */
  closedReason: string | null
  uniqueName: string | null
  friendlyName: string | null
  /** JSON text. */
  attributes: string
  poolId: string | null
  queueId: string | null
  assigneeId: string | null
  /** The caller's own reference: where replies belong. */
  room: string | null
  /** The pair of a thread that a queue or a pool opened; kept when it is closed. */
  person: string | null
  number: string | null
  label: string | null
  /** Index of the next message. */
  nextIndex: number
  /** Whether texts name their author; null: as the service says. */
  labelsSenders: boolean | null
  inactiveAfterMs: number | null
  closesAfterMs: number | null
  expiresAt: Date | null
  /** What both timers run from: the opening, then each message. */
  activeAt: Date
  /** When somebody must look at the timers: never later than the first of them. */
  timerAt: Date | null
  previousThreadId: string | null
  createdBy: string | null
  settings: Record<string, unknown> | null
  createdAt: Date
  /** Strictly increasing within a thread, by at least a millisecond a change. */
  updatedAt: Date
  closedAt: Date | null
  deletedAt: Date | null
  version: number
  born: number
}
