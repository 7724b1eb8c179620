import { sid } from '../../domain/ids.ts'
import type { Participant } from '../../store/participants.ts'
import type { KeptText } from '../inbound/inbound-call.ts'
import type { Routing } from '../inbound/route-text.ts'
import { groupKeyOf } from './group-copies.ts'
import { mediaText, messagingServiceSid, placeOf, present } from './hook-parameters.ts'
import type { ThreadDraft } from './new-rows.ts'
import type { Question } from './questions.ts'
import type { Speaking } from './speaking.ts'
import type { LiveThread } from './thread-book.ts'

/**
 * What hooks are asked before a text goes where routing would take it now (see `routeText`): whether it may be said in a
 * thread, or may open one. Null when nobody is asked: a text that opens a queue's thread, a late one, one for an app.
 */
export function aboutText(
  { step, book }: Speaking,
  kept: KeptText,
  { replies, copies, autoCreation }: Routing,
): Question | null {
  const { sms, route } = kept
  if (!sms.others) {
    const pair = { person: sms.person, number: route.number }
    const holder = book.holderOf(pair)
    if (holder) return aboutSaying(step.accountId, kept, holder.live, holder.participant)
    if (replies.lateThread(pair) || route.owner) return null
  } else {
    const live = book.groupHolder(groupKeyOf(sms))
    const sender = live?.participants.find(each => each.kind === 'group' && each.person === sms.person)
    if (live && sender && !copies.messageOf(live.thread.id, sms)) return aboutSaying(step.accountId, kept, live, sender)
    if (live) return null
  }
  const draft = autoCreation.draftFor(route.number)
  return draft && aboutOpening(step.accountId, kept, draft)
}

function aboutSaying(
  accountId: string,
  { sms, media }: KeptText,
  { thread }: LiveThread,
  participant: Participant,
): Question {
  return {
    event: 'onMessageAdd',
    serviceId: thread.serviceId,
    threadId: thread.id,
    source: 'sms',
    told: present([
      ...placeOf(accountId, thread),
      ['ParticipantSid', sid('MB', participant.id)],
      ['Media', mediaText(media)],
    ]),
    draft: { body: sms.body, author: sms.person, attributes: '{}' },
  }
}

/** A group text is told by its receivers and its author. Source: Twilio, "Group Texting", autocreation. */
function aboutOpening(accountId: string, { sms, media, route }: KeptText, draft: ThreadDraft): Question {
  const { serviceId } = draft
  const binding: [string, string][] = sms.others
    ? [
        ['MessagingBinding.Address', [route.number, ...sms.others].join(',')],
        ['MessagingBinding.AuthorAddress', sms.person],
      ]
    : [
        ['MessagingBinding.ProxyAddress', route.number],
        ['MessagingBinding.Address', sms.person],
      ]
  return {
    event: 'onConversationAdd',
    serviceId,
    threadId: null,
    source: 'sms',
    told: present([
      ['ChatServiceSid', sid('IS', serviceId)],
      ['MessagingServiceSid', messagingServiceSid(accountId, draft)],
      ...binding,
      ['MessageBody', sms.body],
      ['Media', mediaText(media)],
      ['State', 'active'],
    ]),
    draft: { friendlyName: '', attributes: '{}' },
  }
}
