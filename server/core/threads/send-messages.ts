import { Refusal } from '../../domain/refusal.ts'
import type { Sms } from '../../domain/sms.ts'
import { attachMedia, loadSaidMedia, type SaidMedia } from '../../store/message-media.ts'
import type { Message, MessageMedia } from '../../store/messages.ts'
import type { Participant } from '../../store/participants.ts'
import { act } from '../act.ts'
import { type Attempt, attempt } from '../attempt.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { appendMessage } from './append-message.ts'
import { findOpenThread, type ThreadRef } from './find-thread.ts'
import { NOBODY } from './sender-labels.ts'
import { loadSpeaking } from './speaking.ts'
import { type LiveThread, ThreadBook } from './thread-book.ts'
import type { Cause } from './thread-events.ts'

/** Something to be said in a thread by a program or a chat client. */
export interface Saying extends ThreadRef {
  origin: 'api' | 'chat'
  /** An identity, an address, or any text; `system` unless given. One that takes part is not told again. */
  author?: string
  body: string | null
  /** Files that were uploaded before, in order. */
  mediaIds: string[]
  attributes?: string
  createdAt?: Date
  updatedAt?: Date
  settings?: Record<string, unknown> | null
  cause: Cause
}

/** What was said, with the texts that carry it. */
export interface SaidMessage {
  message: Message
  texts: Sms[]
}

/**
 * Says messages in open threads, in the order given. Refuses `not_found`, `thread_closed`, `media_invalid` (unknown, or
 * said before) and `author_not_member` (a group text speaks as one of its own numbers).
 */
export async function sendMessages(core: Core, accountId: string, sayings: Saying[]): Promise<Attempt<SaidMessage>[]> {
  return act(core, accountId, async step => {
    const book = await ThreadBook.load(step, { ids: [...new Set(sayings.map(each => each.threadId))] })
    const authors = sayings.flatMap(({ threadId, author }) => (author ? [{ threadId, author }] : []))
    await book.lookUpIdentities(authors.map(({ threadId, author }) => ({ threadId, identity: author })))
    const speaking = await loadSpeaking(step, book, { authors })
    const files = await loadFiles(step, sayings)
    const said = sayings.map(saying =>
      attempt(() => {
        const live = findOpenThread(book, saying)
        const speaker = speakerOf(live, saying.author)
        const media = takeFiles(files, saying.mediaIds)
        const { author = NOBODY, cause, threadId: _, serviceId: __, mediaIds: ___, ...rest } = saying
        const draft = { ...rest, author, participantId: speaker?.id ?? null, media: media.length > 0 ? media : null }
        const message = appendMessage(speaking, live, { ...draft, userId: cause.userId }, cause)
        for (const { id } of media) step.changes.add(attachMedia, { id, messageId: message.id })
        return { message, texts: speaking.carried.get(message.id) ?? [] }
      }),
    )
    book.store()
    speaking.sessions.store(step)
    return said
  })
}

/** The participant who speaks: the identity, the person, or one of our numbers in a group text. */
function speakerOf({ participants }: LiveThread, author: string | undefined): Participant | undefined {
  const isGroup = participants.some(each => each.kind === 'projected')
  if (isGroup) {
    const member = participants.find(
      each => each.kind === 'projected' && (each.identity === author || (!each.identity && each.number === author)),
    )
    if (!member) throw new Refusal('author_not_member', 'The author is no member of the group text.')
    return member
  }
  return participants.find(each => each.identity === author) ?? participants.find(each => each.person === author)
}

async function loadFiles(step: Act, sayings: Saying[]): Promise<Map<string, SaidMedia>> {
  const ids = sayings.flatMap(each => each.mediaIds)
  if (ids.length === 0) return new Map()
  const rows = await step.load<SaidMedia>(loadSaidMedia, [step.accountId, JSON.stringify(ids)])
  return new Map(rows.map(row => [row.id, row]))
}

/** The files, all or none: no other message may have said them. */
function takeFiles(files: Map<string, SaidMedia>, ids: string[]): MessageMedia[] {
  const taken = ids.map((id, at) => {
    const file = files.get(id)
    if (!file) throw new Refusal('media_invalid', 'There is no such file.', { problem: 'unknown' })
    if (file.isSaid || ids.indexOf(id) < at) {
      throw new Refusal('media_invalid', 'The file was sent with another message.', { problem: 'said' })
    }
    return file
  })
  for (const file of taken) file.isSaid = true
  return taken.map(({ id, contentType, fileName, size }) => ({ id, contentType, fileName, size }))
}
