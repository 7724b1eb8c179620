import type { Receipt } from '../../domain/inbound-text.ts'
import { groupBy } from '../../kit/group-by.ts'
import { type DoubtfulSms, loadDoubtfulOfPairs } from '../../store/doubtful-sms.ts'
import { loadParkedOfTexts, unparkReceipt } from '../../store/parked-receipts.ts'
import { loadSmsForProgress, nameSentText, type SmsForProgress } from '../../store/sms.ts'
import type { Act } from '../step.ts'
import type { ProgressStep } from './progress.ts'

/**
 * How long a receipt waits for the answer that names its text. After that its id may be another text's: carriers count anew
 * one day.
 */
export const PARKED_FOR_MS = 3 * 24 * 60 * 60 * 1000

/** A text that a receipt turned out to be about, and what the receipt says of the whole of it. */
export interface TextInDoubt {
  row: SmsForProgress
  heard: Receipt
}

/**
 * What a receipt says of a text whose answer was lost. When it may have left in parts whose ids nobody knows, one of them
 * at its phone shows that it was sent, and no more.
 */
function ofWhole(receipt: Receipt, segments: number): Receipt {
  const isPart = receipt.mayBePart && segments > 1 && receipt.status === 'delivered'
  return isPart ? { ...receipt, status: 'sent' } : receipt
}

/**
 * The texts that receipts are about whose ids nobody knows: a text whose answer was lost has no id, but when it is the
 * only one of its pair in doubt, and none is under way, the receipt can be about no other. It gets the receipt's id.
 * Texts that are `heard` already, as others of their receipts have ids that we know, are left out.
 */
export async function textsInDoubt(
  step: Act,
  carrier: string,
  receipts: readonly Receipt[],
  heard: ReadonlySet<string>,
): Promise<Map<Receipt, TextInDoubt>> {
  const named = receipts.filter(receipt => receipt.person !== undefined)
  if (named.length === 0) return new Map()
  const pairs = [...groupBy(named, pairOf)].map(([, [receipt]]) => ({
    person: receipt?.person,
    number: receipt?.number,
  }))
  const found = await step.load<DoubtfulSms>(loadDoubtfulOfPairs, [step.accountId, carrier, JSON.stringify(pairs)])
  const ofPair = groupBy(found, pairOf)
  const ids = [...ofPair.values()].flatMap(texts =>
    texts.length === 1 && texts[0]?.status === 'unknown' && !heard.has(texts[0].id) ? texts[0].id : [],
  )
  if (ids.length === 0) return new Map()
  const rows = await step.load<SmsForProgress>(loadSmsForProgress, [step.accountId, JSON.stringify(ids)])
  const byPair = new Map(rows.map(row => [pairOf({ person: row.person, number: row.number ?? '' }), row]))
  const about = new Map<Receipt, TextInDoubt>()
  for (const receipt of named) {
    const row = byPair.get(pairOf(receipt))
    // Several receipts of one pair at once may be about several texts, of which we know one.
    const isOnly = named.every(other => other === receipt || pairOf(other) !== pairOf(receipt))
    if (!row || !isOnly) continue
    const segments = ofPair.get(pairOf(receipt))?.[0]?.segments ?? 1
    about.set(receipt, { row, heard: ofWhole(receipt, segments) })
    const { carrierMessageId } = receipt
    step.changes.add(nameSentText, { carrier, direction: 'out', carrierMessageId, smsId: row.id })
  }
  return about
}

/**
 * The receipts of texts that are about to become unknown, by their ids, in order: they came while the texts were under
 * way, and were parked since nobody knew their ids. Those of one id can be about no other text than the only one of its
 * pair in doubt; it gets that id.
 */
export async function takeParkedOfLost(
  step: Act,
  carrier: string,
  texts: readonly SmsForProgress[],
): Promise<Map<string, Receipt[]>> {
  const found = new Map<string, Receipt[]>()
  const lost = new Map(texts.filter(text => text.others === null).map(text => [text.id, text]))
  if (lost.size === 0) return found
  const ids = JSON.stringify([...lost.keys()])
  const parked = await step.load<{ smsId: string; receipt: Receipt }>(loadParkedOfTexts, [step.accountId, carrier, ids])
  if (parked.length === 0) return found
  const pairs = JSON.stringify([...lost.values()].map(({ person, number }) => ({ person, number })))
  const doubtful = await step.load<DoubtfulSms>(loadDoubtfulOfPairs, [step.accountId, carrier, pairs])
  const ofPair = groupBy(doubtful, pairOf)
  for (const [smsId, heard] of groupBy(parked, each => each.smsId)) {
    const text = lost.get(smsId)
    const receipts = heard.map(({ receipt }) => receipt)
    const [carrierMessageId, ...others] = new Set(receipts.map(receipt => receipt.carrierMessageId))
    if (!text || carrierMessageId === undefined || others.length > 0) continue
    const [doubt, ...more] = ofPair.get(pairOf({ person: text.person, number: text.number ?? '' })) ?? []
    if (!doubt || more.length > 0) continue
    step.changes.add(nameSentText, { carrier, direction: 'out', carrierMessageId, smsId })
    step.changes.add(unparkReceipt, { carrier, carrierMessageId })
    found.set(
      smsId,
      receipts.map(receipt => ofWhole(receipt, doubt.segments)),
    )
  }
  return found
}

/** A receipt by which a text is known that had no id. */
export function namingStep(each: ProgressStep, { carrierMessageId }: Receipt): ProgressStep {
  return { ...each, carrierMessageId }
}

function pairOf({ person, number }: { person?: string; number: string }): string {
  return `${person} ${number}`
}
