import type { CarrierLedger } from '../../domain/carrier-ledger.ts'
import type { GatewaySecrets, GatewaySettings } from '../../domain/gateway-settings.ts'
import { openKeyedQueue } from '../../kit/keyed-queue.ts'
import { Pace } from '../../kit/pace.ts'
import type { Carrier, CarrierOptions } from '../carrier.ts'
import { authHeaders } from './calls.ts'
import { callCheck } from './check.ts'
import { mountEndpoints } from './endpoints.ts'
import { EventNames } from './event-names.ts'
import { openNotices } from './notices.ts'
import { openNumbers } from './numbers.ts'
import { REFERENCE_PARAMETER } from './receipts.ts'
import { openRedact } from './redact.ts'
import { AT_ONCE, openSendText } from './send-text.ts'
import { SentTexts } from './sent-texts.ts'
import { Filler } from './template.ts'

export interface GatewayOptions extends CarrierOptions {
  settings: GatewaySettings
  secrets: GatewaySecrets
  ledger: CarrierLedger
}

/** Texts from phones that are being taken, files and all. */
const MAX_TAKEN_AT_ONCE = 1000
/** How often a gateway that was unwell is asked whether it is well again, and texts are looked for that receipts named. */
const LOOK_EVERY_MS = 15_000

/** Any gateway with an HTTP API, told by its settings how it is called and how it calls. See docs/http-gateways.md. */
export function openHttpGateway(options: GatewayOptions): Carrier {
  const { id, settings, doors, ledger, client, clock, callbackUrl } = options
  const nowMs = clock.machineMs
  const redact = openRedact(options.secrets.secrets ?? {})
  const numbers = openNumbers(settings.numbers)
  const pace = new Pace({ maxPerSecond: settings.maxPerSecond ?? null, nowMs })
  const own = { secret: options.secrets.secrets ?? {}, value: settings.values ?? {} }
  const secrets = new Filler(own, settings.maps)
  const sentTexts = new SentTexts(nowMs)
  let lastError: string | null = null
  let isStopped = false
  let looker: NodeJS.Timeout | undefined

  const sendText = openSendText({
    settings,
    own,
    numbers,
    client,
    pace,
    sentTexts,
    urlsFor: reference => ({
      statusUrl: urlOf('status', { [REFERENCE_PARAMETER]: reference }),
      inboundUrl: urlOf('inbound'),
    }),
    redact,
    isStopped: () => isStopped,
    onHealth(error) {
      lastError = error
    },
  })

  /** Where the gateway calls; a token that it shows in the query goes with it. */
  function urlOf(endpoint: 'inbound' | 'status', query: Record<string, string> = {}): string {
    const { signature } = settings
    const isShown = signature?.kind === 'token' && signature.query !== undefined
    const token = isShown ? { [signature.query ?? '']: secrets.text(signature.equals) } : {}
    const parameters = new URLSearchParams({ ...token, ...query }).toString()
    return `${callbackUrl()}/${endpoint}${parameters && `?${parameters}`}`
  }

  async function check(): Promise<void> {
    if (!settings.check) return
    try {
      await callCheck({ settings, secrets: options.secrets, clock, client })
      lastError = null
    } catch (error) {
      lastError = error instanceof Error ? error.message : String(error)
    }
  }

  return {
    id,
    batchesAtOnce: Number.POSITIVE_INFINITY,
    mayHold: () => settings.atOnce ?? AT_ONCE,
    health() {
      const isBound = lastError === null && !isStopped
      return { isBound, links: { bound: isBound ? 1 : 0, wanted: 1 }, lastError, perSecond: pace.perSecond }
    },
    send: texts => Promise.all(texts.map(sendText)),
    mount(scope) {
      const { inbound, send } = settings
      const gateway = secrets.url(send.url)
      mountEndpoints(scope, {
        settings,
        secrets,
        numbers,
        doors,
        ledger,
        sentTexts,
        media: {
          client,
          gateway: URL.canParse(gateway) ? new URL(gateway).origin : '',
          auth: inbound?.mediaAuth ? { prefix: inbound.mediaAuth, headers: authHeaders(settings, secrets) } : null,
        },
        eventNames: new EventNames(options.ids, nowMs),
        pairs: openKeyedQueue({ maxRunning: MAX_TAKEN_AT_ONCE }),
        callbackUrl,
        nowMs,
        isStopped: () => isStopped,
        onNotice: openNotices(message => options.onNotice(redact(message)), nowMs),
      })
    },
    async start() {
      void check()
      looker = setInterval(() => {
        if (lastError !== null) void check()
        sentTexts.resolveNamed(ledger).catch(options.onError)
      }, LOOK_EVERY_MS)
    },
    async stop() {
      isStopped = true
      clearInterval(looker)
    },
  }
}
