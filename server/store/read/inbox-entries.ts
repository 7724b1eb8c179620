import { groupBy } from '../../kit/group-by.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { type InboxHint, listChangedHints, listHintsOfThreads } from './inbox-hints.ts'
import { type InboxMessage, listChangedMessages, listMessagesOfThreads } from './inbox-messages.ts'
import { type InboxNote, listChangedNotes, listNotesOfThreads } from './inbox-notes.ts'
import type { Values } from './inbox-parts.ts'
import {
  type EntriesAsked,
  type EntryScope,
  listScopeThreads,
  loadScopeThreads,
  type ScopeThread,
} from './inbox-scopes.ts'

export interface Entries {
  messages: InboxMessage[]
  notes: InboxNote[]
  hints: InboxHint[]
}

/** Everything there is in the scope: messages, notes and history of its threads, which are open unless named. */
export async function readAllEntries(db: Queryable, asked: EntriesAsked): Promise<Entries> {
  const threads = await listScopeThreads(db, asked)
  return wholeThreads(db, asked.accountId, threads)
}

/**
 * What changed in the scope after a version. The scope is judged now: a thread that came into it since is given whole,
 * of one that left it only the history tells, and of one that was deleted all messages and notes are given as deleted.
 */
export async function readChangedEntries(db: Queryable, asked: EntriesAsked, since: number): Promise<Entries> {
  const { accountId, queueIds, scope } = asked
  const hints = await listChangedHints(db, accountId, queueIds, since)
  const stories = groupBy(hints, hint => hint.threadId)
  const touched = await loadScopeThreads(db, accountId, [...stories.keys()])
  const mine = new Set<string>()
  const entered: string[] = []
  const deleted: string[] = []
  for (const thread of touched) {
    const story = stories.get(thread.id) ?? []
    const isIn = isInScope(asked, thread)
    if (isIn || wasInScope(asked, thread, story)) mine.add(thread.id)
    if (isIn && scope.kind === 'assigned' && story.some(movesIntoScope)) entered.push(thread.id)
    if (isIn && thread.isDeleted) deleted.push(thread.id)
  }
  const changed = await changedRows(db, asked, since)
  const more = await wholeThreads(db, accountId, entered)
  const gone = await wholeThreads(db, accountId, deleted)
  return {
    messages: unique([...changed.messages, ...more.messages, ...gone.messages], message => String(message.born)),
    notes: unique([...changed.notes, ...more.notes, ...gone.notes], note => note.id),
    hints: unique([...hints.filter(hint => mine.has(hint.threadId)), ...more.hints], hint => hint.id),
  }
}

async function wholeThreads(db: Queryable, accountId: string, threadIds: string[]): Promise<Entries> {
  if (threadIds.length === 0) return { messages: [], notes: [], hints: [] }
  const [messages, notes, hints] = await Promise.all([
    listMessagesOfThreads(db, accountId, threadIds),
    listNotesOfThreads(db, accountId, threadIds),
    listHintsOfThreads(db, accountId, threadIds),
  ])
  return { messages, notes, hints }
}

async function changedRows(
  db: Queryable,
  { accountId, queueIds, scope, userId }: EntriesAsked,
  since: number,
): Promise<Pick<Entries, 'messages' | 'notes'>> {
  const threads = (values: Values) => scopeCondition(scope, userId, values)
  const [messages, notes] = await Promise.all([
    listChangedMessages(db, accountId, queueIds, since, threads),
    listChangedNotes(db, accountId, queueIds, since, threads),
  ])
  return { messages, notes }
}

/** The scope as a condition on the thread `t`. */
function scopeCondition(scope: EntryScope, userId: string, values: Values): string {
  switch (scope.kind) {
    case 'accessible':
      return 'true'
    case 'explicit':
      return `t.id = any(${values.add(scope.threadIds)}::uuid[])`
    case 'assigned': {
      const parts: string[] = []
      if (scope.toMe) parts.push(`t.assignee_id = ${values.add(userId)}`)
      if (scope.toNobody) parts.push('t.assignee_id is null')
      return `t.state <> 'closed' and t.deleted_at is null and (${parts.join(' or ')})`
    }
    default:
      return scope satisfies never
  }
}

function isInScope({ scope, userId }: EntriesAsked, thread: ScopeThread): boolean {
  switch (scope.kind) {
    case 'accessible':
      return true
    case 'explicit':
      return scope.threadIds.includes(thread.id)
    case 'assigned':
      return thread.isOpen && !thread.isDeleted && fits(scope, userId, thread.assigneeId)
    default:
      return scope satisfies never
  }
}

/** Whether the thread was in the scope before the first line of its story. */
function wasInScope({ scope, userId }: EntriesAsked, thread: ScopeThread, story: InboxHint[]): boolean {
  const first = story[0]
  if (scope.kind !== 'assigned' || !first || first.kind === 'created') return false
  // A resolved thread was in no such scope, and deleting it tells nothing new.
  if (first.kind === 'deleted' && !thread.isOpen) return false
  return fits(scope, userId, first.previousId)
}

function movesIntoScope({ kind }: InboxHint): boolean {
  return kind === 'created' || kind === 'assigned'
}

function fits(scope: { toMe: boolean; toNobody: boolean }, userId: string, assigneeId: string | null): boolean {
  return (scope.toMe && assigneeId === userId) || (scope.toNobody && assigneeId === null)
}

function unique<Row>(rows: Row[], keyOf: (row: Row) => string): Row[] {
  return [...new Map(rows.map(row => [keyOf(row), row])).values()]
}
