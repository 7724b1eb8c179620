import type { GatewaySettings } from '../../domain/gateway-settings.ts'
import { type HeardText, isText, readText } from './inbound-texts.ts'
import type { Numbers } from './numbers.ts'
import type { Source } from './path.ts'
import { type HeardReceipt, isReceipt, readReceipt } from './receipts.ts'

/** What a gateway's endpoints are called. */
export type Endpoint = 'inbound' | 'status'

export interface Heard {
  texts: HeardText[]
  receipts: HeardReceipt[]
  /** How many texts were passed over, since they name no sender or no number of ours. */
  nameless: number
}

/** The texts and receipts among events, each in order. */
export function hearEvents(
  events: Source[],
  { settings, numbers, endpoint }: { settings: GatewaySettings; numbers: Numbers; endpoint: Endpoint },
): Heard {
  const { inbound, receipts, errors } = settings
  const heard: Heard = { texts: [], receipts: [], nameless: 0 }
  for (const event of events) {
    if (inbound && isText(event, inbound, endpoint)) {
      const text = readText(event, inbound, numbers)
      if (text) heard.texts.push(text)
      else heard.nameless += 1
    } else if (receipts && isReceipt(event, receipts, endpoint)) {
      const receipt = readReceipt(event, { receipts, errors, numbers })
      if (receipt) heard.receipts.push(receipt)
    }
  }
  return heard
}
