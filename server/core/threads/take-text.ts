import type { Participant } from '../../store/participants.ts'
import type { KeptText } from '../inbound/inbound-call.ts'
import { appendMessage } from './append-message.ts'
import { type GroupCopies, groupKeyOf } from './group-copies.ts'
import type { Speaking } from './speaking.ts'
import type { LiveThread } from './thread-book.ts'
import { BY_PHONE } from './thread-events.ts'

/** Says a phone's text in the thread that it belongs to. */
export function takeText(
  speaking: Speaking,
  { sms, media, granted }: Pick<KeptText, 'sms' | 'media' | 'granted'>,
  { live, participant }: { live: LiveThread; participant: Participant },
): void {
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
      ...(granted?.event === 'onMessageAdd' && granted.changes),
    },
    BY_PHONE,
  )
  sms.threadId = live.thread.id
  sms.messageId = message.id
}

/**
 * Says a phone's text in the group text of exactly its members; false when there is none. A copy that reached another of
 * our numbers is the same message, and what one of our own numbers said comes back to us without being said again.
 */
export function takeGroupText(
  speaking: Speaking,
  kept: Pick<KeptText, 'sms' | 'media' | 'granted'>,
  copies: GroupCopies,
): boolean {
  const { sms } = kept
  const live = speaking.book.groupHolder(groupKeyOf(sms))
  if (!live) return false
  const { id } = live.thread
  const participant = live.participants.find(each => each.kind === 'group' && each.person === sms.person)
  const known = copies.messageOf(id, sms)
  sms.threadId = id
  if (!participant) return true
  if (known) sms.messageId = known
  else takeText(speaking, kept, { live, participant })
  if (sms.messageId) copies.note(id, sms, sms.messageId)
  return true
}
