import { parseDuration } from '../../domain/duration.ts'
import { newId } from '../../domain/ids.ts'
import { NO_EXTRAS, type QueueExtras } from '../../domain/queue.ts'
import type { SeedAccount, SeedNumber, SeedQueue, SeedUser } from '../../domain/seed.ts'
import { findAccount, insertLookup } from '../../store/accounts.ts'
import { insertDuty } from '../../store/duties.ts'
import { type Extension, insertExtension, loadAllExtensions } from '../../store/extensions.ts'
import { findUsersWithLogin, insertLogin } from '../../store/logins.ts'
import { insertHandler, insertQueue, loadQueueNames, type Queue } from '../../store/queues.ts'
import { insertClient } from '../../store/tokens.ts'
import { insertUser, loadUsersByIdentity, type User } from '../../store/users.ts'
import type { Core } from '../core.ts'
import { hashPassword } from '../sign-in/passwords.ts'
import { hashOf } from '../sign-in/tokens.ts'
import type { Act } from '../step.ts'
import type { CompleteSeed } from './seed-secrets.ts'

/** 72 hours. Source: RingCentral, message threads, "Message thread lifecycle". */
export const DEFAULT_CLOSES_AFTER_MS = 72 * 3_600_000
/** Extensions that a seed gives no id get ids from here on, out of the way of those it gives. */
const FIRST_MADE_EXTENSION = 6_000_000_000

/** Credentials as they were given or made: shown once. */
export interface SeededInbox {
  client: { clientId: string; clientSecret: string } | null
  users: { identity: string; extensionId: number; password: string; jwt: string }[]
}

/** What a seed's act made, by the names that the seed has for it. */
export interface InboxMade {
  users: SeededUser[]
  /** Null: there was such a queue, but it was deleted since. */
  queues: Map<string, string | null>
}

/** Makes the users and queues that a seed names and that are not there yet. What was there once stays as it is. */
export async function seedInbox(step: Act, serviceId: string, seed: SeedAccount): Promise<InboxMade> {
  const extensions = new Extensions(step, await step.load<Extension>(loadAllExtensions, [step.accountId]))
  const users = await seedUsers(step, serviceId, seed.users ?? [], extensions)
  const queues = await seedQueues(step, seed.queues ?? [], extensions, users)
  return { users: [...users.values()], queues }
}

/** The queue that a seed gives a number to. */
export function queueOf({ number, queue }: SeedNumber, { queues }: InboxMade): string | null {
  if (queue === undefined) return null
  const id = queues.get(queue)
  if (id === undefined) throw new Error(`The seed gives ${number} to the queue ${queue}, which it does not name.`)
  return id
}

/** Lets the seed's program in, and its users who have no login yet. Answers how all of them sign in, as the seed says. */
export async function seedCredentials(
  core: Core,
  accountId: string,
  seed: CompleteSeed,
  made: InboxMade,
): Promise<SeededInbox> {
  const client = await seedClient(core, accountId, seed)
  const known = await findUsersWithLogin(core.db, accountId)
  const users: SeededInbox['users'] = []
  for (const { identity, password, jwt } of seed.users) {
    const user = made.users.find(each => each.identity === identity)
    if (!user) continue
    users.push({ identity, extensionId: user.extensionId, password, jwt })
    if (known.has(user.id)) continue
    const passwordHash = await hashPassword(password)
    await insertLogin(core.db, accountId, { userId: user.id, passwordHash, jwtHash: hashOf(jwt) })
  }
  return { client, users }
}

/** The conversation service whose users are the account's handlers. */
export async function defaultServiceOf(core: Core, accountId: string): Promise<string> {
  const { defaultServiceId } = (await findAccount(core.db, accountId))?.settings ?? {}
  return typeof defaultServiceId === 'string' ? defaultServiceId : accountId
}

interface SeededUser {
  id: string
  identity: string
  extensionId: number
}

async function seedUsers(
  step: Act,
  serviceId: string,
  seeds: SeedUser[],
  extensions: Extensions,
): Promise<Map<string, SeededUser>> {
  const asked = JSON.stringify(seeds.map(({ identity }) => ({ serviceId, identity })))
  const known = await step.load<User>(loadUsersByIdentity, [step.accountId, asked])
  const users = new Map<string, SeededUser>()
  for (const seed of seeds) {
    const user = known.find(each => each.identity === seed.identity)
    const id = user?.id ?? addUser(step, serviceId, seed)
    const extensionId =
      extensions.of(id)?.id ?? extensions.add('user', id, seed.extensionId, seed.extensionNumber, seed.isAdmin ?? true)
    users.set(seed.identity, { id, identity: seed.identity, extensionId })
  }
  return users
}

