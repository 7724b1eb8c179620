import { advance, isTerminal } from '../../domain/delivery-status.ts'
import type { Receipt } from '../../domain/inbound-text.ts'
import type { SmsStatus } from '../../domain/sms.ts'
import type { SmsForProgress } from '../../store/sms.ts'
import { loadSmsRecipients, putSmsRecipient, type SmsRecipient } from '../../store/sms-recipients.ts'
import type { Act } from '../step.ts'
import { recipientIdsOf } from '../threads/recipients.ts'
import type { ProgressStep } from './progress.ts'
import { receiptStep } from './receipt-step.ts'

/** What receipts of a group text come to: what they say of the text, and of whom only the text tells. */
export interface HeardReceipts {
  steps: ProgressStep[]
  /** Participants of whom nothing was told alone. */
  recipientIds: string[]
}

/**
 * The recipients of group texts, of whom each may have receipts of their own. The text itself is sent as soon as it is to
 * one of them; it is delivered when the fate of all is known and one has it, else it failed as the last of them did.
 */
export class RecipientReceipts {
  readonly #known = new Map<string, SmsRecipient>()

  private constructor(rows: SmsRecipient[]) {
    for (const row of rows) this.#known.set(keyOf(row.smsId, row.participantId), row)
  }

  static async load(step: Act, rows: SmsForProgress[]): Promise<RecipientReceipts> {
    const ids = rows.filter(isOfGroup).map(row => row.id)
    if (ids.length === 0) return new RecipientReceipts([])
    return new RecipientReceipts(
      await step.load<SmsRecipient>(loadSmsRecipients, [step.accountId, JSON.stringify([...new Set(ids)])]),
    )
  }

  /** Takes receipts of a group text, in order. `status` is where the text stands when they come. */
  hear(step: Act, row: SmsForProgress, status: SmsStatus, receipts: Receipt[]): HeardReceipts {
    const ids = recipientIdsOf(row)
    const changed = new Set<string>()
    const steps: ProgressStep[] = []
    let last: Receipt | undefined
    for (const receipt of receipts) {
      const named = receipt.person === undefined ? this.#knownOf(row, ids) : [participantOf(row, ids, receipt.person)]
      if (receipt.person === undefined) steps.push(receiptStep(receipt))
      for (const id of named) if (id && this.#move(step, row, id, { status, receipt })) changed.add(id)
      if (receipt.person !== undefined) last = receipt
    }
    this.#tell(step, row, changed)
    if (last) steps.push(...this.#stepsOf(row, ids, last))
    return { steps, recipientIds: ids.filter(id => !this.#known.has(keyOf(row.id, id))) }
  }

  /** Moves one recipient on; false when the receipt is old news. */
  #move(
    step: Act,
    row: SmsForProgress,
    participantId: string,
    { status, receipt }: { status: SmsStatus; receipt: Receipt },
  ): boolean {
    const key = keyOf(row.id, participantId)
    const next = advance(this.#known.get(key)?.status ?? status, receipt.status)
    if (next === null) return false
    const { errorCode = null } = receiptStep(receipt)
    this.#known.set(key, {
      smsId: row.id,
      participantId,
      status: next,
      errorCode,
      updatedAt: step.now,
      version: step.tick(),
    })
    return true
  }

  #tell(step: Act, row: SmsForProgress, changed: ReadonlySet<string>): void {
    for (const participantId of changed) {
      const recipient = this.#known.get(keyOf(row.id, participantId))
      if (!recipient) continue
      step.changes.add(putSmsRecipient, recipient)
      if (!row.threadId) continue
      const sms = { ...row, status: recipient.status, errorCode: recipient.errorCode }
      step.tell({ kind: 'delivery_changed', threadId: row.threadId, sms, recipientIds: [participantId] })
    }
  }

  /** What all that is known of the recipients says of their text. */
  #stepsOf(row: SmsForProgress, ids: string[], last: Receipt): ProgressStep[] {
    const statuses = ids.map(id => this.#known.get(keyOf(row.id, id))?.status)
    if (!statuses.every(status => status && isTerminal(status))) return [{ status: 'sent' }]
    const isDelivered = statuses.includes('delivered') || statuses.includes('read')
    return [isDelivered ? { status: 'delivered' } : receiptStep(last)]
  }

  #knownOf(row: SmsForProgress, ids: string[]): string[] {
    return ids.filter(id => this.#known.has(keyOf(row.id, id)))
  }
}

/** Whether a text has several recipients in a thread. */
export function isOfGroup(row: SmsForProgress): boolean {
  return row.settings?.recipientIds !== undefined
}

/** The participant whose phone it is: persons of a group text come first, in the order of its recipients. */
function participantOf({ person, others }: SmsForProgress, ids: string[], named: string): string | undefined {
  return ids[[person, ...(others ?? [])].indexOf(named)]
}

function keyOf(smsId: string, participantId: string): string {
  return `${smsId} ${participantId}`
}
