import type { SmsStatus } from '../../domain/sms.ts'
import { loadInteractionsOfTexts, type ToldInteraction } from '../../store/proxy.ts'
import type { SmsForProgress } from '../../store/sms.ts'
import type { Act } from '../step.ts'
import type { ThreadEvent } from '../threads/thread-events.ts'
import { interactionCall } from './interactions.ts'
import { isProxyPool } from './proxy-pool.ts'

/** What apps hear of: each step that a text takes once it has left. */
const TOLD: ReadonlySet<SmsStatus> = new Set(['sent', 'delivered', 'undelivered', 'failed'])

/**
 * Tells the apps of services how the texts fare that were passed on. Source: Twilio, Proxy Service, CallbackUrl: "called
 * when the interaction status changes".
 */
export async function tellStatuses(core: { publicUrl: string }, step: Act, events: ThreadEvent[]): Promise<void> {
  const moved = events.flatMap(event =>
    event.kind === 'delivery_changed' && event.sms.poolId && TOLD.has(event.sms.status) ? [event.sms] : [],
  )
  if (moved.length === 0) return
  const pools = await step.poolRoutes(moved.flatMap(({ poolId }) => poolId ?? []))
  const urlOf = ({ poolId }: SmsForProgress) => {
    const pool = pools.get(poolId ?? '')
    return isProxyPool(pool) ? pool.settings.proxy.callbackUrl : null
  }
  const watched = moved.filter(urlOf)
  if (watched.length === 0) return
  const ids = JSON.stringify([...new Set(watched.map(({ id }) => id))])
  const rows = await step.load<ToldInteraction>(loadInteractionsOfTexts, [step.accountId, ids])
  const bySms = new Map(rows.map(row => [row.outboundSmsId, row]))
  for (const outbound of watched) {
    const interaction = bySms.get(outbound.id)
    const url = urlOf(outbound)
    if (!interaction || !url) continue
    const texts = { inbound: interaction.inbound, outbound }
    const told = { ...interaction, updatedAt: step.now }
    step.addCall(interactionCall(core, step, told, { kind: 'hook', url, texts }))
  }
}
