import { isTerminal } from '../../domain/delivery-status.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Sms } from '../../domain/sms.ts'
import { dropFeedback } from '../../store/feedback.ts'
import { loadMediaOfTexts } from '../../store/media.ts'
import { bumpMessage } from '../../store/queue-messages.ts'
import { editSms, loadSmsByIds } from '../../store/sms.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { removeMedia } from '../media/media.ts'
import { statusCall } from '../receipts/progress.ts'
import type { Act } from '../step.ts'

/** What a program does to a text that is there. */
export interface SmsEdit {
  smsId: string
  /** `redact`: forget the body. `cancel`: never send it. `delete`: take it out of every list, with its files. */
  does: 'redact' | 'cancel' | 'delete'
}

export type SmsEdited = { kind: 'edited'; sms: Sms } | { kind: 'refused'; refusal: Refusal }

/**
 * Edits texts, in the order given. Refuses, each for itself: `not_found`; `cancel` of a text that is not scheduled any
 * more with `not_cancelable`; `delete` of one that is still under way with `unfinished`.
 */
export async function editTexts(core: Core, accountId: string, edits: SmsEdit[]): Promise<SmsEdited[]> {
  return act(core, accountId, async step => {
    const ids = [...new Set(edits.map(({ smsId }) => smsId))]
    const rows = await step.load<Sms>(loadSmsByIds, [accountId, JSON.stringify(ids)])
    const known = new Map(rows.map(row => [row.id, row]))
    const changed = new Set<Sms>()
    const answers = edits.map(({ smsId, does }): SmsEdited => {
      const sms = known.get(smsId)
      const refusal = sms ? EDITS[does](step, sms) : new Refusal('not_found', `There is no text ${smsId}.`)
      if (refusal || !sms) return { kind: 'refused', refusal: refusal ?? new Refusal('not_found', '') }
      changed.add(sms)
      if (does === 'delete') known.delete(smsId)
      return { kind: 'edited', sms }
    })
    await removeFiles(
      step,
      [...changed].filter(sms => !known.has(sms.id)),
    )
    for (const sms of changed) {
      sms.updatedAt = step.now
      sms.version = step.tick()
      const deletedAt = known.has(sms.id) ? null : step.now
      step.changes.add(editSms, { ...sms, deletedAt })
      if (sms.messageId) step.changes.add(bumpMessage, { id: sms.messageId, version: step.tick() })
    }
    return answers
  })
}

async function removeFiles(step: Act, deleted: Sms[]): Promise<void> {
  const byId = new Map(deleted.filter(sms => sms.mediaCount > 0).map(sms => [sms.id, sms]))
  if (byId.size === 0) return
  const asked = JSON.stringify([...byId.keys()])
  for (const { id, smsId } of await step.load<{ id: string; smsId: string }>(loadMediaOfTexts, [
    step.accountId,
    asked,
  ])) {
    const sms = byId.get(smsId)
    if (sms) removeMedia(step, sms, id)
  }
}

const EDITS: Record<SmsEdit['does'], (step: Act, sms: Sms) => Refusal | null> = {
  redact(_step, sms) {
    if (isOver(sms)) sms.body = ''
    else sms.settings = { ...sms.settings, forgetsBody: true, hidesBody: true }
    return null
  },

  cancel(step, sms) {
    if (sms.status !== 'scheduled') return new Refusal('not_cancelable', 'Message cannot be canceled')
    sms.status = 'canceled'
    sms.nextAttemptAt = null
    if (sms.settings?.forgetsBody) sms.body = ''
    if (sms.statusCallback) step.addCall(statusCall(step, sms))
    return null
  },

  delete(step, sms) {
    if (!isOver(sms)) return new Refusal('unfinished', 'The message is still under way and cannot be deleted')
    sms.body = ''
    if (sms.direction === 'out') step.changes.add(dropFeedback, { smsId: sms.id })
    return null
  },
}

/** Nothing more is expected of the text, or ever will be: one that is `unknown` may wait for its receipt for ever. */
function isOver({ status }: Sms): boolean {
  return isTerminal(status) || status === 'unknown'
}
