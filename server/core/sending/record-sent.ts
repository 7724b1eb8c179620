import type { Receipt } from '../../domain/inbound-text.ts'
import { groupBy } from '../../kit/group-by.ts'
import {
  loadParkedReceipts,
  loadSmsForProgress,
  nameSentText,
  type SmsForProgress,
  unparkReceipt,
} from '../../store/sms.ts'
import { insertSmsPart } from '../../store/sms-parts.ts'
import { act } from '../act.ts'
import { heedRefusals } from '../carriers/carrier-opt-outs.ts'
import type { Core } from '../core.ts'
import { stepsOf } from '../receipts/part-receipts.ts'
import { type ProgressStep, progress } from '../receipts/progress.ts'
import { receiptStep } from '../receipts/receipt-step.ts'
import { isOfGroup, RecipientReceipts } from '../receipts/recipient-receipts.ts'
import type { Act } from '../step.ts'

/** What a carrier said when it was handed a text. */
export type SendOutcome =
  /** A text that went in parts has an id for each. */
  | { kind: 'taken'; carrierMessageId: string; otherPartIds?: string[] }
  | { kind: 'refused'; errorCode: number; carrierCode: string; message: string }
  | { kind: 'retry'; carrierCode: string; message: string; at: Date }
  | { kind: 'unknown'; message: string }

export interface SentText {
  smsId: string
  carrier: string
  outcome: SendOutcome
}

/**
 * Keeps what carriers answered, or what they tell later of texts that were `unknown`. Receipts that came before the
 * answer naming their text are applied now, and who opted out at the carrier has opted out here.
 */
export async function recordSent(
  core: Core,
  accountId: string,
  texts: SentText[],
  was: 'sending' | 'unknown' = 'sending',
): Promise<undefined[]> {
  return act(core, accountId, async step => {
    const ids = JSON.stringify(texts.map(text => text.smsId))
    const rows = await step.load<SmsForProgress>(loadSmsForProgress, [accountId, ids])
    const byId = new Map(rows.map(row => [row.id, row]))
    const parked = await takeParked(step, texts)
    const recipients = await RecipientReceipts.load(step, rows)
    for (const { smsId, carrier, outcome } of texts) {
      const row = byId.get(smsId)
      if (row?.status !== was) continue
      const steps = [outcomeStep(outcome)]
      let recipientIds: string[] | undefined
      if (outcome.kind === 'taken') {
        const ids = idsOf(outcome)
        for (const carrierMessageId of ids) {
          step.changes.add(nameSentText, { carrier, direction: 'out', carrierMessageId, smsId })
        }
        const receipts = ids.flatMap(id => parked.get(parkedKey(carrier, id)) ?? [])
        if (isOfGroup(row) && receipts.length > 0) {
          const heard = recipients.hear(step, row, 'sent', receipts)
          steps.push(...heard.steps)
          recipientIds = heard.recipientIds
        } else {
          steps.push(...(ids.length > 1 ? addParts(step, smsId, ids, receipts) : receipts.map(receiptStep)))
        }
      }
      progress(step, row, steps, recipientIds)
      if (row.nextAttemptAt && row.number) step.due(row.number, row.nextAttemptAt)
    }
    await heedRefusals(step, byId.values())
    return texts.map(() => undefined)
  })
}

/** The carrier's ids of a text that it took, one for each part. */
function idsOf(outcome: SendOutcome): string[] {
  return outcome.kind === 'taken' ? [outcome.carrierMessageId, ...(outcome.otherPartIds ?? [])] : []
}

/** Keeps which parts a text left in, with what receipts said of them before. */
function addParts(step: Act, smsId: string, ids: string[], receipts: Receipt[]): ProgressStep[] {
  const parts = ids.map(carrierMessageId => ({ smsId, carrierMessageId, isDelivered: false }))
  const steps = stepsOf(parts, receipts)
  step.changes.add(insertSmsPart, ...parts)
  return steps
}

function outcomeStep(outcome: SendOutcome): ProgressStep {
  switch (outcome.kind) {
    case 'taken':
      return { status: 'sent', carrierMessageId: outcome.carrierMessageId, nextAttemptAt: null }
    case 'refused':
      return {
        status: 'failed',
        errorCode: outcome.errorCode,
        errorMessage: outcome.message,
        carrierCode: outcome.carrierCode,
        nextAttemptAt: null,
      }
    case 'retry':
      return { status: 'queued', carrierCode: outcome.carrierCode, nextAttemptAt: outcome.at }
    case 'unknown':
      return { status: 'unknown', errorMessage: outcome.message, nextAttemptAt: null }
    default:
      return outcome satisfies never
  }
}

async function takeParked(step: Act, texts: SentText[]): Promise<Map<string, Receipt[]>> {
  const byCarrier = groupBy(
    texts.filter(text => text.outcome.kind === 'taken'),
    text => text.carrier,
  )
  const found = new Map<string, Receipt[]>()
  for (const [carrier, sent] of byCarrier) {
    const ids = sent.flatMap(text => idsOf(text.outcome))
    const rows = await step.load<{ carrierMessageId: string; receipt: Receipt }>(loadParkedReceipts, [
      step.accountId,
      carrier,
      JSON.stringify(ids),
    ])
    for (const { carrierMessageId, receipt } of rows) {
      const key = parkedKey(carrier, carrierMessageId)
      const kept = found.get(key)
      if (kept) kept.push(receipt)
      else {
        found.set(key, [receipt])
        step.changes.add(unparkReceipt, { carrier, carrierMessageId })
      }
    }
  }
  return found
}

function parkedKey(carrier: string, carrierMessageId: string): string {
  return `${carrier} ${carrierMessageId}`
}
