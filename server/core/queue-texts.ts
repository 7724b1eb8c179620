import { newId } from '../domain/ids.ts'
import { countSegments } from '../domain/segments.ts'
import { cleanText } from '../domain/text.ts'
import type { NumberRoute } from '../store/numbers.ts'
import type { Sms, SmsOrigin, SmsSettings } from '../store/sms.ts'
import type { Act } from './act.ts'
import { addMediaUrls } from './media.ts'
import type { Sessions } from './sessions.ts'

/** A text to be queued: checked already, from a number of the account. */
export interface TextDraft {
  /** Chosen beforehand where somebody was told of it already. */
  id?: string
  origin: SmsOrigin
  route: NumberRoute
  person: string
  body: string
  mediaUrls: string[]
  statusCallback: string | null
  /** The pool that the text is sent through; the one that its number is in unless said. */
  poolId?: string | null
  settings?: SmsSettings | null
  /** A text that its carrier has not taken by then fails. */
  validUntil?: Date
  /** The message that the text carries to a participant, when a thread sends it. */
  thread?: { threadId: string; messageId: string; participantId: string }
}

/** Queues texts on their numbers' lanes, in the order given. A text sent is activity of its pair. */
export function queueTexts(step: Act, sessions: Sessions, drafts: TextDraft[]): Sms[] {
  return drafts.map(draft => {
    const sms = queuedSms(step, draft)
    step.addSms(sms)
    if (draft.mediaUrls.length > 0) addMediaUrls(step, sms.id, draft.mediaUrls)
    sessions.touch(draft.person, draft.route.number, step.now)
    return sms
  })
}

function queuedSms(step: Act, draft: TextDraft): Sms {
  const body = cleanText(draft.body)
  const version = step.tick()
  return {
    id: draft.id ?? newId(step.now.getTime()),
    direction: 'out',
    origin: draft.origin,
    person: draft.person,
    number: draft.route.number,
    others: null,
    poolId: draft.poolId === undefined ? draft.route.poolId : draft.poolId,
    threadId: draft.thread?.threadId ?? null,
    messageId: draft.thread?.messageId ?? null,
    participantId: draft.thread?.participantId ?? null,
    status: 'queued',
    body,
    segments: draft.mediaUrls.length > 0 ? 1 : countSegments(body),
    mediaCount: draft.mediaUrls.length,
    carrier: draft.route.carrier,
    carrierMessageId: null,
    errorCode: null,
    errorMessage: null,
    carrierCode: null,
    statusCallback: draft.statusCallback,
    settings: draft.settings ?? null,
    attempts: 0,
    nextAttemptAt: step.now,
    validUntil: draft.validUntil ?? null,
    createdAt: step.now,
    listedAt: step.now,
    sentAt: null,
    updatedAt: step.now,
    version,
    born: version,
  }
}
