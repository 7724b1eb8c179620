import type { Core } from './core.ts'
import { inboundCall, type KeptText } from './inbound-call.ts'
import { openQueueThread } from './inbox/open-queue-thread.ts'
import { appendMessage, type Speaking } from './threads/append-message.ts'
import { BY_PHONE } from './threads/thread-events.ts'

export type { KeptText } from './inbound-call.ts'

/** Where an inbound text goes: the first of these rules that fits. A text that none fits rests in the log. */
export function routeText(core: Core, speaking: Speaking, kept: KeptText): void {
  const { step, book } = speaking
  const { sms, route, media } = kept

  const pair = { person: sms.person, number: route.number }
  const opens = route.owner && !sms.others ? route.owner : null
  const holder = book.holderOf(pair) ?? (opens && openQueueThread(book, opens, pair, null, BY_PHONE))
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

  if (route.smsUrl) step.addCall(inboundCall(core, step, kept))
}
