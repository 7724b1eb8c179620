import type { CarrierLedger } from '../domain/carrier-ledger.ts'
import type { CarrierDraft } from '../domain/carrier-record.ts'
import type { Clock } from '../domain/clock.ts'
import type { Carrier, CarrierOptions } from './carrier.ts'
import { checkGateway } from './http-gateway/check.ts'
import { openHttpGateway } from './http-gateway/http-gateway.ts'
import { checkSmpp } from './smpp/check.ts'
import { openSmpp } from './smpp/smpp.ts'
import { checkTwilio } from './twilio/check.ts'
import { openTwilio } from './twilio/twilio.ts'

/** Opens a carrier of an account by its kind; it does nothing before it is started. */
export function openCarrier(
  { kind, settings, secrets }: CarrierDraft,
  options: CarrierOptions & { ledger: CarrierLedger },
): Carrier {
  switch (kind) {
    case 'smpp':
      return openSmpp({ ...options, settings, secrets })
    case 'http':
      return openHttpGateway({ ...options, settings, secrets })
    case 'twilio':
      return openTwilio({ ...options, settings, secrets })
    default:
      return kind satisfies never
  }
}

/** Tries whether a carrier can be reached with what it is told; one line for the operator. Throws with one when not. */
export async function checkCarrier({ kind, settings, secrets }: CarrierDraft, clock: Clock): Promise<string> {
  switch (kind) {
    case 'smpp':
      return checkSmpp({ settings, secrets, clock })
    case 'http':
      return checkGateway({ settings, secrets, clock })
    case 'twilio':
      return checkTwilio({ settings, secrets, clock })
    default:
      return kind satisfies never
  }
}
