import { newId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { nextTimer } from '../../domain/thread-timers.ts'
import { ACCOUNT_LANE } from '../../store/lanes.ts'
import {
  deletePair,
  insertPair,
  insertParticipant,
  loadPairs,
  loadParticipants,
  loadWireParticipants,
  type Pair,
  type Participant,
  updateParticipant,
} from '../../store/participants.ts'
import { insertThread, loadThreads, type Thread, type ThreadState, updateThread } from '../../store/threads.ts'
import type { Act } from '../act.ts'
import type { Cause } from './thread-events.ts'

/** A thread as an act works on it. */
export interface LiveThread {
  readonly thread: Thread
  /** Those who take part, in order of joining; without chat participants unless all were asked for. */
  participants: Participant[]
}

export interface ThreadDraft {
  serviceId: string
  friendlyName?: string | null
  uniqueName?: string | null
  attributes?: string
  poolId?: string | null
  queueId?: string | null
  assigneeId?: string | null
  room?: string | null
  /** The pair of a thread that a queue or a pool opens. */
  person?: string | null
  number?: string | null
  inactiveAfterMs?: number | null
  closesAfterMs?: number | null
  expiresAt?: Date | null
  labelsSenders?: boolean | null
  state?: 'active' | 'inactive'
  previousThreadId?: string | null
  createdBy?: string | null
  createdAt?: Date
  updatedAt?: Date
  settings?: Record<string, unknown> | null
}

export interface ParticipantDraft {
  kind: Participant['kind']
  identity?: string | null
  person?: string | null
  number?: string | null
  attributes?: string
  roleId?: string | null
  createdAt?: Date
  updatedAt?: Date
}

/**
 * The threads that an act works on: loaded under the account's lock, changed in memory, written once by `store`.
 * Holds the pair rule: a pair is bound to at most one open thread.
 */
export class ThreadBook {
  readonly #step: Act
  readonly #live = new Map<string, LiveThread>()
  readonly #pairs = new Map<string, Pair | null>()
  readonly #new = new Set<string>()
  readonly #changed = new Set<string>()
  readonly #newParticipants = new Set<string>()
  readonly #changedParticipants = new Map<string, Participant>()
  readonly #boundPairs = new Map<string, Pair>()
  readonly #freedPairs = new Map<string, { person: string; number: string }>()

  private constructor(step: Act) {
    this.#step = step
  }

  /** Loads the threads that hold the pairs, and those of the ids, with their participants. */
  static async load(
    step: Act,
    asked: { pairs?: { person: string; number: string }[]; ids?: string[]; withChat?: boolean },
  ): Promise<ThreadBook> {
    const book = new ThreadBook(step)
    await book.#loadPairs(asked.pairs ?? [])
    const ids = new Set(asked.ids ?? [])
    for (const pair of book.#pairs.values()) if (pair) ids.add(pair.threadId)
    await book.#loadThreads([...ids], asked.withChat ?? false)
    return book
  }

  /** Looks at more pairs, before they are bound. */
  async lookUp(pairs: { person: string; number: string }[]): Promise<void> {
    await this.#loadPairs(pairs.filter(pair => !this.#pairs.has(pairKey(pair))))
  }

  find(threadId: string): LiveThread | undefined {
    return this.#live.get(threadId)
  }

  /** The thread that holds the pair, with the participant who is the pair. The pair was asked for when loading. */
  holderOf(pair: { person: string; number: string }): { live: LiveThread; participant: Participant } | undefined {
    const held = this.#pairs.get(pairKey(pair))
    const live = held ? this.#live.get(held.threadId) : undefined
    const participant = live?.participants.find(each => each.id === held?.participantId)
    return live && participant ? { live, participant } : undefined
  }

  /** The id of the open thread that holds the pair, loaded or not. */
  holderId(pair: { person: string; number: string }): string | null {
    return this.#pairs.get(pairKey(pair))?.threadId ?? null
  }

  /** All pairs that take part in the loaded threads: whom a message may reach. */
  wirePairs(): { person: string; number: string }[] {
    return [...this.#live.values()].flatMap(({ participants }) =>
      participants.flatMap(({ person, number }) => (person && number ? [{ person, number }] : [])),
    )
  }

  open(draft: ThreadDraft, cause: Cause): LiveThread {
    const step = this.#step
    const version = step.tick()
    const createdAt = draft.createdAt ?? step.now
    const thread: Thread = {
      id: newId(step.now.getTime()),
      serviceId: draft.serviceId,
      state: draft.state ?? 'active',
      closedReason: null,
      uniqueName: draft.uniqueName ?? null,
      friendlyName: draft.friendlyName ?? null,
      attributes: draft.attributes ?? '{}',
      poolId: draft.poolId ?? null,
      queueId: draft.queueId ?? null,
      assigneeId: draft.assigneeId ?? null,
      room: draft.room ?? null,
      person: draft.person ?? null,
      number: draft.number ?? null,
      label: null,
      nextIndex: 0,
      labelsSenders: draft.labelsSenders ?? null,
      inactiveAfterMs: draft.inactiveAfterMs ?? null,
      closesAfterMs: draft.closesAfterMs ?? null,
      expiresAt: draft.expiresAt ?? null,
      activeAt: step.now,
      timerAt: null,
      previousThreadId: draft.previousThreadId ?? null,
      createdBy: draft.createdBy ?? null,
      settings: draft.settings ?? null,
      createdAt,
      updatedAt: draft.updatedAt ?? createdAt,
      closedAt: null,
      deletedAt: null,
      version,
      born: version,
    }
    const live = { thread, participants: [] }
    this.#live.set(thread.id, live)
    this.#new.add(thread.id)
    this.#setTimer(thread)
    step.tell({ kind: 'thread_opened', thread, assigneeId: thread.assigneeId, cause })
    return live
  }

  /** Adds a participant; a pair is bound to the thread. Refuses `pair_taken` and `identity_taken`. */
  addParticipant(live: LiveThread, draft: ParticipantDraft, cause: Cause): Participant {
    const step = this.#step
    this.#mustBeOpen(live)
    if (draft.identity && live.participants.some(each => each.identity === draft.identity)) {
      throw new Refusal('identity_taken', 'The identity takes part already.', { threadId: live.thread.id })
    }
    const createdAt = draft.createdAt ?? step.now
    const version = step.tick()
    const participant: Participant = {
      id: newId(step.now.getTime()),
      threadId: live.thread.id,
      kind: draft.kind,
      identity: draft.identity ?? null,
      person: draft.person ?? null,
      number: draft.number ?? null,
      attributes: draft.attributes ?? '{}',
      roleId: draft.roleId ?? null,
      notificationLevel: 'default',
      lastReadIndex: null,
      lastReadAt: null,
      createdAt,
      updatedAt: draft.updatedAt ?? createdAt,
      removedAt: null,
      version,
      born: version,
    }
    if (draft.kind === 'sms') this.#bind(participant)
    live.participants.push(participant)
    this.#newParticipants.add(participant.id)
    step.changes.add(insertParticipant, participant)
    step.tell({ kind: 'participant_added', thread: live.thread, participant, cause })
    return participant
  }

  /** Writes what was changed of a participant; a changed pair is bound anew by `rebind`. */
  updateParticipant(live: LiveThread, participant: Participant, cause: Cause): void {
    this.#mustBeOpen(live)
    this.#touchParticipant(participant)
    this.#step.tell({ kind: 'participant_updated', thread: live.thread, participant, cause })
  }

  /** Moves a participant to another of our numbers, or to none. Refuses `pair_taken`. */
  rebind(participant: Participant, number: string | null): void {
    this.#free(participant)
    participant.number = number
    if (participant.person && number) this.#bind(participant)
  }

  removeParticipant(live: LiveThread, participant: Participant, cause: Cause): void {
    this.#mustBeOpen(live)
    this.#free(participant)
    participant.removedAt = this.#step.now
    live.participants = live.participants.filter(each => each !== participant)
    this.#touchParticipant(participant)
    this.#step.tell({ kind: 'participant_removed', thread: live.thread, participant, cause })
  }

  /** Writes what was changed of a thread. */
  update(live: LiveThread, cause: Cause): void {
    this.#mustBeOpen(live)
    this.touch(live.thread)
    this.#setTimer(live.thread)
    this.#step.tell({ kind: 'thread_updated', thread: live.thread, cause })
  }

  /** Turns an open thread active or inactive. */
  setState(live: LiveThread, state: 'active' | 'inactive', reason: string, cause: Cause): void {
    this.#mustBeOpen(live)
    this.#changeState(live.thread, state, reason, cause)
    this.#setTimer(live.thread)
  }

  /** Closes a thread for good and frees its pairs. A closed one stays as it is. */
  close(live: LiveThread, reason: string, cause: Cause): void {
    const { thread } = live
    if (thread.state === 'closed') return
    for (const participant of live.participants) this.#free(participant)
    thread.closedReason = reason
    thread.closedAt = this.#step.now
    thread.timerAt = null
    this.#changeState(thread, 'closed', reason, cause)
    thread.assigneeId = null
  }

  /** Hides a thread and frees its pairs; its state is left as it was. */
  delete(live: LiveThread, cause: Cause): void {
    const { thread } = live
    const formerAssigneeId = thread.assigneeId
    for (const participant of live.participants) this.#free(participant)
    thread.deletedAt = this.#step.now
    thread.assigneeId = null
    thread.timerAt = null
    this.touch(thread)
    this.#step.tell({ kind: 'thread_deleted', thread, formerAssigneeId, cause })
  }

  /** Notes that a thread changed: its row is written, with the next version and a later `updatedAt`. */
  touch(thread: Thread): void {
    const now = this.#step.now.getTime()
    thread.updatedAt = new Date(Math.max(now, thread.updatedAt.getTime() + 1))
    thread.version = this.#step.tick()
    if (!this.#new.has(thread.id)) this.#changed.add(thread.id)
  }

  /** Makes the thread's timers run from now. */
  restartTimers(thread: Thread): void {
    thread.activeAt = this.#step.now
    // The due time only moves when it must come earlier: one that comes too early looks again.
    const next = nextTimer(thread)
    if (next && (!thread.timerAt || next < thread.timerAt)) this.#setTimer(thread)
  }

  /** Sets when somebody must look at the timers again; nobody is told. */
  postpone(thread: Thread, until: Date | null): void {
    thread.timerAt = until
    this.#changed.add(thread.id)
  }

  /** Adds everything that changed to the act's changes; once, at the end. */
  store(): void {
    const { changes } = this.#step
    for (const id of this.#new) changes.add(insertThread, this.#live.get(id)!.thread)
    for (const id of this.#changed) changes.add(updateThread, this.#live.get(id)!.thread)
    changes.add(updateParticipant, ...this.#changedParticipants.values())
    // A pair may pass from one thread to another within an act: then its row is not freed but replaced.
    for (const [key, pair] of this.#freedPairs) if (!this.#boundPairs.has(key)) changes.add(deletePair, pair)
    changes.add(insertPair, ...this.#boundPairs.values())
  }

  async #loadPairs(pairs: { person: string; number: string }[]): Promise<void> {
    if (pairs.length === 0) return
    for (const pair of pairs) this.#pairs.set(pairKey(pair), null)
    const rows = await this.#step.load<Pair>(loadPairs, [this.#step.accountId, JSON.stringify(pairs)])
    for (const row of rows) this.#pairs.set(pairKey(row), row)
  }

  async #loadThreads(ids: string[], withChat: boolean): Promise<void> {
    if (ids.length === 0) return
    const { accountId } = this.#step
    const asked = JSON.stringify(ids)
    const threads = await this.#step.load<Thread>(loadThreads, [accountId, asked])
    for (const thread of threads) this.#live.set(thread.id, { thread, participants: [] })
    const participants = await this.#step.load<Participant>(withChat ? loadParticipants : loadWireParticipants, [
      accountId,
      asked,
    ])
    for (const each of participants) this.#live.get(each.threadId)?.participants.push(each)
  }

  #bind(participant: Participant): void {
    const { person, number, threadId, id } = participant
    if (!person || !number) return
    const key = pairKey({ person, number })
    const holder = this.#pairs.get(key)
    if (holder === undefined) throw new Error('A pair is bound that was not looked up.')
    if (holder) throw new Refusal('pair_taken', 'The pair is bound to a thread.', { threadId: holder.threadId })
    const pair = { person, number, threadId, participantId: id }
    this.#pairs.set(key, pair)
    this.#boundPairs.set(key, pair)
  }

  #free({ person, number, id }: Participant): void {
    if (!person || !number) return
    const key = pairKey({ person, number })
    const holder = this.#pairs.get(key)
    if (holder && holder.participantId !== id) return
    this.#pairs.set(key, null)
    if (!this.#boundPairs.delete(key)) this.#freedPairs.set(key, { person, number })
  }

  #changeState(thread: Thread, to: ThreadState, reason: string, cause: Cause): void {
    if (thread.state === to) return
    const from = thread.state
    thread.state = to
    this.touch(thread)
    this.#step.tell({ kind: 'state_changed', thread, from, to, reason, formerAssigneeId: thread.assigneeId, cause })
  }

  #setTimer(thread: Thread): void {
    thread.timerAt = nextTimer(thread)
    if (thread.timerAt) this.#step.due(ACCOUNT_LANE, thread.timerAt)
  }

  #touchParticipant(participant: Participant): void {
    participant.updatedAt = this.#step.now
    participant.version = this.#step.tick()
    if (!this.#newParticipants.has(participant.id)) this.#changedParticipants.set(participant.id, participant)
  }

  #mustBeOpen({ thread }: LiveThread): void {
    if (thread.state === 'closed' || thread.deletedAt) {
      throw new Refusal('thread_closed', 'The thread is closed for good.', { threadId: thread.id })
    }
  }
}

function pairKey({ person, number }: { person: string; number: string }): string {
  return `${person} ${number}`
}