function addUser(step: Act, serviceId: string, seed: SeedUser): string {
  const version = step.tick()
  const user: User = {
    id: newId(step.now.getTime()),
    serviceId,
    identity: seed.identity,
    friendlyName: seed.name ?? seed.identity,
    attributes: '{}',
    roleId: null,
    createdAt: step.now,
    updatedAt: step.now,
    deletedAt: null,
    version,
    born: version,
  }
  step.changes.add(insertUser, user)
  if (seed.onDuty) step.changes.add(insertDuty, { userId: user.id, since: step.now })
  return user.id
}

/** Ids of the queues by the names that the seed has for them; one that was deleted since stays away. */
async function seedQueues(
  step: Act,
  seeds: SeedQueue[],
  extensions: Extensions,
  users: Map<string, SeededUser>,
): Promise<Map<string, string | null>> {
  const known = await step.load<Pick<Queue, 'id' | 'name' | 'deletedAt'>>(loadQueueNames, [step.accountId])
  const queues = new Map<string, string | null>()
  for (const seed of seeds) {
    const queue = known.find(each => each.name === seed.name)
    if (queue) {
      queues.set(seed.name, queue.deletedAt ? null : queue.id)
      continue
    }
    const id = addQueue(step, seed)
    queues.set(seed.name, id)
    extensions.add('queue', id, seed.extensionId, seed.extensionNumber, false)
    for (const identity of seed.handlers ?? []) {
      const user = users.get(identity)
      if (!user) throw new Error(`The seed has ${identity} handle ${seed.name}, but no such user.`)
      step.changes.add(insertHandler, { queueId: id, userId: user.id, addedAt: step.now })
    }
  }
  return queues
}

function addQueue(step: Act, seed: SeedQueue): string {
  const version = step.tick()
  const queue: Queue = {
    id: newId(step.now.getTime()),
    kind: seed.kind ?? 'queue',
    name: seed.name,
    closesAfterMs: closesAfterMs(seed),
    anyoneReassigns: seed.anyoneReassigns ?? false,
    ...NO_EXTRAS,
    ...extrasOf(seed),
    createdAt: step.now,
    updatedAt: step.now,
    deletedAt: null,
    version,
    born: version,
  }
  step.changes.add(insertQueue, queue)
  return queue.id
}

function extrasOf({ linksPrevious, claimsOnReply, assigns, countsUnread }: SeedQueue): Partial<QueueExtras> {
  return {
    ...(linksPrevious !== undefined && { linksPrevious }),
    ...(claimsOnReply !== undefined && { claimsOnReply }),
    ...(assigns !== undefined && { assigns }),
    ...(countsUnread !== undefined && { countsUnread }),
  }
}

function closesAfterMs({ name, closesAfter }: SeedQueue): number {
  if (closesAfter === undefined) return DEFAULT_CLOSES_AFTER_MS
  const ms = parseDuration(closesAfter)
  if (!ms) throw new Error(`The seed closes threads of ${name} after ${closesAfter}, which is no duration.`)
  return ms
}

/** The extensions of an account, with those that are being made. */
class Extensions {
  readonly #step: Act
  readonly #known: Extension[]

  constructor(step: Act, known: Extension[]) {
    this.#step = step
    this.#known = [...known]
  }

  of(ownerId: string): Extension | undefined {
    return this.#known.find(each => each.ownerId === ownerId)
  }

  add(
    kind: Extension['kind'],
    ownerId: string,
    asked: number | undefined,
    askedNumber: string | undefined,
    isAdmin: boolean,
  ): number {
    const step = this.#step
    const born = step.tick()
    const id = asked ?? FIRST_MADE_EXTENSION + born
    if (this.#known.some(each => each.id === id)) throw new Error(`The seed gives extension ${id} twice.`)
    const extensionNumber = askedNumber ?? String(asked !== undefined && asked < 1_000_000 ? asked : 1000 + born)
    if (this.#known.some(each => each.extensionNumber === extensionNumber && !each.deletedAt)) {
      throw new Error(`The seed gives extension number ${extensionNumber} twice.`)
    }
    const extension: Extension = {
      id,
      kind,
      ownerId,
      extensionNumber,
      isAdmin,
      createdAt: step.now,
      deletedAt: null,
      born,
    }
    this.#known.push(extension)
    step.changes.add(insertExtension, extension)
    return id
  }
}

async function seedClient(core: Core, accountId: string, seed: CompleteSeed): Promise<SeededInbox['client']> {
  const { ringcentral } = seed
  if (!ringcentral) return null
  const { clientId, clientSecret, redirectUris = [] } = ringcentral
  if (!(await insertLookup(core.db, 'client', clientId, accountId))) {
    throw new Error(`The seed gives the client ${clientId} to an account, but another one has it.`)
  }
  const secret = core.seal.seal(clientSecret)
  await insertClient(core.db, accountId, { clientId, secret, redirectUris }, core.clock.world())
  return { clientId, clientSecret }
}
