import { newId } from '../../domain/ids.ts'
import type { InboundMedia } from '../../domain/inbound-text.ts'
import { Refusal } from '../../domain/refusal.ts'
import { cleanText } from '../../domain/text.ts'
import type { NumberRoute } from '../../store/numbers.ts'
import type { User } from '../../store/users.ts'
import { loadUsers } from '../../store/users.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { addMessageMedia } from '../media/media.ts'
import type { Act } from '../step.ts'
import { appendMessage } from '../threads/append-message.ts'
import { loadSpeaking, type Speaking } from '../threads/speaking.ts'
import { type LiveThread, ThreadBook } from '../threads/thread-book.ts'
import { setAssignee } from './assign-thread.ts'
import { byHandler, loadHandledQueues } from './handled-thread.ts'
import { openQueueThread } from './open-queue-thread.ts'
import { noteRead } from './readings.ts'
import { scopesOf } from './send-texts.ts'

export interface HandlerText {
  /** The handler who speaks. */
  by: string
  number: string
  /** Each is told in a thread of their own. */
  persons: string[]
  text: string
  files: InboundMedia[]
  /** The thread that is meant, when the sender names one; then there is one person. */
  threadId: string | null
  /** Whether he becomes the assignee of a thread that has none, whatever its queue is set to. */
  claims?: boolean
}

/**
 * Sends a text of a handler from his queue's number. It is appended to the pair's open thread, which must be assigned to
 * him, or opens one that is; one without an assignee he may claim by answering, where its queue lets him. Gives the
 * decimal ids of the messages, one a person; all are sent or none.
 * Refuses `number_not_handled`, `not_assigned`, `pair_taken`, and for a thread that is named `not_found` and
 * `address_invalid` (it is not open, or not the pair's). Source: RingCentral, message threads, "Assign a message thread".
 */
export async function sendFromQueue(core: Core, accountId: string, sent: HandlerText): Promise<number[]> {
  return act(core, accountId, async step => {
    const route = (await step.numberRoutes([sent.number])).get(sent.number)
    if (!route?.owner) throw notHandled(sent.number)
    await mustHandle(step, sent)
    const pairs = sent.persons.map(person => ({ person, number: route.number }))
    const book = await ThreadBook.load(step, { pairs, ids: sent.threadId ? [sent.threadId] : [] })
    if (sent.threadId) mustBeOfPair(book, sent, sent.threadId)
    const [author] = await step.load<User>(loadUsers, [accountId, JSON.stringify([sent.by])])
    const identity = author?.identity ?? sent.by
    const authors = book.all().map(({ thread }) => ({ threadId: thread.id, author: identity }))
    const speaking = await loadSpeaking(step, book, {
      pairs,
      authors,
      scopes: scopesOf(pairs, new Map([[route.number, route]])),
    })
    const ids = sent.persons.map(person => sayTo(speaking, route, sent, person, identity))
    book.store()
    speaking.sessions.store(step)
    return ids
  })
}

function sayTo(speaking: Speaking, route: NumberRoute, sent: HandlerText, person: string, author: string): number {
  const { step, book } = speaking
  const cause = byHandler(sent.by)
  const pair = { person, number: route.number }
  const held = book.holderOf(pair)
  if (held) claimOrRefuse(speaking, held.live, route, sent)
  const { live } = held ?? openQueueThread(book, route.owner!, pair, sent.by, cause)
  const id = newId(step.now.getTime())
  const media = sent.files.length > 0 ? addMessageMedia(step, id, sent.files) : null
  const body = cleanText(sent.text)
  const message = appendMessage(
    speaking,
    live,
    { id, origin: 'chat', author, participantId: null, userId: sent.by, body, media },
    cause,
  )
  if (route.owner?.countsUnread) {
    noteRead(step, { threadId: live.thread.id, userId: sent.by, readIndex: message.index })
  }
  return message.born
}

async function mustHandle(step: Act, sent: HandlerText): Promise<void> {
  const route = (await step.numberRoutes([sent.number])).get(sent.number)
  try {
    await loadHandledQueues(step, route?.owner ? [route.owner.id] : [], sent.by)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not_handler') throw notHandled(sent.number)
    throw error
  }
}

function notHandled(number: string): Refusal {
  return new Refusal('number_not_handled', `You may not text from ${number}.`, { parameter: 'from', value: number })
}

/** The thread named must be there, open, and the pair's. */
function mustBeOfPair(book: ThreadBook, { number, persons }: HandlerText, threadId: string): void {
  const live = book.find(threadId)
  if (!live?.thread.queueId) {
    throw new Refusal('not_found', `There is no thread ${threadId}.`, { parameter: 'threadId', value: threadId })
  }
  const { thread } = live
  const isOpen = thread.state !== 'closed' && !thread.deletedAt
  if (!isOpen || thread.number !== number || persons.length !== 1 || thread.person !== persons[0]) {
    throw new Refusal('address_invalid', 'The thread is not an open one of that pair of numbers.', {
      parameter: 'threadId',
      value: threadId,
    })
  }
}

/** Who answers must be the assignee, or become it now. */
function claimOrRefuse(
  { step, book }: Speaking,
  live: LiveThread,
  route: NumberRoute,
  { by, claims }: HandlerText,
): void {
  const { thread } = live
  if (thread.queueId !== route.owner?.id) {
    throw new Refusal('pair_taken', 'Another conversation holds this pair of numbers.', { threadId: thread.id })
  }
  if (thread.assigneeId === by) return
  if (thread.assigneeId !== null || !(claims || route.owner?.claimsOnReply)) {
    throw new Refusal('not_assigned', 'The thread is not assigned to you.', { threadId: thread.id, userId: by })
  }
  setAssignee(step, book, live, by, byHandler(by))
}
