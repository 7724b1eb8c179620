import { errorMessageOf } from '../../domain/error-codes.ts'
import type { Sms } from '../../domain/sms.ts'
import { loadDueHeld, releaseSms } from '../../store/scheduled-sms.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { scopesOf } from '../inbox/send-texts.ts'
import { OptOuts, scopeOf } from '../opt-outs/opt-outs.ts'
import { progress } from '../receipts/progress.ts'
import { DEFAULT_VALIDITY_MS } from './queue-texts.ts'

const MAX_TEXTS_AN_ACT = 200
/** Source: Twilio, error 21610. */
const OPTED_OUT = 21610

/**
 * Queues texts again that quiet hours held and hold no more; their validity begins anew. One whose person has said stop
 * since fails. True when there may be more.
 */
export async function releaseHeld(core: Core, accountId: string): Promise<boolean> {
  return act(core, accountId, async step => {
    const due = await step.load<Sms>(loadDueHeld, [accountId, step.now, MAX_TEXTS_AN_ACT])
    if (due.length === 0) return false
    const routes = await step.numberRoutes(due.flatMap(sms => sms.number ?? []))
    const pairs = due.map(({ person, number }) => ({ person, number: number ?? '' }))
    const optOuts = await OptOuts.load(step, scopesOf(pairs, routes))
    for (const sms of due) {
      const route = routes.get(sms.number ?? '')
      if (route && optOuts.isBlocked({ scope: scopeOf(route), person: sms.person })) {
        const error = { errorCode: OPTED_OUT, errorMessage: errorMessageOf(OPTED_OUT) }
        progress(step, sms, [{ status: 'failed', ...error, nextAttemptAt: null }])
        continue
      }
      const validForMs = validityOf(sms)
      const isDue = {
        status: 'queued',
        nextAttemptAt: step.now,
        validUntil: new Date(step.now.getTime() + validForMs),
        settings: { ...sms.settings, validForMs },
        updatedAt: step.now,
      } satisfies Partial<Sms>
      Object.assign(sms, isDue, { version: step.tick() })
      step.changes.add(releaseSms, sms)
      step.requeue(sms)
    }
    return due.length === MAX_TEXTS_AN_ACT
  })
}

function validityOf({ settings, validUntil, createdAt }: Sms): number {
  return settings?.validForMs ?? (validUntil ? validUntil.getTime() - createdAt.getTime() : DEFAULT_VALIDITY_MS)
}
