import { Refusal } from '../../domain/refusal.ts'
import type { Thread } from '../../domain/thread.ts'
import {
  loadByIdentity,
  loadParticipants,
  loadParticipantsById,
  loadWireParticipants,
  type Participant,
} from '../../store/participants.ts'
import { loadThreads } from '../../store/threads.ts'
import type { Act } from '../step.ts'
import { Bindings } from './bindings.ts'
import { newParticipant, newThread, type ParticipantDraft, type ThreadDraft } from './new-rows.ts'
import { ParticipantRows } from './participant-rows.ts'
import { mustDiffer, type ParticipantShape } from './participant-shape.ts'
import type { Cause } from './thread-events.ts'
import { ThreadRows } from './thread-rows.ts'

/** A thread as an act works on it. */
export interface LiveThread {
  readonly thread: Thread
  /** Those who take part, in order of joining; without chat participants unless all were asked for. */
  participants: Participant[]
}

export type { ParticipantDraft, ThreadDraft } from './new-rows.ts'

/**
 * The threads that an act works on: loaded under the account's lock, changed in memory, written once by `store`.
 * Holds the pair rule: a pair is bound to at most one open thread, and so are the members of a group text.
 */
export class ThreadBook {
  readonly #step: Act
  readonly #live = new Map<string, LiveThread>()
  readonly #bindings: Bindings
  readonly #rows: ThreadRows
  readonly #participants: ParticipantRows

  private constructor(step: Act) {
    this.#step = step
    this.#bindings = new Bindings(step)
    this.#rows = new ThreadRows(step)
    this.#participants = new ParticipantRows(step)
  }

