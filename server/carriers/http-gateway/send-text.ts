import type { GatewaySettings } from '../../domain/gateway-settings.ts'
import type { HttpClient } from '../../kit/http-client.ts'
import { createSlots } from '../../kit/http-client-slots.ts'
import type { Pace } from '../../kit/pace.ts'
import type { OutboundText, SendResult } from '../carrier.ts'
import { readAnswer, readFailure } from './answers.ts'
import { composeCall } from './calls.ts'
import type { Numbers } from './numbers.ts'
import { chooseCall } from './outbound.ts'
import type { SentTexts } from './sent-texts.ts'
import { Filler, type Names } from './template.ts'

export interface SendTextDeps {
  settings: GatewaySettings
  /** What templates may name of any text: secrets, values. */
  own: Names
  numbers: Numbers
  client: HttpClient
  pace: Pace
  sentTexts: SentTexts
  /** Addresses that the gateway is given with a text. */
  urlsFor(reference: string): Names
  redact(text: string): string
  isStopped(): boolean
  /** Null when all is well; else in words for the operator. */
  onHealth(lastError: string | null): void
}

export const AT_ONCE = 32
const CREDENTIALS_REFUSED = new Set([401, 402, 407])
const LONGEST_NAP_MS = 1000
const NO_GROUPS: SendResult = {
  kind: 'refused',
  errorCode: 30008,
  carrierCode: 'group',
  message: 'This gateway has no texts to groups.',
}

/** Sends texts by the gateway's calls, no more at once and no faster than it bears. */
export function openSendText(deps: SendTextDeps): (text: OutboundText) => Promise<SendResult> {
  const { settings, own, numbers, client, pace, sentTexts, redact } = deps
  const slots = createSlots(settings.atOnce ?? AT_ONCE)
  let line: Promise<void> = Promise.resolve()

  async function call(text: OutboundText): Promise<SendResult> {
    const chosen = chooseCall(settings, numbers, text)
    if (!chosen) return NO_GROUPS
    const filler = new Filler({ ...own, ...deps.urlsFor(text.reference), ...chosen.names }, settings.maps)
    const answer = await client.request(composeCall(settings, chosen.call, filler))
    if (answer.kind !== 'answer') {
      deps.onHealth(redact(`The gateway was not reached or did not answer: ${answer.message}.`))
      return readFailure(answer)
    }
    const { result, isThrottled } = readAnswer(settings, answer, text.reference)
    if (isThrottled) pace.slowDown()
    const isHeld = result.kind === 'retry' && CREDENTIALS_REFUSED.has(answer.status)
    deps.onHealth(isHeld ? redact(`The gateway answered ${answer.status}: ${result.message}`) : null)
    return result
  }

  /** In line, so that a slow pace is the same for all. */
  function waitForTurn(): Promise<void> {
    line = line.then(async () => {
      for (let waitMs = pace.take(); waitMs > 0 && !deps.isStopped(); waitMs = pace.take()) {
        await new Promise(resolve => setTimeout(resolve, Math.min(waitMs, LONGEST_NAP_MS)))
      }
    })
    return line
  }

  /** Codes and messages are the gateway's own words. */
  function redacted(result: SendResult): SendResult {
    if (result.kind === 'taken') return result
    const message = redact(result.message)
    return 'carrierCode' in result
      ? { ...result, message, carrierCode: redact(result.carrierCode) }
      : { ...result, message }
  }

  return async text => {
    const claimed = slots.claim('gateway')
    if (claimed) await claimed
    try {
      await waitForTurn()
      if (deps.isStopped()) return { kind: 'retry', carrierCode: 'stopped', message: 'This server is stopping.' }
      return sentTexts.heed(text, redacted(await call(text)))
    } finally {
      slots.release('gateway')
    }
  }
}
