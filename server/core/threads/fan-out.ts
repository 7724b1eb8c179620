import { isCarriable, MAX_CARRIED_BYTES } from '../../domain/carried-media.ts'
import { errorMessageOf } from '../../domain/error-codes.ts'
import type { Sms } from '../../domain/sms.ts'
import type { Message, MessageMedia } from '../../store/messages.ts'
import type { NumberRoute } from '../../store/numbers.ts'
import type { Participant } from '../../store/participants.ts'
import { scopeOf } from '../opt-outs/opt-outs.ts'
import { queueTexts, type TextDraft } from '../sending/queue-texts.ts'
import { namedPoolId } from './named-pool.ts'
import { recipientIdsOf } from './recipients.ts'
import { isRinging } from './ringing.ts'
import type { Speaking } from './speaking.ts'
import type { LiveThread } from './thread-book.ts'

/** Source: Twilio, error 21610. */
const OPTED_OUT = 21610
/** Source: Twilio, error 30008, unknown error: there is no closer one. */
const WOULD_RING = 30008

/**
 * Queues the texts of a message: one for every pair of the thread but the author's and the one that is reached already,
 * and one group text for the phones of a group. A person who must not be texted gets a text that has failed: their
 * receipt. A message that has nothing a phone can show makes no texts.
 */
export function fanOut(speaking: Speaking, live: LiveThread, message: Message, reachedId: string | undefined): void {
  const said = saidIn(speaking, live, message)
  if (!said) return
  said.rings = isRinging(speaking.step, live, message)
  const others = live.participants.filter(({ id }) => id !== message.participantId && id !== reachedId)
  const drafts = [...pairTexts(speaking, live, message, said, others), ...groupTexts(speaking, live, message, said)]
  const texts = queue(speaking, live, drafts)
  if (texts.length > 0) speaking.carried?.set(message.id, texts)
}

/** Queues the text of a message that was said before the participant was there to be reached, as `fanOut` would have. */
export function catchUp(speaking: Speaking, live: LiveThread, message: Message, participant: Participant): void {
  const said = saidIn(speaking, live, message)
  if (said) queue(speaking, live, pairTexts(speaking, live, message, said, [participant]))
}

/** Null when it is nothing that a phone can show. */
function saidIn({ labels }: Speaking, live: LiveThread, message: Message): Said | null {
  // What a phone sent, phones can show.
  const media = (message.media ?? []).filter(file => message.origin === 'sms' || isCarriable(file))
  if (!message.body && media.length === 0) return null
  return { text: message.body ?? '', media: fitting(media), label: labels?.labelOf(live, message) ?? null }
}

function queue({ step, sessions }: Speaking, live: LiveThread, drafts: TextDraft[]): Sms[] {
  const texts = queueTexts(step, sessions, drafts)
  for (const sms of texts) {
    if (sms.status !== 'failed') continue
    step.tell({ kind: 'delivery_changed', threadId: live.thread.id, sms, recipientIds: recipientIdsOf(sms) })
  }
  return texts
}

interface Said {
  text: string
  media: MessageMedia[]
  label: string | null
  /** Whether phones that have it would answer for ever. */
  rings?: boolean
}

/** As many of the files, in order, as fit into one text. */
function fitting(media: MessageMedia[]): MessageMedia[] {
  let room = MAX_CARRIED_BYTES
  return media.filter(({ size }) => {
    if (size > room) return false
    room -= size
    return true
  })
}

function pairTexts(
  speaking: Speaking,
  live: LiveThread,
  message: Message,
  said: Said,
  recipients: Participant[],
): TextDraft[] {
  return recipients.flatMap(participant => {
    const { kind, person, number } = participant
    if (kind !== 'sms') return []
    const route = number ? speaking.routes.get(number) : undefined
    if (!route || !person) return []
    return [textTo(speaking, live, message, said, { route, person, participant })]
  })
}

function textTo(
  { optOuts, locals }: Speaking,
  live: LiveThread,
  message: Message,
  { text, media, label, rings }: Said,
  { route, person, participant }: { route: NumberRoute; person: string; participant: Participant },
): TextDraft {
  const draft: TextDraft = {
    origin: 'thread',
    route,
    person,
    body: label === null ? text : `${label}: ${text}`.trimEnd(),
    mediaUrls: [],
    media,
    statusCallback: null,
    poolId: namedPoolId(live.thread) ?? route.poolId,
    thread: { threadId: live.thread.id, messageId: message.id, participantId: participant.id },
  }
  if (optOuts?.isBlocked({ scope: scopeOf(route), person })) {
    return { ...draft, failure: { errorCode: OPTED_OUT, errorMessage: errorMessageOf(OPTED_OUT) } }
  }
  const isLocal = message.origin === 'sms' && locals?.areBoth(message.author, person)
  if (!isLocal && !rings) return draft
  const errorMessage = isLocal ? 'Sender and recipient are numbers of this server' : 'Two phones answer each other'
  return { ...draft, failure: { errorCode: WOULD_RING, errorMessage } }
}

/** The network has brought a phone's text to the rest of its group already; all else goes out as one group text. */
function groupTexts(speaking: Speaking, live: LiveThread, message: Message, said: Said): TextDraft[] {
  const members = live.participants.filter(each => each.kind === 'group')
  const ours = live.participants.filter(each => each.kind === 'projected')
  const author = live.participants.find(each => each.id === message.participantId)
  if (members.length === 0 || author?.kind === 'group') return []
  const number = (author?.kind === 'projected' ? author : ours[0])?.number
  const route = number ? speaking.routes.get(number) : undefined
  if (!route) return []
  const texts = members.map(participant => {
    return textTo(speaking, live, message, said, { route, person: participant.person ?? '', participant })
  })
  const [first, ...rest] = texts.filter(text => !text.failure)
  const failed = texts.filter(text => text.failure)
  if (!first) return failed
  const others = [
    ...rest.map(text => text.person),
    ...ours.flatMap(each => (each.number !== number ? (each.number ?? []) : [])),
  ]
  if (others.length === 0) return [first, ...failed]
  const recipientIds = [first, ...rest].flatMap(text => text.thread?.participantId ?? [])
  return [{ ...first, others, settings: { ...first.settings, recipientIds } }, ...failed]
}