  /** Loads the threads that hold the pairs, and those of the ids, with their participants. */
  static async load(
    step: Act,
    asked: {
      pairs?: { person: string; number: string }[]
      /** Members of group texts, as `groupMembers` gives them. */
      groups?: string[]
      ids?: string[]
      /** `wire` unless said: all but those who chat. `none` is for what changes the threads' own rows alone. */
      participants?: 'wire' | 'all' | 'none'
    },
  ): Promise<ThreadBook> {
    const book = new ThreadBook(step)
    await Promise.all([book.#bindings.lookUpPairs(asked.pairs ?? []), book.#bindings.lookUpGroups(asked.groups ?? [])])
    const ids = new Set([...(asked.ids ?? []), ...book.#bindings.threadIds()])
    await book.#loadThreads([...ids], asked.participants ?? 'wire')
    return book
  }

  /** Loads more threads by their ids. */
  loadMore(ids: string[]): Promise<void> {
    return this.#loadThreads(
      [...new Set(ids)].filter(id => !this.#live.has(id)),
      'wire',
    )
  }

  /** Looks at more pairs, before they are bound. */
  lookUp(pairs: { person: string; number: string }[]): Promise<void> {
    return this.#bindings.lookUpPairs(pairs)
  }

  /** Looks at more groups, before they are bound. */
  lookUpGroups(groups: string[]): Promise<void> {
    return this.#bindings.lookUpGroups(groups)
  }

  /** Looks for chat participants by identity, where they were not asked for when loading. */
  async lookUpIdentities(asked: { threadId: string; identity: string }[]): Promise<void> {
    if (asked.length === 0) return
    this.#add(await this.#step.load<Participant>(loadByIdentity, [this.#step.accountId, JSON.stringify(asked)]))
  }

  /** Looks for participants by id, where they were not asked for when loading. */
  async lookUpParticipants(ids: string[]): Promise<void> {
    this.#add(await this.#step.load<Participant>(loadParticipantsById, [this.#step.accountId, JSON.stringify(ids)]))
  }

  #add(rows: Participant[]): void {
    for (const row of rows) {
      const live = this.#live.get(row.threadId)
      if (live && !live.participants.some(each => each.id === row.id)) live.participants.push(row)
    }
  }

  /** Whether this act opens the thread. */
  isNew({ thread }: LiveThread): boolean {
    return this.#rows.isNew(thread)
  }

  find(threadId: string): LiveThread | undefined {
    return this.#live.get(threadId)
  }

  /** The thread that holds the pair, with the participant who is the pair. The pair was asked for when loading. */
  holderOf(pair: { person: string; number: string }): { live: LiveThread; participant: Participant } | undefined {
    const held = this.#bindings.pair(pair)
    const live = held ? this.#live.get(held.threadId) : undefined
    const participant = live?.participants.find(each => each.id === held?.participantId)
    return live && participant ? { live, participant } : undefined
  }

  /** The id of the open thread that holds the pair, loaded or not. */
  holderId(pair: { person: string; number: string }): string | null {
    return this.#bindings.pair(pair)?.threadId ?? null
  }

  /** The thread that holds the group text of these members. They were asked for when loading. */
  groupHolder(members: string): LiveThread | undefined {
    const held = this.#bindings.group(members)
    return held ? this.#live.get(held.threadId) : undefined
  }

  /** All loaded threads. */
  all(): LiveThread[] {
    return [...this.#live.values()]
  }

  /** All pairs that take part in the loaded threads: whom a message may reach. */
  wirePairs(): { person: string; number: string }[] {
    return [...this.#live.values()].flatMap(({ participants }) =>
      participants.flatMap(({ person, number }) => (person && number ? [{ person, number }] : [])),
    )
  }

  /** All our numbers that take part in the loaded threads. */
  numbers(): string[] {
    return this.all().flatMap(({ participants }) => participants.flatMap(({ number }) => number ?? []))
  }

  open(draft: ThreadDraft, cause: Cause): LiveThread {
    const step = this.#step
    const thread = newThread(step, draft)
    const live = { thread, participants: [] }
    this.#live.set(thread.id, live)
    this.#rows.add(thread)
    step.tell({ kind: 'thread_opened', thread, assigneeId: thread.assigneeId, cause })
    return live
  }

  /**
   * Adds a participant; a pair is bound to the thread, a group text to its members. Refuses `pair_taken`,
   * `identity_taken`, `member_taken` and `group_taken`, before anything is changed.
   */
  addParticipant(live: LiveThread, draft: ParticipantDraft, cause: Cause): Participant {
    return this.addParticipants(live, [draft], cause)[0]!
  }

  /** Refuses what adding them to a new thread would refuse, and changes nothing. */
  checkNewcomers(drafts: ParticipantDraft[]): void {
    this.#checkNewcomers(
      '',
      [],
      drafts.map(draft => newParticipant(this.#step, '', draft)),
    )
  }

  /** Adds participants all together or not at all; a group text is bound once, by all of them. */
  addParticipants(live: LiveThread, drafts: ParticipantDraft[], cause: Cause): Participant[] {
    const step = this.#step
    this.#mustBeOpen(live)
    const added = drafts.map(draft => newParticipant(step, live.thread.id, draft))
    const all = this.#checkNewcomers(live.thread.id, live.participants, added)
    for (const participant of added) {
      this.#participants.add(participant)
      this.#bindings.bind(participant)
      step.tell({ kind: 'participant_added', thread: live.thread, participant, cause })
    }
    this.#regroup(live, all)
    return added
  }

  /** Writes what was changed of a participant; a pair, kind or identity is changed by `reshape`. */
  updateParticipant(live: LiveThread, participant: Participant, cause: Cause): void {
    this.#mustBeOpen(live)
    this.#participants.touch(participant)
    this.#step.tell({ kind: 'participant_updated', thread: live.thread, participant, cause })
  }

  /**
   * Turns a participant into one of another kind, pair or identity. Refuses as adding does, before anything is changed;
   * `updateParticipant` is still to be called.
   */
  reshape(live: LiveThread, participant: Participant, shape: ParticipantShape): void {
    this.#mustBeOpen(live)
    const next = { ...participant, ...shape }
    const all = live.participants.map(each => (each === participant ? next : each))
    mustDiffer(live.thread.id, all)
    this.#bindings.mustBeFree(next)
    this.#bindings.mustBeFreeGroup(live.thread.id, all)
    this.#bindings.free(participant)
    Object.assign(participant, shape)
    this.#bindings.bind(participant)
    this.#regroup(live, live.participants)
  }

  removeParticipant(live: LiveThread, participant: Participant, cause: Cause): void {
    this.#mustBeOpen(live)
    const others = live.participants.filter(each => each !== participant)
    this.#bindings.mustBeFreeGroup(live.thread.id, others)
    this.#bindings.free(participant)
    participant.removedAt = this.#step.now
    this.#regroup(live, others)
    this.#participants.touch(participant)
    this.#step.tell({ kind: 'participant_removed', thread: live.thread, participant, cause })
  }

  /** Writes what was changed of a thread. */
  update(live: LiveThread, cause: Cause): void {
    this.#mustBeOpen(live)
    this.#rows.touch(live.thread)
    this.#rows.setTimer(live.thread)
    this.#step.tell({ kind: 'thread_updated', thread: live.thread, cause })
  }

  /** Turns an open thread active or inactive. */
  setState(live: LiveThread, state: 'active' | 'inactive', reason: string, cause: Cause): void {
    this.#mustBeOpen(live)
    this.#rows.changeState(live.thread, state, reason, cause)
    this.#rows.setTimer(live.thread)
  }

  /** Closes a thread for good and frees its pairs. A closed one stays as it is. */
  close(live: LiveThread, reason: string, cause: Cause): void {
    const { thread } = live
    if (thread.state === 'closed') return
    this.#freeAll(live)
    thread.closedReason = reason
    thread.closedAt = this.#step.now
    thread.timerAt = null
    this.#rows.changeState(thread, 'closed', reason, cause)
    thread.assigneeId = null
  }

  /** Hides a thread and frees its pairs; its state is left as it was. */
  delete(live: LiveThread, cause: Cause): void {
    const { thread } = live
    const formerAssigneeId = thread.assigneeId
    this.#freeAll(live)
    thread.deletedAt = this.#step.now
    thread.assigneeId = null
    thread.timerAt = null
    this.#rows.touch(thread)
    this.#step.tell({ kind: 'thread_deleted', thread, formerAssigneeId, cause })
  }

  /** Notes that a thread changed: its row is written, with the next version and a later `updatedAt`. */
  touch(thread: Thread): void {
    this.#rows.touch(thread)
  }

  /** Makes the thread's timers run from now. */
  restartTimers(thread: Thread): void {
    this.#rows.restartTimers(thread)
  }

  /** Sets when somebody must look at the timers again; nobody is told. */
  postpone(thread: Thread, until: Date | null): void {
    this.#rows.postpone(thread, until)
  }

  /** Adds everything that changed to the act's changes; once, at the end. */
  store(): void {
    this.#rows.store()
    this.#participants.store()
    this.#bindings.store()
  }

  async #loadThreads(ids: string[], whom: 'wire' | 'all' | 'none'): Promise<void> {
    if (ids.length === 0) return
    const { accountId } = this.#step
    const asked = JSON.stringify(ids)
    const loadThem = whom === 'all' ? loadParticipants : loadWireParticipants
    const [threads, participants] = await Promise.all([
      this.#step.load<Thread>(loadThreads, [accountId, asked]),
      whom === 'none' ? [] : this.#step.load<Participant>(loadThem, [accountId, asked]),
    ])
    for (const thread of threads) this.#live.set(thread.id, { thread, participants: [] })
    for (const each of participants) this.#live.get(each.threadId)?.participants.push(each)
    for (const { thread, participants: all } of this.#live.values()) {
      if (thread.state !== 'closed' && !thread.deletedAt) this.#bindings.noteGroup(thread.id, all)
    }
  }

  /** All participants as they will be; refuses before anything is changed. */
  #checkNewcomers(threadId: string, present: Participant[], added: Participant[]): Participant[] {
    const all = [...present, ...added]
    mustDiffer(threadId, all)
    this.#bindings.mustAllBeFree(threadId, added)
    this.#bindings.mustBeFreeGroup(threadId, all)
    return all
  }

  /** Gives a thread its participants; a group text is bound by its members as they now are. */
  #regroup(live: LiveThread, participants: Participant[]): void {
    live.participants = participants
    this.#bindings.regroup(live.thread.id, participants)
  }

  /** What a closed thread held is free already, and may be another's. */
  #freeAll(live: LiveThread): void {
    if (live.thread.state === 'closed') return
    for (const participant of live.participants) this.#bindings.free(participant)
    this.#bindings.regroup(live.thread.id, [])
  }

  #mustBeOpen({ thread }: LiveThread): void {
    if (thread.state === 'closed' || thread.deletedAt) {
      throw new Refusal('thread_closed', 'The thread is closed for good.', { threadId: thread.id })
    }
  }
}
