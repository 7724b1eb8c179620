import { newId } from '../../domain/ids.ts'
import { type Priority, RANK_OF } from '../../domain/priority.ts'
import { countSegments } from '../../domain/segments.ts'
import type { Sms, SmsOrigin, SmsSettings } from '../../domain/sms.ts'
import { cleanText } from '../../domain/text.ts'
import type { MessageMedia } from '../../store/messages.ts'
import type { SenderRoute } from '../../store/numbers.ts'
import { addMediaCopies, addMediaUrls } from '../media/media.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Act } from '../step.ts'

/** A text to be queued: checked already, from a number of the account or a name. */
export interface TextDraft {
  /** Chosen beforehand where somebody was told of it already. */
  id?: string
  origin: SmsOrigin
  route: SenderRoute
  person: string
  body: string
  mediaUrls: string[]
  /** Files that are here already; their bytes are not copied. */
  media?: MessageMedia[]
  /** The other members, of a group text. */
  others?: string[]
  /** Why the text may not be sent: its row is its receipt. */
  failure?: { errorCode: number; errorMessage: string }
  statusCallback: string | null
  /** The pool that the text is sent through; the one that its number is in unless said. */
  poolId?: string | null
  settings?: SmsSettings | null
  /** A text that its carrier has not taken by then fails; ten hours from now unless said. */
  validUntil?: Date
  /** Unless said: a reply or a notice is urgent, all else as its pool or number says. */
  priority?: Priority
  /** The message that the text carries to a participant, when a thread sends it. */
  thread?: { threadId: string; messageId: string; participantId: string }
}

/**
 * Queues texts on their senders' lanes, in the order given. A text sent is activity of its pair; a group has no session,
 * nor have those whom a name texts: they cannot answer.
 */
export function queueTexts(step: Act, sessions: Sessions, drafts: TextDraft[]): Sms[] {
  return drafts.map(draft => {
    const sms = queuedSms(step, draft)
    step.addSms(sms)
    if (draft.mediaUrls.length > 0) addMediaUrls(step, sms.id, draft.mediaUrls)
    if (draft.media) addMediaCopies(step, sms.id, draft.media)
    const isOfPair = !draft.others && draft.route.kind !== 'name'
    if (isOfPair && !draft.failure) sessions.touch(draft.person, draft.route.number, step.now)
    return sms
  })
}

/** Source: Twilio, Messages resource, ValidityPeriod. */
export const DEFAULT_VALIDITY_MS = 36_000_000

function priorityOf({ priority, origin, route }: TextDraft): Priority {
  if (priority) return priority
  if (origin === 'reply' || origin === 'notice') return 'urgent'
  return (route.kind === 'name' ? null : route.priority) ?? 'normal'
}

function queuedSms(step: Act, draft: TextDraft): Sms {
  const body = cleanText(draft.body)
  const version = step.tick()
  const mediaCount = draft.mediaUrls.length + (draft.media?.length ?? 0)
  return {
    id: draft.id ?? newId(step.now.getTime()),
    direction: 'out',
    origin: draft.origin,
    person: draft.person,
    number: draft.route.number,
    others: draft.others ?? null,
    poolId: draft.poolId === undefined ? draft.route.poolId : draft.poolId,
    threadId: draft.thread?.threadId ?? null,
    messageId: draft.thread?.messageId ?? null,
    participantId: draft.thread?.participantId ?? null,
    status: draft.failure ? 'failed' : 'queued',
    body: draft.failure && draft.settings?.forgetsBody ? '' : body,
    segments: mediaCount > 0 ? 1 : countSegments(body),
    mediaCount,
    carrier: draft.route.carrier,
    carrierMessageId: null,
    errorCode: draft.failure?.errorCode ?? null,
    errorMessage: draft.failure?.errorMessage ?? null,
    carrierCode: null,
    statusCallback: draft.statusCallback,
    settings: draft.settings ?? null,
    rank: RANK_OF[priorityOf(draft)],
    attempts: 0,
    nextAttemptAt: draft.failure ? null : step.now,
    validUntil: draft.validUntil ?? new Date(step.now.getTime() + DEFAULT_VALIDITY_MS),
    createdAt: step.now,
    listedAt: step.now,
    sentAt: null,
    updatedAt: step.now,
    version,
    born: version,
  }
}
