import { newId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { cleanText } from '../../domain/text.ts'
import { insertNote, loadNotes, type Note, updateNote } from '../../store/notes.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { ThreadBook } from '../threads/thread-book.ts'
import { byHandler, loadHandledQueues, loadOpenHandled, mustBeOpen } from './handled-thread.ts'

/** Notes on an open thread; any handler of its queue may. Refuses `not_found`, `not_handler`, `thread_closed`. */
export async function createNote(
  core: Core,
  accountId: string,
  { threadId, text, by }: { threadId: string; text: string; by: string },
): Promise<string> {
  return act(core, accountId, async step => {
    const { queue, live } = await loadOpenHandled(step, threadId, by)
    const version = step.tick()
    const note: Note = {
      id: newId(step.now.getTime()),
      threadId,
      queueId: queue.id,
      authorId: by,
      text: cleanText(text),
      createdAt: step.now,
      updatedAt: step.now,
      deletedAt: null,
      version,
      born: version,
    }
    step.changes.add(insertNote, note)
    step.tell({ kind: 'note_changed', thread: live.thread, cause: byHandler(by) })
    return note.id
  })
}

/** Rewrites a note of one's own on an open thread. Refuses `not_found`, `not_handler`, `not_author`, `thread_closed`. */
export async function editNote(
  core: Core,
  accountId: string,
  { noteId, text, by }: { noteId: string; text: string; by: string },
): Promise<void> {
  await act(core, accountId, async step => {
    const { notes, book } = await loadOwnNotes(step, [noteId], by)
    const [note] = notes
    if (!note || note.deletedAt) throw unknownNote(noteId)
    note.text = cleanText(text)
    change(step, book, note)
  })
}

/** Deletes notes of one's own on open threads: all or none. What is deleted stays so. Refusals as for `editNote`. */
export async function deleteNotes(
  core: Core,
  accountId: string,
  { ids, by }: { ids: string[]; by: string },
): Promise<void> {
  await act(core, accountId, async step => {
    const { notes, book } = await loadOwnNotes(step, ids, by)
    for (const note of notes) {
      if (note.deletedAt) continue
      note.deletedAt = step.now
      change(step, book, note)
    }
  })
}

async function loadOwnNotes(step: Act, ids: string[], by: string): Promise<{ notes: Note[]; book: ThreadBook }> {
  const notes = await step.load<Note>(loadNotes, [step.accountId, JSON.stringify(ids)])
  const unknown = ids.find(id => !notes.some(note => note.id === id))
  if (unknown !== undefined) throw unknownNote(unknown)
  await loadHandledQueues(
    step,
    notes.map(note => note.queueId),
    by,
  )
  if (notes.some(note => note.authorId !== by)) {
    throw new Refusal('not_author', 'Only its author may change a note.', { parameter: 'noteId' })
  }
  const book = await ThreadBook.load(step, { ids: [...new Set(notes.map(note => note.threadId))] })
  for (const note of notes) {
    const live = book.find(note.threadId)
    if (live) mustBeOpen(live)
  }
  return { notes, book }
}

function change(step: Act, book: ThreadBook, note: Note): void {
  note.updatedAt = new Date(Math.max(step.now.getTime(), note.updatedAt.getTime() + 1))
  note.version = step.tick()
  step.changes.add(updateNote, note)
  const live = book.find(note.threadId)
  if (live) step.tell({ kind: 'note_changed', thread: live.thread, cause: byHandler(note.authorId) })
}

function unknownNote(id: string): Refusal {
  return new Refusal('not_found', `There is no note ${id}.`, { parameter: 'noteId', value: id })
}
