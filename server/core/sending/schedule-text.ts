import { newId } from '../../domain/ids.ts'
import type { Sms, SmsSettings } from '../../domain/sms.ts'
import { cleanText } from '../../domain/text.ts'
import { countScheduled } from '../../store/scheduled-sms.ts'
import { addMediaUrls } from '../media/media.ts'
import type { Act } from '../step.ts'

/** Texts that an account may have scheduled at a time. Source: Twilio, error 35125. */
const MAX_SCHEDULED = 500_000

export interface ScheduledDraft {
  person: string
  /** The number asked for; null: the pool chooses when the hour has come. */
  number: string | null
  poolId: string | null
  body: string
  mediaUrls: string[]
  statusCallback: string | null
  validForMs: number
  sendAt: Date | null
  rank: number
  settings: SmsSettings | null
}

/** How many more texts may be scheduled; asked of the store only when one is. */
export async function roomInSchedule(
  step: Act,
  requests: { poolId: string | null; sendAt: Date | null }[],
): Promise<{ take(): boolean }> {
  let room = 0
  if (requests.some(({ poolId, sendAt }) => poolId && sendAt)) {
    const rows = await step.load<{ scheduled: number }>(countScheduled, [step.accountId, MAX_SCHEDULED])
    room = MAX_SCHEDULED - (rows[0]?.scheduled ?? 0)
  }
  return { take: () => room-- > 0 }
}

/** Writes a text that waits in the account's lane until its hour. */
export function scheduledSms(step: Act, draft: ScheduledDraft): Sms {
  const version = step.tick()
  const sms: Sms = {
    id: newId(step.now.getTime()),
    direction: 'out',
    origin: 'api',
    person: draft.person,
    number: null,
    others: null,
    poolId: draft.poolId,
    threadId: null,
    messageId: null,
    participantId: null,
    status: 'scheduled',
    body: cleanText(draft.body),
    segments: 0,
    mediaCount: draft.mediaUrls.length,
    carrier: null,
    carrierMessageId: null,
    errorCode: null,
    errorMessage: null,
    carrierCode: null,
    statusCallback: draft.statusCallback,
    settings: {
      ...draft.settings,
      validForMs: draft.validForMs,
      ...(draft.number === null ? {} : { from: draft.number }),
    },
    rank: draft.rank,
    attempts: 0,
    nextAttemptAt: draft.sendAt,
    validUntil: null,
    createdAt: step.now,
    listedAt: step.now,
    sentAt: null,
    updatedAt: step.now,
    version,
    born: version,
  }
  step.addSms(sms)
  if (draft.mediaUrls.length > 0) addMediaUrls(step, sms.id, draft.mediaUrls)
  return sms
}
