import type { Call } from '../../domain/call.ts'
import { sid } from '../../domain/ids.ts'
import { spellPoolMessage } from '../../domain/pool-message.ts'
import type { Message } from '../../store/messages.ts'
import type { NumberRoute } from '../../store/numbers.ts'
import type { PoolRoute } from '../../store/pools.ts'
import { newCall } from '../calls/new-call.ts'
import type { Core } from '../core.ts'
import { inboundCall, type KeptText } from '../inbound/inbound-call.ts'
import { appendMessage, type Speaking } from '../threads/append-message.ts'
import type { LiveThread } from '../threads/thread-book.ts'
import { BY_PHONE } from '../threads/thread-events.ts'
import type { PoolReplies } from './pool-replies.ts'
import { poolThreadSettings } from './pool-thread.ts'

/**
 * Takes a text that answers in a thread of a pool: into the thread, naming our last message, and to the thread's room,
 * its reply URL and the number's app. A thread that closes on reply closes; one that is closed takes it as late.
 */
export function takeReply(
  core: Core,
  speaking: Speaking,
  kept: KeptText,
  { live, participantId, replies }: { live: LiveThread; participantId: string | null; replies: PoolReplies },
): void {
  const { step, book } = speaking
  const { sms, media, granted } = kept
  const { thread } = live
  const isLate = thread.state === 'closed'
  const message = appendMessage(
    speaking,
    live,
    {
      origin: 'sms',
      author: sms.person,
      participantId,
      body: sms.body,
      media: media.length > 0 ? media : null,
      smsId: sms.id,
      replyToId: replies.questionOf(thread.id)?.messageId ?? null,
      ...(isLate && { isLate }),
      ...(granted?.event === 'onMessageAdd' && granted.changes),
    },
    BY_PHONE,
  )
  sms.threadId = thread.id
  sms.messageId = message.id

  const { replyUrl, closesOnReply } = poolThreadSettings(thread)
  sayInRoom(speaking, kept, { live, message, replies })
  if (replyUrl && !kept.route.isSuspended) step.addCall(replyCall(speaking, kept, { live, message, url: replyUrl }))
  const route = appOf(kept.route, replies.pool(kept.route.poolId))
  if (route.smsUrl) step.addCall(callWithThread(core, speaking, { ...kept, route }, { live, replies }))
  if (closesOnReply && !isLate) {
    book.close(live, 'reply', BY_PHONE)
    replies.closed({ person: sms.person, number: kept.route.number }, live)
  }
}

/**
 * Whose app is told of a text: the pool's, unless it leaves it to its numbers. A pool that has none and did not say tells
 * the number's; one that said it leaves nothing to its numbers tells nobody. Source: Twilio, UseInboundWebhookOnNumber.
 */
export function appOf(route: NumberRoute, pool: PoolRoute | undefined): NumberRoute {
  const settings = pool?.settings
  if (route.isSuspended || !settings || settings.useInboundWebhookOnNumber) return route
  if (!settings.inboundRequestUrl)
    return settings.useInboundWebhookOnNumber === false ? { ...route, smsUrl: '' } : route
  return {
    ...route,
    smsUrl: settings.inboundRequestUrl,
    smsMethod: settings.inboundMethod ?? 'POST',
    smsFallbackUrl: settings.fallbackUrl ?? '',
    smsFallbackMethod: settings.fallbackMethod ?? 'POST',
  }
}

/** Into the conversation that the room names, in the phone's name, with the question it answers. */
function sayInRoom(
  speaking: Speaking,
  { sms, media }: KeptText,
  { live, message, replies }: { live: LiveThread; message: Message; replies: PoolReplies },
): void {
  const room = replies.roomOf(live)
  if (!room || room === live || room.thread.state === 'closed') return
  const question = replies.questionOf(live.thread.id)
  const attributes = JSON.stringify({
    question: {
      conversationSid: sid('CH', live.thread.id),
      messageSid: question ? sid('IM', question.messageId) : null,
      body: question?.body ?? null,
    },
    late: message.isLate,
  })
  appendMessage(
    speaking,
    room,
    {
      origin: 'sms',
      author: sms.person,
      // Who takes part in the conversation by another number is not sent their own words.
      participantId: room.participants.find(({ person }) => person === sms.person)?.id ?? null,
      body: sms.body,
      media: media.length > 0 ? media : null,
      attributes,
    },
    BY_PHONE,
  )
}

/** Tells the reply URL. Calls of one thread are made in order. */
function replyCall(
  { step }: Speaking,
  { sms, route }: KeptText,
  { live, message, url }: { live: LiveThread; message: Message; url: string },
): Call {
  const { thread } = live
  return newCall(step, {
    kind: 'reply',
    lane: route.number,
    orderKey: thread.id,
    smsId: sms.id,
    threadId: thread.id,
    number: route.number,
    person: sms.person,
    url,
    json: {
      ...spellPoolMessage(message),
      threadId: thread.id,
      threadSid: sid('CH', thread.id),
      room: thread.room,
      person: sms.person,
      number: route.number,
    },
  })
}

/** The app's call, with the thread that the text belongs to and our text that it answers. Source: Twilio, Replies. */
function callWithThread(
  core: Core,
  { step }: Speaking,
  kept: KeptText,
  { live, replies }: { live: LiveThread; replies: PoolReplies },
): Call {
  const call = inboundCall(core, step, kept)
  const { thread } = live
  const question = replies.questionOf(thread.id)
  const more: [string, string][] = [['ThreadSid', sid('CH', thread.id)]]
  if (thread.room !== null) more.push(['Room', thread.room])
  if (question?.smsId && question.number) {
    more.push(['OriginalRepliedMessageSid', sid('SM', question.smsId)])
    more.push(['OriginalRepliedMessageSender', question.number])
  }
  return { ...call, parameters: [...call.parameters, ...more] }
}
