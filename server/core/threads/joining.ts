import { groupMembers } from '../../domain/group-text.ts'
import { Refusal } from '../../domain/refusal.ts'
import { MAX_PARTICIPANTS, MAX_THREADS_OF_IDENTITY } from '../../domain/thread-limits.ts'
import type { NumberRoute } from '../../store/numbers.ts'
import { loadOpenThreadCounts, loadParticipantCounts, type Participant } from '../../store/participants.ts'
import { loadRoles, type Role } from '../../store/roles.ts'
import type { Service } from '../../store/services.ts'
import { giveToQueue } from '../inbox/open-queue-thread.ts'
import type { Act } from '../step.ts'
import { Users } from '../users/users.ts'
import { full, mustHaveRoom } from './participant-shape.ts'
import type { LiveThread, ParticipantDraft, ThreadBook } from './thread-book.ts'
import type { Cause } from './thread-events.ts'

/** Who is to join which thread; a thread that is still to be opened has no id. */
export interface JoiningAsked {
  serviceId: string
  threadId: string | null
  drafts: ParticipantDraft[]
}

/** How many of the newest joinings of an identity are looked at to count its open threads. */
const JOININGS_LOOKED_AT = 3000

/**
 * Lets participants join threads, by the rules that every door shares: everything that the rules ask is loaded for a
 * whole batch, then each joining is decided in memory.
 */
export class Joining {
  readonly #step: Act
  readonly #book: ThreadBook
  readonly #routes: Map<string, NumberRoute>
  readonly #services: Map<string, Service>
  readonly #roles: Map<string, Role>
  readonly #users: Users
  readonly #counts: Map<string, number>
  readonly #openThreads: Map<string, number>

  private constructor(
    step: Act,
    book: ThreadBook,
    known: {
      routes: Map<string, NumberRoute>
      services: Map<string, Service>
      roles: Map<string, Role>
      users: Users
      counts: Map<string, number>
      openThreads: Map<string, number>
    },
  ) {
    this.#step = step
    this.#book = book
    this.#routes = known.routes
    this.#services = known.services
    this.#roles = known.roles
    this.#users = known.users
    this.#counts = known.counts
    this.#openThreads = known.openThreads
  }

  /** Loads what the joinings need. The threads that exist are in the book already. */
  static async load(step: Act, book: ThreadBook, asked: JoiningAsked[]): Promise<Joining> {
    const drafts = asked.flatMap(each => each.drafts)
    const identities = asked.flatMap(({ serviceId, threadId, drafts }) =>
      drafts.flatMap(({ identity }) => (identity ? [{ serviceId, threadId, identity }] : [])),
    )
    await book.lookUp(
      drafts.flatMap(({ kind, person, number }) => (kind === 'sms' && person && number ? [{ person, number }] : [])),
    )
    await book.lookUpGroups(asked.flatMap(each => groupsOf(book, each)))
    await book.lookUpIdentities(
      identities.flatMap(({ threadId, identity }) => (threadId ? [{ threadId, identity }] : [])),
    )
    const threadIds = [...new Set(asked.flatMap(({ threadId }) => threadId ?? []))]
    return new Joining(step, book, {
      routes: await step.numberRoutes(
        drafts.flatMap(({ person, number }) => [person, number].filter(each => each != null)),
      ),
      services: await step.services(asked.map(each => each.serviceId)),
      roles: await rolesOf(step, drafts),
      users: await Users.load(step, identities),
      counts: await countsOf(step, threadIds),
      openThreads: await openThreadsOf(step, identities),
    })
  }

