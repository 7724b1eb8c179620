import type { CarrierLedger } from '../../domain/carrier-ledger.ts'
import type { TwilioSecrets, TwilioSettings } from '../../domain/twilio-settings.ts'
import { openKeyedQueue } from '../../kit/keyed-queue.ts'
import { within } from '../../kit/within.ts'
import type { Carrier, CarrierOptions } from '../carrier.ts'
import { ApiTrouble, openTwilioApi } from './api.ts'
import { canCallBack } from './callbacks.ts'
import { openHealth } from './health.ts'
import { openIntake } from './intake.ts'
import { openTwilioNumbers } from './numbers.ts'
import { openReconciler } from './reconciler.ts'
import { twilioRoutes } from './routes.ts'
import { openSendText } from './send-text.ts'
import { openUnknownTexts } from './unknown-texts.ts'
import { openWatch } from './watch.ts'

export interface TwilioOptions extends CarrierOptions {
  ledger: CarrierLedger
  settings: TwilioSettings
  secrets: TwilioSecrets
}

const REQUESTS_AT_ONCE = 30
const ANSWER_WITHIN_MS = 15_000
const RECONCILE_EVERY_MS = 5 * 60_000
const RESEND_AFTER_MS = 2 * 60_000
const NOT_CALLED =
  'Twilio cannot call this server; set HEDDLE_PUBLIC_URL. Until then texts and receipts come only when its list is read.'
/** How long a stop waits for what is under way. */
const DRAIN_WITHIN_MS = 1_000

/** An existing Twilio account, or one at whatever speaks its API. Source: Twilio, "Programmable Messaging". */
export function openTwilio(options: TwilioOptions): Carrier {
  const { id, settings, secrets, doors, ledger, clock, client, callbackUrl, onError, onNotice } = options
  const nowMs = clock.machineMs
  const answerWithinMs = settings.answerWithinMs ?? ANSWER_WITHIN_MS
  const health = openHealth({
    onBack: () => watch.soon({ isDeep: true }),
    onTrouble: onNotice,
  })
  const api = health.watch(openTwilioApi({ settings: { ...settings, answerWithinMs }, secrets, client }))
  const intake = openIntake({ doors, api, client })
  let isStopped = false
  const isCalled = () => canCallBack(callbackUrl(), api.origin)
  const tell = (error: unknown) => (error instanceof ApiTrouble ? onNotice(error.message) : onError(error))
  const unknownTexts = openUnknownTexts({
    api,
    ledger,
    report: doors.report,
    nowMs,
    world: clock.world,
    answerWithinMs,
    // What is still under way must not be taken for what was never taken.
    resendAfterMs: Math.max(settings.resendAfterMs ?? RESEND_AFTER_MS, 2 * answerWithinMs),
  })
  const reconciler = openReconciler({
    settings,
    api,
    ledger,
    doors,
    intake,
    unknownTexts,
    world: clock.world,
    isStopped: () => isStopped,
    onError: tell,
  })
  const watch = openWatch({
    look: reconciler.look,
    everyMs: settings.reconcileEveryMs ?? RECONCILE_EVERY_MS,
    againMs: answerWithinMs + 1000,
    nowMs,
    onError: tell,
  })
  const requestsAtOnce = settings.requestsAtOnce ?? REQUESTS_AT_ONCE
  const sends = openKeyedQueue({ maxRunning: requestsAtOnce })
  const sendText = openSendText({
    settings,
    api,
    statusUrl: reference => (isCalled() ? `${callbackUrl()}/status?text=${encodeURIComponent(reference)}` : null),
  })

  return {
    id,
    batchesAtOnce: Number.POSITIVE_INFINITY,
    mayHold: () => requestsAtOnce,
    health: () => health.now,
    numbers: openTwilioNumbers({ api, callbackUrl }),
    mount: scope => twilioRoutes(scope, { settings, secrets, doors, ledger, intake, watch, callbackUrl, onNotice }),
    async send(texts) {
      if (isStopped)
        return texts.map(() => ({ kind: 'retry', why: 'away', carrierCode: 'stopped', message: 'This node stops.' }))
      const results = await Promise.all(
        texts.map(text => sends.push(`${text.persons.join()} ${text.number}`, () => sendText(text))),
      )
      if (results.some(result => result.kind === 'unknown')) watch.soon()
      return results
    },
    async start() {
      if (!isCalled()) onNotice(NOT_CALLED)
      watch.start()
    },
    async stop() {
      isStopped = true
      await within(DRAIN_WITHIN_MS, Promise.all([sends.idle(), watch.stop()]))
    },
  }
}
