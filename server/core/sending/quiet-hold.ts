import { accountDelivery } from '../../domain/delivery-settings.ts'
import { RANK_OF } from '../../domain/priority.ts'
import { heldUntil } from '../../domain/quiet-hours.ts'
import { type HeldPair, loadHeldPairs } from '../../store/scheduled-sms.ts'
import type { SendableSms } from '../../store/sms.ts'
import type { Act } from '../step.ts'

/**
 * Until when quiet hours hold texts that would leave now; null: they may. When the hours have just ended, a text waits
 * for those of its pair that they held before it; an urgent one for none.
 */
export async function quietHold(step: Act, texts: SendableSms[]): Promise<(text: SendableSms) => Date | null> {
  const { quietHours = null } = accountDelivery(await step.ownerSettings())
  if (!quietHours) return () => null
  const pairs = texts.map(({ person, number }) => ({ person, number }))
  const held = await step.load<HeldPair>(loadHeldPairs, [step.accountId, step.now, JSON.stringify(pairs)])
  const firstOf = new Map(held.map(({ person, number, born }) => [`${person} ${number}`, born]))
  return text => {
    const first = text.rank === RANK_OF.urgent ? undefined : firstOf.get(`${text.person} ${text.number}`)
    const isBehind = first !== undefined && first < text.born
    return heldUntil(quietHours, text, step.now) ?? (isBehind ? step.now : null)
  }
}
