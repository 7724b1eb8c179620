import { loadSendable, type SendableSms } from '../store/sms.ts'
import { act } from './act.ts'
import type { Core } from './core.ts'
import { forbiddenTexts } from './forbidden-texts.ts'
import { progress } from './progress.ts'

export interface SendingAsked {
  smsId: string
  /** This node asked before, could not tell whether the mark was made, and has not handed the text on. */
  isAgain: boolean
}

/**
 * Marks texts as under way, before they leave. True for each text that this node may now hand to its carrier; false
 * for one that is no longer queued, or whose lane went to another node. A text past its validity, of a
 * suspended account, or that its account's owner forbids, fails instead.
 */
export async function startSending(core: Core, accountId: string, asked: SendingAsked[]): Promise<boolean[]> {
  const again = new Set(asked.filter(text => text.isAgain).map(text => text.smsId))
  const smsIds = asked.map(text => text.smsId)
  return act(core, accountId, async step => {
    const rows = await step.load<SendableSms>(loadSendable, [accountId, JSON.stringify(smsIds), core.nodeId])
    const whyNot = await forbiddenTexts(step, rows)
    const allowed = new Set<string>()
    for (const row of rows) {
      if (row.status === 'sending' && again.has(row.id)) allowed.add(row.id)
      if (row.status !== 'queued') continue
      if (row.isSuspended) {
        progress(step, row, [{ status: 'failed', ...SUSPENDED, nextAttemptAt: null }])
      } else if (whyNot(row)) {
        progress(step, row, [{ status: 'failed', ...whyNot(row), nextAttemptAt: null }])
      } else if (row.validUntil && row.validUntil <= step.now) {
        progress(step, row, [{ status: 'failed', ...EXPIRED, nextAttemptAt: null }])
      } else {
        progress(step, row, [{ status: 'sending', attempts: row.attempts + 1 }])
        allowed.add(row.id)
      }
    }
    return smsIds.map(id => allowed.has(id))
  })
}

/** Source: Twilio error 30001, the validity period ran out in the queue. */
const EXPIRED = { errorCode: 30001, errorMessage: 'Queue overflow' }

/** Source: Twilio error 30002. */
const SUSPENDED = { errorCode: 30002, errorMessage: 'Account suspended' }
