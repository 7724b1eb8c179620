import { errorMessageOf } from '../../domain/error-codes.ts'
import { ACCOUNT_LANE } from '../../domain/lane.ts'
import { loadSendable, type SendableSms } from '../../store/sms.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { type ProgressStep, progress } from '../receipts/progress.ts'
import { forbiddenTexts } from './forbidden-texts.ts'
import { optedOutSince } from './opted-out-since.ts'
import { DEFAULT_VALIDITY_MS } from './queue-texts.ts'
import { quietHold } from './quiet-hold.ts'

export interface SendingAsked {
  smsId: string
  /** The one that is about to be handed the text; null: none is there. */
  carrier: string | null
  /** This node asked before, could not tell whether the mark was made, and has not handed the text on. */
  isAgain: boolean
}

/**
 * Marks texts as under way, before they leave. True for each text that this node may now hand to its carrier; false
 * for one that is no longer queued, or whose lane went to another node. A text past its validity, of a suspended account,
 * from a number or name that the account has given up, that its account's owner forbids, or whose person has opted out
 * since, fails instead; one that quiet hours hold is scheduled for their end.
 */
export async function startSending(core: Core, accountId: string, asked: SendingAsked[]): Promise<boolean[]> {
  const byId = new Map(asked.map(text => [text.smsId, text]))
  const smsIds = asked.map(text => text.smsId)
  return act(core, accountId, async step => {
    const rows = await step.load<SendableSms>(loadSendable, [accountId, JSON.stringify(smsIds), core.nodeId])
    // What delivery goes by is read again here when it has changed.
    const routes = await step.numberRoutes(new Set(rows.flatMap(row => row.number ?? [])))
    const { names } = await step.senders()
    const ours = new Set([...routes.keys(), ...names.map(name => name.number)])
    const quietUntil = await quietHold(step, rows)
    const whyForbidden = await forbiddenTexts(step, rows)
    const whyOptedOut = await optedOutSince(step, rows)
    const allowed = new Set<string>()
    for (const row of rows) {
      const { carrier = null, isAgain = false } = byId.get(row.id) ?? {}
      if (row.status === 'sending' && isAgain) allowed.add(row.id)
      if (row.status !== 'queued') continue
      const quietEnd = quietUntil(row)
      const failure = failureOf(row, step.now, ours) ?? whyForbidden(row) ?? whyOptedOut(row)
      if (failure) {
        progress(step, row, [{ status: 'failed', ...failure, nextAttemptAt: null }])
      } else if (quietEnd) {
        progress(step, row, [{ status: 'scheduled', nextAttemptAt: quietEnd }])
        step.due(ACCOUNT_LANE, quietEnd)
      } else {
        progress(step, row, [{ status: 'sending', attempts: row.attempts + 1, ...(carrier !== null && { carrier }) }])
        allowed.add(row.id)
      }
    }
    return smsIds.map(id => allowed.has(id))
  })
}

/** Source: Twilio, error 30002, account suspended. */
const SUSPENDED = 30002
/** Source: Twilio, error 30036: the validity that its sender gave it ran out. */
const VALIDITY_EXPIRED = 30036
/** Source: Twilio, errors 30001 and 21611: a queue holds texts for ten hours. */
const QUEUE_OVERFLOW = 30001
/** Source: Twilio, error 21606: the sender is none of the account's. */
const NOT_OURS = 21606

function failureOf(
  row: SendableSms,
  now: Date,
  ours: ReadonlySet<string>,
): Pick<ProgressStep, 'errorCode' | 'errorMessage'> | null {
  if (row.isSuspended) return errorOf(SUSPENDED)
  // Somebody else may have it by now.
  if (!row.number || !ours.has(row.number)) return errorOf(NOT_OURS)
  if (!row.validUntil || row.validUntil > now) return null
  const validForMs = row.settings?.validForMs ?? row.validUntil.getTime() - row.createdAt.getTime()
  return errorOf(validForMs < DEFAULT_VALIDITY_MS ? VALIDITY_EXPIRED : QUEUE_OVERFLOW)
}

function errorOf(errorCode: number) {
  return { errorCode, errorMessage: errorMessageOf(errorCode) }
}
