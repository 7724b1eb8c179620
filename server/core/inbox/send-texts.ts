import type { Sms } from '../../domain/sms.ts'
import { cleanText } from '../../domain/text.ts'
import type { NumberRoute } from '../../store/numbers.ts'
import type { Participant } from '../../store/participants.ts'
import { type Scope, scopeOf } from '../opt-outs/opt-outs.ts'
import { isPoolThread } from '../pools/pool-thread.ts'
import { queueTexts, type TextDraft } from '../sending/queue-texts.ts'
import type { Pair } from '../sessions/sessions.ts'
import { appendMessage, type MessageDraft } from '../threads/append-message.ts'
import type { Speaking } from '../threads/speaking.ts'
import type { LiveThread } from '../threads/thread-book.ts'
import { BY_PROGRAM } from '../threads/thread-events.ts'
import { openQueueThread } from './open-queue-thread.ts'

/**
 * Queues texts that programs send, in the order given. One whose pair a thread of a queue or of a pool holds is said in
 * that thread; one that leaves from a queue's number opens a thread where there is none. Pairs were looked up in the
 * book, and the book is to be stored afterwards.
 */
export function sendTexts(speaking: Speaking, drafts: TextDraft[]): Sms[] {
  return drafts.flatMap(draft => {
    const thread = draft.thread ?? sayInThread(speaking, draft)
    return queueTexts(speaking.step, speaking.sessions, [thread ? { ...draft, thread } : draft])
  })
}

/** Says a text in the thread that it belongs to, which is opened if need be; null when it belongs to none. */
export function sayInThread(speaking: Speaking, text: OwnedText): NonNullable<TextDraft['thread']> | null {
  const place = placeOf(speaking, text)
  return place && sayIn(speaking, place, text)
}

/**
 * Says in a queue's thread what the house tells its person by a text of its own, so that the queue's handlers see it; null
 * where no queue's thread holds the pair.
 */
export function sayNotice(speaking: Speaking, text: OwnedText): NonNullable<TextDraft['thread']> | null {
  const holder = speaking.book.holderOf({ person: text.person, number: text.route.number })
  return holder?.live.thread.queueId ? sayIn(speaking, holder, text, { isNotice: true }) : null
}

/** A text that itself reaches its person. */
type OwnedText = Pick<TextDraft, 'route' | 'person' | 'body'>

interface Place {
  live: LiveThread
  participant: Participant
}

function placeOf({ book }: Speaking, { route, person }: OwnedText): Place | null {
  const pair = { person, number: route.number }
  const holder = book.holderOf(pair)
  if (holder) return holder.live.thread.queueId || isPoolThread(holder.live.thread) ? holder : null
  return route.owner ? openQueueThread(book, route.owner, pair, null, BY_PROGRAM) : null
}

function sayIn(
  speaking: Speaking,
  { live, participant }: Place,
  { route, body }: OwnedText,
  more: Pick<MessageDraft, 'isNotice'> = {},
) {
  const message = appendMessage(
    speaking,
    live,
    {
      origin: 'api',
      author: route.number,
      participantId: null,
      body: cleanText(body) || null,
      reachedId: participant.id,
      ...more,
    },
    BY_PROGRAM,
  )
  return { threadId: live.thread.id, messageId: message.id, participantId: participant.id }
}

/** The pairs whose texts may belong to a thread of a queue or a pool: all others need not be looked up. */
export function ownedPairs(pairs: Pair[], routes: ReadonlyMap<string, NumberRoute>): Pair[] {
  return pairs.filter(({ number }) => {
    const route = routes.get(number)
    return route?.owner || route?.poolId
  })
}

/** Whom texts of the pairs would reach, as opt-outs know them. */
export function scopesOf(pairs: Pair[], routes: ReadonlyMap<string, NumberRoute>): Scope[] {
  return pairs.flatMap(({ person, number }) => {
    const route = routes.get(number)
    return route ? [{ scope: scopeOf(route), person }] : []
  })
}
