import { Refusal } from '../../domain/refusal.ts'
import type { Sms } from '../../domain/sms.ts'
import { type Feedback, loadFeedback, putFeedback } from '../../store/feedback.ts'
import { loadSmsByIds } from '../../store/sms.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'

/** Keeps what a program says of a text that it sent. Refuses `not_found` for a text that is not there or came in. */
export async function giveFeedback(
  core: Core,
  accountId: string,
  { smsId, outcome }: Pick<Feedback, 'smsId' | 'outcome'>,
): Promise<{ sms: Sms; feedback: Feedback }> {
  return act(core, accountId, async step => {
    const [sms] = await step.load<Sms>(loadSmsByIds, [accountId, JSON.stringify([smsId])])
    if (sms?.direction !== 'out') throw new Refusal('not_found', `No text ${smsId} was sent.`)
    const [before] = await step.load<Feedback>(loadFeedback, [accountId, smsId])
    const feedback = { smsId, outcome, createdAt: before?.createdAt ?? step.now, updatedAt: step.now }
    step.changes.add(putFeedback, feedback)
    return { sms, feedback }
  })
}
