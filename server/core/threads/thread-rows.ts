import { laterBy } from '../../domain/calendar.ts'
import { ACCOUNT_LANE } from '../../domain/lane.ts'
import type { Thread, ThreadState } from '../../domain/thread.ts'
import { nextTimer } from '../../domain/thread-timers.ts'
import { insertThread, updateThread } from '../../store/threads.ts'
import type { Act } from '../step.ts'
import type { Cause } from './thread-events.ts'

/** The threads' own rows within an act: their versions, states and timers; each is written once. */
export class ThreadRows {
  readonly #step: Act
  readonly #new = new Map<string, Thread>()
  readonly #changed = new Map<string, Thread>()

  constructor(step: Act) {
    this.#step = step
  }

  add(thread: Thread): void {
    this.#new.set(thread.id, thread)
    this.setTimer(thread)
  }

  isNew({ id }: Thread): boolean {
    return this.#new.has(id)
  }

  touch(thread: Thread): void {
    const now = this.#step.now.getTime()
    thread.updatedAt = new Date(Math.max(now, laterBy(thread.updatedAt, 1).getTime()))
    thread.version = this.#step.tick()
    this.#write(thread)
  }

  changeState(thread: Thread, to: ThreadState, reason: string, cause: Cause): void {
    if (thread.state === to) return
    const from = thread.state
    thread.state = to
    this.touch(thread)
    this.#step.tell({ kind: 'state_changed', thread, from, to, reason, formerAssigneeId: thread.assigneeId, cause })
  }

  restartTimers(thread: Thread): void {
    thread.activeAt = this.#step.now
    // The due time only moves when it must come earlier: one that comes too early looks again.
    const next = nextTimer(thread)
    if (next && (!thread.timerAt || next < thread.timerAt)) this.setTimer(thread)
  }

  postpone(thread: Thread, until: Date | null): void {
    thread.timerAt = until
    this.#write(thread)
  }

  setTimer(thread: Thread): void {
    thread.timerAt = nextTimer(thread)
    if (thread.timerAt) this.#step.due(ACCOUNT_LANE, thread.timerAt)
  }

  store(): void {
    const { changes } = this.#step
    changes.add(insertThread, ...this.#new.values())
    changes.add(updateThread, ...this.#changed.values())
  }

  #write(thread: Thread): void {
    if (!this.isNew(thread)) this.#changed.set(thread.id, thread)
  }
}
