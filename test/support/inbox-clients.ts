import type { InboxDoor, UserName } from './inbox-house.ts'
import type { Answer } from './test-house.ts'

type Body = Answer['body']

async function get(house: InboxDoor, user: UserName, path: string): Promise<Body> {
  const answer = await house.as(user, 'GET', path)
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** Keeps the open threads of a user by syncing alone, as UI clients do. */
export class ThreadsClient {
  readonly #house: InboxDoor
  readonly #user: UserName
  readonly #threads = new Map<string, Body>()
  #token = ''

  constructor(house: InboxDoor, user: UserName) {
    this.#house = house
    this.#user = user
  }

  async start(): Promise<void> {
    const full = await get(this.#house, this.#user, '/message-threads/sync?syncType=FSync')
    this.#token = full.syncInfo.syncToken
    this.#threads.clear()
    for (const thread of full.records) this.#threads.set(thread.id, thread)
  }

  async sync(): Promise<void> {
    const path = `/message-threads/sync?syncType=ISync&syncToken=${this.#token}&recordCount=250`
    const changes = await get(this.#house, this.#user, path)
    this.#token = changes.syncInfo.syncToken
    for (const thread of changes.records) {
      const known = this.#threads.get(thread.id)
      // Official clients take a change only when it is later than what they have.
      if (known && known.lastModifiedTime >= thread.lastModifiedTime && !isSame(known, thread)) {
        throw new Error(`A change of ${thread.id} is not later than what it changes.`)
      }
      if (thread.status === 'Open' && thread.availability === 'Alive') this.#threads.set(thread.id, thread)
      else this.#threads.delete(thread.id)
    }
  }

  known(): Body[] {
    return sorted([...this.#threads.values()])
  }

  async listed(): Promise<Body[]> {
    return sorted((await get(this.#house, this.#user, '/message-threads?threadStatus=Open&perPage=1000')).records)
  }
}

export type Scope = 'Accessible' | 'Unassigned' | 'AssignedToMe' | 'AssignedToMeAndUnassigned'

/**
 * Keeps what is said and noted in a scope by syncing alone. What leaves a scope of assignees is told by its history;
 * with `Accessible` nothing leaves, and resolved threads stay as the history that they are.
 */
export class EntriesClient {
  readonly #house: InboxDoor
  readonly #user: UserName
  readonly #me: string
  readonly #scope: Scope
  readonly #entries = new Map<string, Body>()
  #token = ''

  constructor(house: InboxDoor, user: UserName, me: string, scope: Scope) {
    this.#house = house
    this.#user = user
    this.#me = me
    this.#scope = scope
  }

  async start(): Promise<void> {
    const full = await this.#full()
    this.#token = full.syncInfo.syncToken
    this.#entries.clear()
    this.#take(full.records)
  }

  async sync(): Promise<void> {
    const path = `/message-threads/entries/sync?syncType=ISync&syncToken=${this.#token}`
    const changes = await get(this.#house, this.#user, path)
    this.#token = changes.syncInfo.syncToken
    // Records come last changed first.
    for (const entry of [...changes.records].reverse()) if (this.#leaves(entry)) this.#drop(entry.threadId)
    const last = new Map<string, Body>()
    for (const entry of [...changes.records].reverse()) {
      if (entry.recordType.endsWith('Hint')) last.set(entry.threadId, entry)
    }
    this.#take(
      changes.records.filter((entry: Body) => !last.has(entry.threadId) || !this.#leaves(last.get(entry.threadId))),
    )
  }

  /** Messages and notes, without the history. */
  known(): Body[] {
    return sorted([...this.#entries.values()])
  }

  async listed(): Promise<Body[]> {
    if (this.#scope !== 'Accessible') {
      const full = await this.#full()
      return sorted(full.records.filter((entry: Body) => !entry.recordType.endsWith('Hint')).map(withoutType))
    }
    const messages = '/message-threads/messages?creationTimeFrom=2020-01-01&perPage=1000'
    const lists = [await get(this.#house, this.#user, messages)]
    lists.push(await get(this.#house, this.#user, '/message-threads/notes?perPage=1000'))
    return sorted(lists.flatMap(list => list.records))
  }

  #full(): Promise<Body> {
    return get(this.#house, this.#user, `/message-threads/entries/sync?scope=${this.#scope}`)
  }

  #take(records: Body[]): void {
    for (const entry of records) {
      if (entry.recordType.startsWith('Alive')) this.#entries.set(entry.id, withoutType(entry))
      if (entry.recordType.startsWith('Deleted')) this.#entries.delete(entry.id)
    }
  }

  #drop(threadId: string): void {
    for (const [id, entry] of this.#entries) if (entry.threadId === threadId) this.#entries.delete(id)
  }

  #leaves(hint: Body): boolean {
    switch (hint.recordType) {
      case 'ThreadResolvedHint':
      case 'ThreadDeletedHint':
        return this.#scope !== 'Accessible'
      case 'ThreadAssignedHint': {
        const assignee: string | undefined = hint.assignee?.extensionId
        if (this.#scope === 'Accessible') return false
        if (assignee === undefined) return this.#scope === 'AssignedToMe'
        return assignee !== this.#me || this.#scope === 'Unassigned'
      }
      default:
        return false
    }
  }
}

/** Lists do not say what kind of entry a record is. */
function withoutType({ recordType: _, ...entry }: Body): Body {
  return entry
}

function sorted(records: Body[]): Body[] {
  return [...records].sort((a, b) => (a.id < b.id ? -1 : 1))
}

function isSame(a: Body, b: Body): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
