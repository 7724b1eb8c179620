import type { Core } from './core.ts'
import { inboundCall, type KeptText } from './inbound-call.ts'
import { openQueueThread } from './inbox/open-queue-thread.ts'
import type { PoolReplies } from './pools/pool-replies.ts'
import { isPoolThread } from './pools/pool-thread.ts'
import { appOf, takeReply } from './pools/take-reply.ts'
import { appendMessage, type Speaking } from './threads/append-message.ts'
import { BY_PHONE } from './threads/thread-events.ts'

export type { KeptText } from './inbound-call.ts'

/** Where an inbound text goes: the first of these rules that fits. A text that none fits rests in the log. */
export function routeText(core: Core, speaking: Speaking, kept: KeptText, replies: PoolReplies): void {
  const { step, book } = speaking
  const { sms, route, media } = kept

  const pair = { person: sms.person, number: route.number }
  const held = book.holderOf(pair)
  const late = held ? undefined : replies.lateThread(pair)
  if (late) {
    takeReply(core, speaking, kept, { live: late, participantId: null, replies })
    return
  }
  if (held && isPoolThread(held.live.thread)) {
    takeReply(core, speaking, kept, { live: held.live, participantId: held.participant.id, replies })
    return
  }
  const opens = route.owner && !sms.others ? route.owner : null
  const holder = held ?? (opens && openQueueThread(book, opens, pair, null, BY_PHONE))
  if (holder) {
    const { live, participant } = holder
    const message = appendMessage(
      speaking,
      live,
      {
        origin: 'sms',
        author: sms.person,
        participantId: participant.id,
        body: sms.body,
        media: media.length > 0 ? media : null,
        smsId: sms.id,
      },
      BY_PHONE,
    )
    sms.threadId = live.thread.id
    sms.messageId = message.id
    return
  }

  const app = appOf(route, replies.pool(route.poolId))
  if (app.smsUrl) step.addCall(inboundCall(core, step, { ...kept, route: app }))
}
