import { Refusal } from '../../domain/refusal.ts'
import type { Sms } from '../../domain/sms.ts'
import { loadMedia, type Media } from '../../store/media.ts'
import { loadSmsByIds } from '../../store/sms.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { removeMedia } from './media.ts'

/**
 * Takes one file off a text; its bytes stay while a thread's message shows them. Refuses `not_found`, and `unfinished`
 * while the text is still to be sent.
 */
export async function deleteMediaFile(
  core: Core,
  accountId: string,
  { smsId, mediaId }: { smsId: string; mediaId: string },
): Promise<void> {
  await act(core, accountId, async step => {
    const [sms] = await step.load<Sms>(loadSmsByIds, [accountId, JSON.stringify([smsId])])
    const [media] = await step.load<Media>(loadMedia, [accountId, mediaId])
    if (!sms || media?.smsId !== smsId) throw new Refusal('not_found', `There is no file ${mediaId}.`)
    if (sms.nextAttemptAt) throw new Refusal('unfinished', 'The message is still to be sent')
    removeMedia(step, sms, mediaId)
  })
}
