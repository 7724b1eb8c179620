import { laterBy } from '../../domain/calendar.ts'
import { Refusal } from '../../domain/refusal.ts'
import { loadMessages, type Message, updateMessage } from '../../store/messages.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { findOpenThread, type ThreadRef } from './find-thread.ts'
import { relabel } from './relabel.ts'
import { ThreadBook } from './thread-book.ts'
import type { Cause } from './thread-events.ts'

export interface MessageRef extends ThreadRef {
  messageId: string
}

/** What is to be changed of a message; what is left out stays. */
export interface MessageChange extends MessageRef {
  body?: string
  author?: string
  attributes?: string
  /** Added to what the message has. */
  settings?: Record<string, unknown>
  createdAt?: Date
  updatedAt?: Date
  cause: Cause
}

/** Changes a message; phones that have it are not told. Refuses `not_found` and `thread_closed`. */
export async function changeMessage(core: Core, accountId: string, change: MessageChange): Promise<Message> {
  return act(core, accountId, async step => {
    const { book, message } = await loadMessage(step, change)
    const { cause, threadId, serviceId: _, messageId: __, settings, updatedAt, ...fields } = change
    Object.assign(message, fields, settings && { settings: { ...message.settings, ...settings } })
    touch(step, message)
    if (updatedAt) message.updatedAt = updatedAt
    step.changes.add(updateMessage, message)
    step.tell({ kind: 'message_updated', thread: book.find(threadId)!.thread, message, cause })
    if (fields.body !== undefined) await relabel(step, book, [message])
    book.store()
    return message
  })
}

/** Takes a message off the thread; phones keep what they have. Refuses `not_found` and `thread_closed`. */
export async function removeMessage(core: Core, accountId: string, ref: MessageRef & { cause: Cause }): Promise<void> {
  await act(core, accountId, async step => {
    const { book, message } = await loadMessage(step, ref)
    message.deletedAt = step.now
    touch(step, message)
    step.changes.add(updateMessage, message)
    step.tell({ kind: 'message_deleted', thread: book.find(ref.threadId)!.thread, message, cause: ref.cause })
    await relabel(step, book, [message])
    book.store()
  })
}

/** A message of an open thread. Refuses `not_found` and `thread_closed`. */
export async function loadMessage(step: Act, ref: MessageRef): Promise<{ book: ThreadBook; message: Message }> {
  const book = await ThreadBook.load(step, { ids: [ref.threadId] })
  findOpenThread(book, ref)
  const [message] = await step.load<Message>(loadMessages, [step.accountId, JSON.stringify([ref.messageId])])
  if (!message || message.deletedAt || message.threadId !== ref.threadId) {
    throw new Refusal('not_found', 'There is no such message.', { messageId: ref.messageId })
  }
  return { book, message }
}

function touch(step: Act, message: Message): void {
  message.updatedAt = new Date(Math.max(step.now.getTime(), laterBy(message.updatedAt, 1).getTime()))
  message.version = step.tick()
}
