import { groupMembers } from '../../domain/group-text.ts'
import { Refusal } from '../../domain/refusal.ts'
import {
  boundGroups,
  boundPairs,
  deleteGroup,
  deletePair,
  type Group,
  insertGroup,
  insertPair,
  moveGroup,
  movePair,
  type Pair,
  type Participant,
} from '../../store/participants.ts'
import type { Act } from '../step.ts'

/**
 * Which open thread holds which pair, and which members of a group text: looked up under the account's lock, changed in
 * memory, written once. What was not looked up cannot be bound.
 */
export class Bindings {
  readonly #step: Act
  readonly #pairs = new Map<string, Pair | null>()
  readonly #boundPairs = new Map<string, Pair>()
  readonly #freedPairs = new Map<string, Pair>()
  readonly #groups = new Map<string, Group | null>()
  readonly #boundGroups = new Map<string, Group>()
  readonly #freedGroups = new Set<string>()

  constructor(step: Act) {
    this.#step = step
  }

  async lookUpPairs(pairs: { person: string; number: string }[]): Promise<void> {
    const missing = pairs.filter(pair => !this.#pairs.has(pairKey(pair)))
    if (missing.length === 0) return
    for (const pair of missing) this.#pairs.set(pairKey(pair), null)
    const rows = await this.#step.lookUp(boundPairs, missing)
    for (const row of rows) this.#pairs.set(pairKey(row), row)
  }

  async lookUpGroups(groups: string[]): Promise<void> {
    const missing = [...new Set(groups)].filter(members => !this.#groups.has(members))
    if (missing.length === 0) return
    for (const members of missing) this.#groups.set(members, null)
    const rows = await this.#step.lookUp(
      boundGroups,
      missing.map(members => ({ members })),
    )
    for (const row of rows) this.#groups.set(row.members, row)
  }

  /** Notes that an open thread holds its group: told by its participants, without a look. */
  noteGroup(threadId: string, participants: readonly Participant[]): void {
    const members = groupMembers(participants)
    if (members) this.#groups.set(members, { members, threadId })
  }

  pair(pair: { person: string; number: string }): Pair | undefined {
    return this.#pairs.get(pairKey(pair)) ?? undefined
  }

  group(members: string): Group | undefined {
    return this.#groups.get(members) ?? undefined
  }

  /** Ids of the threads that hold what was looked up. */
  threadIds(): string[] {
    return [...this.#pairs.values(), ...this.#groups.values()].flatMap(held => (held ? [held.threadId] : []))
  }

  /** Refuses `pair_taken` when the participant is a pair that another one holds. The key of the pair, if it is one. */
  mustBeFree({ kind, person, number, id }: Participant): string | null {
    if (kind !== 'sms' || !person || !number) return null
    const key = pairKey({ person, number })
    const holder = this.#pairs.get(key)
    if (holder === undefined) throw new Error('A pair is bound that was not looked up.')
    if (holder && holder.participantId !== id) {
      throw new Refusal('pair_taken', 'The pair is bound to a thread.', { threadId: holder.threadId })
    }
    return key
  }

  /** Refuses `pair_taken` also when a pair is named twice among them. */
  mustAllBeFree(threadId: string, participants: Participant[]): void {
    const pairs = new Set<string>()
    for (const participant of participants) {
      const key = this.mustBeFree(participant)
      if (key && pairs.has(key)) throw new Refusal('pair_taken', 'The pair is named twice.', { threadId })
      if (key) pairs.add(key)
    }
  }

  bind(participant: Participant): void {
    const key = this.mustBeFree(participant)
    if (!key) return
    const { person, number, threadId, id } = participant
    const pair = { person: person!, number: number!, threadId, participantId: id }
    this.#pairs.set(key, pair)
    this.#boundPairs.set(key, pair)
  }

  free({ kind, person, number, threadId, id }: Participant): void {
    if (kind !== 'sms' || !person || !number) return
    const key = pairKey({ person, number })
    const holder = this.#pairs.get(key)
    if (holder && holder.participantId !== id) return
    this.#pairs.set(key, null)
    if (!this.#boundPairs.delete(key)) this.#freedPairs.set(key, { person, number, threadId, participantId: id })
  }

  /** Refuses `group_taken` when another thread holds the group text of these participants. */
  mustBeFreeGroup(threadId: string, participants: readonly Participant[]): void {
    const members = groupMembers(participants)
    if (!members) return
    const holder = this.#groups.get(members)
    if (holder === undefined) throw new Error('A group is bound that was not looked up.')
    if (holder && holder.threadId !== threadId) {
      throw new Refusal('group_taken', 'A group text of these members is open.', { threadId: holder.threadId })
    }
  }

  /** Binds the group text of these participants in place of what the thread held; without participants it holds none. */
  regroup(threadId: string, participants: readonly Participant[]): void {
    const members = groupMembers(participants)
    for (const [held, group] of this.#groups) {
      if (group?.threadId !== threadId || held === members) continue
      this.#groups.set(held, null)
      if (!this.#boundGroups.delete(held)) this.#freedGroups.add(held)
    }
    if (!members || this.#groups.get(members)?.threadId === threadId) return
    const group = { members, threadId }
    this.#groups.set(members, group)
    this.#boundGroups.set(members, group)
  }

  /** Adds what changed to the act's changes. What passes from one thread to another within an act is moved. */
  store(): void {
    const { changes } = this.#step
    for (const [key, pair] of this.#freedPairs) {
      if (this.#boundPairs.has(key)) continue
      changes.add(deletePair, pair)
      this.#step.givenBack(pair)
    }
    for (const [key, pair] of this.#boundPairs) {
      const isMoved = this.#freedPairs.has(key)
      changes.add(isMoved ? movePair : insertPair, pair)
      this.#step.taken(pair, isMoved)
    }
    for (const members of this.#freedGroups) if (!this.#boundGroups.has(members)) changes.add(deleteGroup, { members })
    for (const [members, group] of this.#boundGroups) {
      changes.add(this.#freedGroups.has(members) ? moveGroup : insertGroup, group)
    }
  }
}

export function pairKey({ person, number }: { person: string; number: string }): string {
  return `${person} ${number}`
}
