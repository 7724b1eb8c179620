import { ACCOUNT_LANE } from '../../domain/lane.ts'
import { deleteDuty } from '../../store/duties.ts'
import { bumpNote } from '../../store/notes.ts'
import { bumpMessage } from '../../store/queue-messages.ts'
import { deleteHandler } from '../../store/queues.ts'
import {
  type BornRow,
  deleteUserChange,
  insertUserChange,
  loadAssignedThreads,
  loadQueuesOfHandler,
  loadSaidMessages,
  loadUserChange,
  loadWrittenNotes,
  type UserChange,
  updateUserChange,
} from '../../store/user-changes.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { ThreadBook } from '../threads/thread-book.ts'
import { BY_PROGRAM } from '../threads/thread-events.ts'
import { setAssignee } from './assign-thread.ts'

/** Rows of each kind that one act changes: a thread that loses its assignee also writes a line of history. */
const MAX_ROWS_OF_A_KIND = 250

/** Notes that a user has another name: threads and entries that show it change soon after, in batches. */
export function noteRenamed(step: Act, userId: string): void {
  note(step, userId, 'renamed')
}

/** Notes that a user is gone: handles nothing any more from now on, and soon after has no thread. */
export async function noteGone(step: Act, userId: string): Promise<void> {
  const rows = await step.load<{ queueId: string }>(loadQueuesOfHandler, [step.accountId, userId])
  for (const { queueId } of rows) step.changes.add(deleteHandler, { queueId, userId })
  step.changes.add(deleteDuty, { userId })
  note(step, userId, 'gone')
}

/** Notes that a user handles a queue no more: soon after has none of its threads. */
export function noteLeft(step: Act, userId: string, queueId: string): void {
  step.changes.add(deleteHandler, { queueId, userId })
  note(step, userId, 'left', queueId)
}

function note(step: Act, userId: string, kind: UserChange['kind'], queueId: string | null = null): void {
  step.changes.add(insertUserChange, { born: step.tick(), userId, kind, queueId, toldBorn: 0 })
  step.due(ACCOUNT_LANE, step.now)
}

/**
 * Tells handlers of users who were renamed, are gone or left a queue, as far as one act goes: what shows the name gets a
 * new version, by which clients that sync hear of it; threads of one who is gone have no assignee. History is not told
 * again. True when there may be more.
 */
export async function tellUserChanges(core: Core, accountId: string): Promise<boolean> {
  return act(core, accountId, async step => {
    const [change] = await step.load<UserChange>(loadUserChange, [accountId])
    if (!change) return false
    const threads = await loadRows(step, change, loadAssignedThreads, [change.queueId])
    const isRenamed = change.kind === 'renamed'
    const messages = isRenamed ? await loadRows(step, change, loadSaidMessages) : []
    const notes = isRenamed ? await loadRows(step, change, loadWrittenNotes) : []
    const toldBorn = Math.min(...[threads, messages, notes].map(lastBorn))
    const isDue = (row: BornRow) => row.born <= toldBorn
    await changeThreads(step, change, threads.filter(isDue))
    for (const { id } of messages.filter(isDue)) step.changes.add(bumpMessage, { id, version: step.tick() })
    for (const { id } of notes.filter(isDue)) step.changes.add(bumpNote, { id, version: step.tick() })
    if (toldBorn === Number.POSITIVE_INFINITY) step.changes.add(deleteUserChange, { born: change.born })
    else step.changes.add(updateUserChange, { ...change, toldBorn })
    return true
  })
}

function loadRows(step: Act, { userId, toldBorn }: UserChange, sql: string, more: unknown[] = []): Promise<BornRow[]> {
  return step.load<BornRow>(sql, [step.accountId, userId, toldBorn, MAX_ROWS_OF_A_KIND, ...more])
}

/** Up to where the rows were read: to the end when there are fewer than were asked for. */
function lastBorn(rows: BornRow[]): number {
  return rows.length < MAX_ROWS_OF_A_KIND ? Number.POSITIVE_INFINITY : (rows.at(-1)?.born ?? 0)
}

async function changeThreads(step: Act, { kind }: UserChange, rows: BornRow[]): Promise<void> {
  if (rows.length === 0) return
  const book = await ThreadBook.load(step, { ids: rows.map(row => row.id) })
  for (const { id } of rows) {
    const live = book.find(id)
    if (!live) continue
    if (kind !== 'renamed') setAssignee(step, book, live, null, BY_PROGRAM)
    else book.touch(live.thread)
  }
  book.store()
}
