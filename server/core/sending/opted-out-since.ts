import { errorMessageOf } from '../../domain/error-codes.ts'
import type { SendableSms } from '../../store/sms.ts'
import { OptOuts, scopeOf } from '../opt-outs/opt-outs.ts'
import type { Act } from '../step.ts'
import { SenderRoutes } from './sender-routes.ts'

/** Source: Twilio, error 21610. */
const OPTED_OUT = 21610

/**
 * Why texts that waited may not leave any more: the person has opted out since they were written. What was written after,
 * as the answer that says so, was judged when it was written.
 */
export async function optedOutSince(
  step: Act,
  texts: SendableSms[],
): Promise<(text: SendableSms) => { errorCode: number; errorMessage: string } | null> {
  const routes = await SenderRoutes.load(
    step,
    texts.flatMap(({ number }) => number ?? []),
  )
  const scopeOfText = ({ number, person, poolId }: SendableSms) => {
    const route = routes.get(number, poolId)
    return route && { person, scope: scopeOf(route) }
  }
  const optOuts = await OptOuts.load(
    step,
    texts.flatMap(text => scopeOfText(text) ?? []),
  )
  return text => {
    const scope = text.others === null ? scopeOfText(text) : undefined
    if (!scope || !optOuts.isBlockedSince(scope, text.born)) return null
    return { errorCode: OPTED_OUT, errorMessage: errorMessageOf(OPTED_OUT) }
  }
}
