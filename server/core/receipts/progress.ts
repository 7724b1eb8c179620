import type { Call } from '../../domain/call.ts'
import { advance } from '../../domain/delivery-status.ts'
import { sid } from '../../domain/ids.ts'
import type { SmsStatus } from '../../domain/sms.ts'
import { progressSms, type SmsForProgress } from '../../store/sms.ts'
import { newCall } from '../calls/new-call.ts'
import { smsSidOf } from '../sending/sms-sid.ts'
import type { Act } from '../step.ts'
import { recipientIdsOf } from '../threads/recipients.ts'

/** One step in the life of an outbound text. Left out: as it was. */
export interface ProgressStep {
  status: SmsStatus
  /** The one that is handed the text. */
  carrier?: string
  carrierMessageId?: string
  errorCode?: number | null
  errorMessage?: string | null
  carrierCode?: string | null
  attempts?: number
  nextAttemptAt?: Date | null
}

/** Steps that nobody is told of. */
const SILENT: ReadonlySet<SmsStatus> = new Set(['sending', 'unknown', 'queued', 'accepted', 'scheduled'])

/**
 * Moves a text through steps that came in one batch: a status never runs backwards, each visible step is told to the
 * status callback, and the row is written once. Threads are told of `recipientIds`: of a group text, those who have no
 * receipts of their own. `row` is brought up to date; false when no step counted.
 */
export function progress(
  step: Act,
  row: SmsForProgress,
  steps: ProgressStep[],
  recipientIds = recipientIdsOf(row),
): boolean {
  let moved = false
  for (const each of steps) {
    const status = next(row.status, each.status)
    if (status === null) continue
    Object.assign(row, defined({ ...each, status }))
    if (status === 'sent' || (status === 'delivered' && !row.sentAt)) row.sentAt = step.now
    moved = true
    if (row.messageId && row.threadId)
      step.tell({ kind: 'delivery_changed', threadId: row.threadId, sms: { ...row }, recipientIds })
    if (row.statusCallback && !SILENT.has(status)) step.addCall(statusCall(step, row))
  }
  if (moved) {
    step.changes.add(progressSms, {
      id: row.id,
      status: row.status,
      carrier: row.carrier,
      carrierMessageId: row.carrierMessageId,
      errorCode: row.errorCode,
      errorMessage: row.errorMessage,
      carrierCode: row.carrierCode,
      attempts: row.attempts,
      nextAttemptAt: row.nextAttemptAt,
      sentAt: row.sentAt,
      updatedAt: step.now,
      version: step.tick(),
    })
  }
  return moved
}

function next(current: SmsStatus, wanted: SmsStatus): SmsStatus | null {
  // The ways back: the carrier surely did not take it, so it waits for another try; or quiet hours hold it.
  if (current === 'sending' && wanted === 'queued') return 'queued'
  if (current === 'queued' && wanted === 'scheduled') return 'scheduled'
  return advance(current, wanted)
}

function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Partial<T>
}

/** A call that tells a text's status callback how it stands. Source: Twilio, "Status callback requests". Calls of one text keep their order. */
export function statusCall(step: Act, row: SmsForProgress): Call {
  const smsSid = smsSidOf(row)
  const parameters: [string, string][] = [
    ['SmsSid', smsSid],
    ['SmsStatus', row.status],
    ['MessageStatus', row.status],
    ['To', row.person],
    ['MessageSid', smsSid],
    ['AccountSid', sid('AC', step.accountId)],
    ['From', row.number ?? ''],
    ['ApiVersion', '2010-04-01'],
  ]
  if (row.poolId) parameters.push(['MessagingServiceSid', sid('MG', row.poolId)])
  if (row.errorCode !== null) parameters.push(['ErrorCode', String(row.errorCode)])
  if (row.errorCode !== null && row.errorMessage) parameters.push(['ErrorMessage', row.errorMessage])
  if (row.status === 'delivered' || row.status === 'undelivered') {
    parameters.push(['RawDlrDoneDate', doneDate(step.now)])
  }
  return newCall(step, {
    kind: 'status',
    lane: row.number ?? 'account',
    orderKey: row.id,
    smsId: row.id,
    threadId: row.threadId,
    number: row.number,
    person: row.person,
    url: row.statusCallback ?? '',
    parameters,
  })
}

/** YYMMDDhhmm in GMT. */
function doneDate(at: Date): string {
  return at.toISOString().replace(/\D/g, '').slice(2, 12)
}
