import type { SmsForProgress } from '../../store/sms.ts'
import { OptOuts, scopeOf } from '../opt-outs/opt-outs.ts'
import type { Act } from '../step.ts'

/** Source: Twilio, error 21610: the recipient opted out. Carriers of other kinds have their codes mapped to it. */
const OPTED_OUT = 21610

/** Blocks the persons who opted out at the carrier, which we learn from its refusal of texts to them. */
export async function heedRefusals(step: Act, texts: Iterable<SmsForProgress>): Promise<void> {
  const refused = [...texts].filter(text => text.errorCode === OPTED_OUT && text.number !== null && !text.others)
  if (refused.length === 0) return
  const routes = await step.numberRoutes(refused.map(text => text.number ?? ''))
  const blocks = refused.flatMap(({ id, number, person }) => {
    const route = routes.get(number ?? '')
    return route ? [{ smsId: id, scope: { scope: scopeOf(route), person } }] : []
  })
  const book = await OptOuts.load(
    step,
    blocks.map(each => each.scope),
  )
  for (const { smsId, scope } of blocks) book.block(step, scope, { source: 'carrier', said: null, smsId })
  book.store(step)
}