  /**
   * Refuses what the drafts may not do, and changes nothing: `address_invalid` (a person who is a number of ours),
   * `number_unknown`, `role_unknown`, `thread_full` and `identity_full`.
   */
  check(serviceId: string, live: LiveThread | null, drafts: ParticipantDraft[]): void {
    for (const draft of drafts) this.#checkNumbers(draft)
    for (const draft of drafts) this.#checkRole(serviceId, draft)
    this.#checkRoom(live, drafts)
    for (const { identity } of drafts) {
      const open = identity ? (this.#openThreads.get(identityKey(serviceId, identity)) ?? 0) : 0
      if (open >= MAX_THREADS_OF_IDENTITY)
        throw new Refusal('identity_full', 'The identity takes part in too many threads.')
    }
  }

  /**
   * Adds the participants, all or none; an identity without a user gets one. Refuses what `check` does and what
   * `ThreadBook.addParticipants` does, before anything is changed.
   */
  join(live: LiveThread, drafts: ParticipantDraft[], cause: Cause): Participant[] {
    const { serviceId } = live.thread
    this.check(serviceId, live, drafts)
    const service = this.#services.get(serviceId)
    const complete = drafts.map(draft => ({
      ...draft,
      roleId: draft.roleId ?? (draft.identity ? (service?.settings.threadRoleId ?? null) : null),
    }))
    const added = this.#book.addParticipants(live, complete, cause)
    this.#counts.set(live.thread.id, (this.#counts.get(live.thread.id) ?? 0) + added.length)
    for (const { identity } of added) {
      if (!identity) continue
      const key = identityKey(serviceId, identity)
      this.#openThreads.set(key, (this.#openThreads.get(key) ?? 0) + 1)
      this.#users.ensure(this.#step, serviceId, identity, service?.settings.userRoleId ?? null, cause)
    }
    this.#giveToQueue(live)
    return added
  }

  /** A thread of exactly one pair belongs to the queue that owns the pair's number. */
  #giveToQueue(live: LiveThread): void {
    const [only, ...more] = live.participants.filter(each => each.kind !== 'chat')
    if (only?.kind !== 'sms' || more.length > 0 || !only.person || !only.number) return
    const owner = this.#routes.get(only.number)?.owner
    if (owner) giveToQueue(this.#step, this.#book, live, owner, { person: only.person, number: only.number })
  }

  #checkNumbers({ kind, person, number }: ParticipantDraft): void {
    if (person && this.#routes.has(person)) {
      throw new Refusal('address_invalid', 'The person is a number of this account.', { address: person })
    }
    if (number && !this.#routes.has(number)) {
      throw new Refusal('number_unknown', `${number} is no number of this account.`, { number, as: kind })
    }
  }

  #checkRole(serviceId: string, { roleId }: ParticipantDraft): void {
    if (!roleId) return
    const role = this.#roles.get(roleId)
    if (role?.serviceId !== serviceId || role.kind !== 'conversation') {
      throw new Refusal('role_unknown', 'There is no such role of conversations.')
    }
  }

  #checkRoom(live: LiveThread | null, drafts: ParticipantDraft[]): void {
    const present = live?.participants ?? []
    const count = (live ? (this.#counts.get(live.thread.id) ?? 0) : 0) + drafts.length
    if (count > MAX_PARTICIPANTS) throw full('participants', MAX_PARTICIPANTS)
    mustHaveRoom([...present, ...drafts], drafts)
  }
}

/** The group text that the thread will be when the drafts have joined. */
function groupsOf(book: ThreadBook, { threadId, drafts }: JoiningAsked): string[] {
  const present = (threadId ? book.find(threadId)?.participants : undefined) ?? []
  const coming = drafts.map(({ kind, person, number }) => ({ kind, person: person ?? null, number: number ?? null }))
  const members = groupMembers([...present, ...coming])
  return members ? [members] : []
}

async function rolesOf(step: Act, drafts: ParticipantDraft[]): Promise<Map<string, Role>> {
  const ids = drafts.flatMap(({ roleId }) => roleId ?? [])
  if (ids.length === 0) return new Map()
  const rows = await step.load<Role>(loadRoles, [step.accountId, JSON.stringify([...new Set(ids)])])
  return new Map(rows.map(row => [row.id, row]))
}

async function countsOf(step: Act, threadIds: string[]): Promise<Map<string, number>> {
  if (threadIds.length === 0) return new Map()
  const rows = await step.load<{ threadId: string; count: number }>(loadParticipantCounts, [
    step.accountId,
    JSON.stringify(threadIds),
  ])
  return new Map(rows.map(row => [row.threadId, row.count]))
}

async function openThreadsOf(
  step: Act,
  identities: { serviceId: string; identity: string }[],
): Promise<Map<string, number>> {
  if (identities.length === 0) return new Map()
  const asked = new Map(
    identities.map(({ serviceId, identity }) => [identityKey(serviceId, identity), { serviceId, identity }]),
  )
  const rows = await step.load<{ serviceId: string; identity: string; count: number }>(loadOpenThreadCounts, [
    step.accountId,
    JSON.stringify([...asked.values()]),
    MAX_THREADS_OF_IDENTITY,
    JOININGS_LOOKED_AT,
  ])
  return new Map(rows.map(row => [identityKey(row.serviceId, row.identity), row.count]))
}

function identityKey(serviceId: string, identity: string): string {
  return `${serviceId} ${identity}`
}
