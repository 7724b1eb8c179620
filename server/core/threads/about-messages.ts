import { sid } from '../../domain/ids.ts'
import type { Thread } from '../../domain/thread.ts'
import { formatIsoMilliseconds } from '../../domain/wire-time.ts'
import { loadSaidMedia, type SaidMedia } from '../../store/message-media.ts'
import type { Message } from '../../store/messages.ts'
import type { Act } from '../step.ts'
import type { Asking } from './ask-first.ts'
import { loadMessage, type MessageChange, type MessageRef } from './change-message.ts'
import { findOpenThread } from './find-thread.ts'
import { type HookParameters, mediaText, placeOf, present } from './hook-parameters.ts'
import type { Saying } from './send-messages.ts'
import { NOBODY } from './sender-labels.ts'
import { ThreadBook } from './thread-book.ts'

/** What hooks are asked about messages. Source: Twilio Conversations, "Webhooks reference". */

/** May this be said? */
export function aboutSaying(saying: Saying): Asking {
  return async (step, cause) => {
    const { threadId, serviceId, author = NOBODY, origin } = saying
    const book = await ThreadBook.load(step, { ids: [threadId] })
    await book.lookUpIdentities([{ threadId, identity: author }])
    const { thread, participants } = findOpenThread(book, saying)
    const speaker =
      participants.find(each => each.identity === author) ?? participants.find(each => each.person === author)
    return {
      event: 'onMessageAdd',
      serviceId,
      threadId,
      source: cause.source,
      told: present([
        ...placeOf(step.accountId, thread),
        ['ParticipantSid', speaker && sid('MB', speaker.id)],
        ['Media', mediaText(await filesOf(step, saying.mediaIds))],
        ['ClientIdentity', origin === 'chat' ? author : null],
      ]),
      draft: { body: saying.body ?? '', author, attributes: saying.attributes ?? '{}' },
    }
  }
}

/** May this be changed of the message? */
export function aboutMessageChange(change: MessageChange): Asking {
  return async (step, cause) => {
    const { book, message } = await loadMessage(step, change)
    const { body = message.body ?? '', author = message.author, attributes = message.attributes } = change
    return {
      event: 'onMessageUpdate',
      serviceId: change.serviceId,
      threadId: change.threadId,
      source: cause.source,
      told: messageFacts(step, findOpenThread(book, change).thread, message),
      draft: { body, author, attributes },
    }
  }
}

/** May the message be taken away? */
export function aboutMessageRemoval(ref: MessageRef): Asking {
  return async (step, cause) => {
    const { book, message } = await loadMessage(step, ref)
    return {
      event: 'onMessageRemove',
      serviceId: ref.serviceId,
      threadId: ref.threadId,
      source: cause.source,
      told: present([
        ...messageFacts(step, findOpenThread(book, ref).thread, message),
        ['Body', message.body],
        ['Author', message.author],
        ['Attributes', message.attributes],
      ]),
      draft: {},
    }
  }
}

function messageFacts({ accountId }: Act, thread: Thread, message: Message): HookParameters {
  return present([
    ...placeOf(accountId, thread),
    ['MessageSid', sid('IM', message.id)],
    ['Index', String(message.index)],
    ['DateCreated', formatIsoMilliseconds(message.createdAt)],
    ['DateUpdated', formatIsoMilliseconds(message.updatedAt)],
    ['ParticipantSid', message.participantId && sid('MB', message.participantId)],
    ['Media', mediaText(message.media)],
  ])
}

async function filesOf(step: Act, ids: string[]): Promise<SaidMedia[]> {
  if (ids.length === 0) return []
  return step.load<SaidMedia>(loadSaidMedia, [step.accountId, JSON.stringify(ids)])
}
