import { laterBy } from '../../domain/calendar.ts'
import type { Receipt } from '../../domain/inbound-text.ts'
import { groupBy } from '../../kit/group-by.ts'
import { loadParkedReceipts, unparkReceipt } from '../../store/parked-receipts.ts'
import { type HandedSms, loadSmsForProgress, nameSentText } from '../../store/sms.ts'
import { insertSmsPart, type SmsPart } from '../../store/sms-parts.ts'
import { act } from '../act.ts'
import { heedRefusals } from '../carriers/carrier-opt-outs.ts'
import type { Core } from '../core.ts'
import { namingStep, PARKED_FOR_MS, takeParkedOfLost } from '../receipts/late-receipts.ts'
import { missingPart, stepsOf } from '../receipts/part-receipts.ts'
import { type ProgressStep, progress } from '../receipts/progress.ts'
import { receiptStep } from '../receipts/receipt-step.ts'
import { isOfGroup, RecipientReceipts } from '../receipts/recipient-receipts.ts'
import type { Act } from '../step.ts'

/** What a carrier said when it was handed a text. */
export type SendOutcome =
  /** A text that went in parts has an id for each. */
  | { kind: 'taken'; carrierMessageId: string; otherPartIds?: string[] }
  /** `takenPartIds`: of a text that goes in parts, the ids of those that were taken before. */
  | { kind: 'refused'; errorCode: number; carrierCode: string; message: string; takenPartIds?: string[] }
  | { kind: 'retry'; carrierCode: string; message: string; at: Date }
  /** `takenPartIds`: it goes in parts, of which these were taken, maybe none; not all of them were. */
  | { kind: 'unknown'; message: string; takenPartIds?: string[] }

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
    const rows = await step.load<HandedSms>(loadSmsForProgress, [accountId, ids])
    const byId = new Map(rows.map(row => [row.id, row]))
    const counted = texts.filter(({ smsId, outcome }) => counts(byId.get(smsId), outcome, was))
    const parked = await takeParked(step, counted)
    const late = await takeLate(step, counted, byId)
    const recipients = await RecipientReceipts.load(step, rows)
    for (const { smsId, carrier, outcome } of counted) {
      const row = byId.get(smsId)
      if (!row) continue
      if (outcome.kind === 'retry' && row.isEmpty) {
        progress(step, row, [FORGOTTEN])
        continue
      }
      const steps = [outcomeStep(outcome)]
      let recipientIds: string[] | undefined
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
        const parts = partsOf(smsId, outcome)
        const stepsBy = (heard: Receipt[]) => (parts.length > 0 ? stepsOf(parts, heard) : heard.map(receiptStep))
        steps.push(...stepsBy(receipts))
        for (const receipt of late.get(smsId) ?? []) {
          steps.push(...stepsBy([receipt]).map(each => namingStep(each, receipt)))
        }
        step.changes.add(insertSmsPart, ...parts)
      }
      progress(step, row, steps, recipientIds)
      if (row.nextAttemptAt && row.number) step.due(row.number, row.nextAttemptAt)
    }
    await heedRefusals(step, byId.values())
    return texts.map(() => undefined)
  })
}

/** Its body was redacted while nobody knew what came of it; that it was never taken came to light later. */
const FORGOTTEN: ProgressStep = {
  status: 'failed',
  errorCode: 30008,
  errorMessage: 'It was never taken, and its body is forgotten',
  nextAttemptAt: null,
}

/**
 * Whether an outcome still says something of its text. When another node took the lane of one that stood still, the text
 * became unknown: what the one learns in the end counts all the same, but a deleted text is never sent again.
 */
function counts(row: HandedSms | undefined, outcome: SendOutcome, was: 'sending' | 'unknown'): boolean {
  if (!row || (row.isDeleted && outcome.kind === 'retry')) return false
  const isNews = outcome.kind !== 'unknown' || outcome.takenPartIds !== undefined
  return row.status === was || (row.status === 'unknown' && isNews)
}

/** The carrier's ids of what it took of a text, one for each part. */
function idsOf(outcome: SendOutcome): string[] {
  switch (outcome.kind) {
    case 'taken':
      return [outcome.carrierMessageId, ...(outcome.otherPartIds ?? [])]
    case 'refused':
    case 'unknown':
      return outcome.takenPartIds ?? []
    case 'retry':
      return []
    default:
      return outcome satisfies never
  }
}

/** The parts in which a text left; none when it left whole, or has failed and waits for no receipt. */
function partsOf(smsId: string, outcome: SendOutcome): SmsPart[] {
  const parts = idsOf(outcome).map(carrierMessageId => ({ smsId, carrierMessageId, isDelivered: false }))
  if (outcome.kind === 'unknown' && outcome.takenPartIds) return [...parts, missingPart(smsId)]
  return outcome.kind === 'taken' && parts.length > 1 ? parts : []
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

/** Receipts of texts whose answers are lost. */
async function takeLate(
  step: Act,
  texts: SentText[],
  byId: ReadonlyMap<string, HandedSms>,
): Promise<Map<string, Receipt[]>> {
  const found = new Map<string, Receipt[]>()
  const lost = texts.filter(({ outcome }) => outcome.kind === 'unknown' && idsOf(outcome).length === 0)
  for (const [carrier, group] of groupBy(lost, text => text.carrier)) {
    const rows = group.flatMap(({ smsId }) => byId.get(smsId) ?? [])
    for (const [smsId, receipts] of await takeParkedOfLost(step, carrier, rows)) found.set(smsId, receipts)
  }
  return found
}

async function takeParked(step: Act, texts: SentText[]): Promise<Map<string, Receipt[]>> {
  const byCarrier = groupBy(
    texts.filter(text => idsOf(text.outcome).length > 0),
    text => text.carrier,
  )
  const found = new Map<string, Receipt[]>()
  for (const [carrier, sent] of byCarrier) {
    const ids = sent.flatMap(text => idsOf(text.outcome))
    const rows = await step.load<{ carrierMessageId: string; receipt: Receipt }>(loadParkedReceipts, [
      step.accountId,
      carrier,
      JSON.stringify(ids),
      laterBy(step.now, -PARKED_FOR_MS),
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
