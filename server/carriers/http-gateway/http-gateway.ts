import type { CarrierLedger } from '../../domain/carrier-ledger.ts'
import type { GatewaySecrets, GatewaySettings } from '../../domain/gateway-settings.ts'
import { createSlots } from '../../kit/http-client-slots.ts'
import { openKeyedQueue } from '../../kit/keyed-queue.ts'
import { Pace } from '../../kit/pace.ts'
import type { Carrier, CarrierOptions, OutboundText, SendResult } from '../carrier.ts'
import { readAnswer, readFailure } from './answers.ts'
import { authHeaders, composeCall } from './calls.ts'
import { callCheck } from './check.ts'
import { mountEndpoints } from './endpoints.ts'
import { EventNames } from './event-names.ts'
import { openNumbers } from './numbers.ts'
import { chooseCall } from './outbound.ts'
import { REFERENCE_PARAMETER } from './receipts.ts'
import { openRedact } from './redact.ts'
import { Filler } from './template.ts'

export interface GatewayOptions extends CarrierOptions {
  settings: GatewaySettings
  secrets: GatewaySecrets
  ledger: CarrierLedger
}

const AT_ONCE = 32
/** Texts from phones that are being taken, files and all. */
const MAX_TAKEN_AT_ONCE = 1000
/** Ids of texts on their way whose number is remembered, for receipts that name none. */
const MAX_REMEMBERED = 50_000
/** How often a gateway that was unwell is asked whether it is well again. */
const CHECK_EVERY_MS = 30_000
const CREDENTIALS_REFUSED = new Set([401, 402, 407])

/** Any gateway with an HTTP API, told by its settings how it is called and how it calls. See docs/http-gateways.md. */
export function openHttpGateway(options: GatewayOptions): Carrier {
  const { id, settings, client, clock, callbackUrl } = options
  const nowMs = clock.machineMs
  const secret = options.secrets.secrets ?? {}
  const redact = openRedact(secret)
  const onNotice = (message: string) => options.onNotice(redact(message))
  const numbers = openNumbers(settings.numbers)
  const pace = new Pace({ maxPerSecond: settings.maxPerSecond ?? null, nowMs })
  const slots = createSlots(settings.atOnce ?? AT_ONCE)
  const own = { secret, value: settings.values ?? {} }
  const secrets = new Filler(own, settings.maps)
  const remembered = new Map<string, string>()
  let lastError: string | null = null
  let isStopped = false
  let line: Promise<void> = Promise.resolve()
  let checker: NodeJS.Timeout | undefined

  async function send(text: OutboundText): Promise<SendResult> {
    const chosen = chooseCall(settings, numbers, text)
    if (!chosen) {
      return {
        kind: 'refused',
        errorCode: 30008,
        carrierCode: 'group',
        message: 'This gateway has no texts to groups.',
      }
    }
    const urls = { statusUrl: urlOf('status', { [REFERENCE_PARAMETER]: text.reference }), inboundUrl: urlOf('inbound') }
    const filler = new Filler({ ...own, ...urls, ...chosen.names }, settings.maps)
    await slots.claim(id)
    try {
      line = line.then(waitForPace)
      await line
      if (isStopped) return { kind: 'retry', carrierCode: 'stopped', message: 'This server is stopping.' }
      return redacted(await call(filler, chosen.call, text))
    } finally {
      slots.release(id)
    }
  }

  async function call(filler: Filler, asked: GatewaySettings['send'], text: OutboundText): Promise<SendResult> {
    const answer = await client.request(composeCall(settings, asked, filler))
    if (answer.kind !== 'answer') {
      lastError = redact(`The gateway was not reached or did not answer: ${answer.message}.`)
      return readFailure(answer)
    }
    const { result, isThrottled } = readAnswer(settings, answer, text.reference)
    if (isThrottled) pace.slowDown()
    const isRefusal = CREDENTIALS_REFUSED.has(answer.status) && result.kind !== 'taken'
    lastError = isRefusal
      ? redact(`The gateway answered ${answer.status}: ${'message' in result ? result.message : ''}`)
      : null
    if (result.kind === 'taken') {
      for (const each of [result.carrierMessageId, ...(result.otherPartIds ?? [])]) remember(each, text.number)
    }
    return result
  }

  async function waitForPace(): Promise<void> {
    for (let waitMs = pace.take(); waitMs > 0 && !isStopped; waitMs = pace.take()) {
      await new Promise(resolve => setTimeout(resolve, Math.min(waitMs, 1000)))
    }
  }

  /** Codes and messages are the gateway's own words. */
  function redacted(result: SendResult): SendResult {
    if (result.kind === 'taken') return result
    const message = redact(result.message)
    return 'carrierCode' in result
      ? { ...result, message, carrierCode: redact(result.carrierCode) }
      : { ...result, message }
  }

  function remember(carrierMessageId: string, number: string): void {
    if (remembered.size >= MAX_REMEMBERED) remembered.delete(remembered.keys().next().value ?? '')
    remembered.set(carrierMessageId, number)
  }

  /** Where the gateway calls; a token that it shows in the query goes with it. */
  function urlOf(endpoint: 'inbound' | 'status', query: Record<string, string> = {}): string {
    const { signature } = settings
    const isShown = signature?.kind === 'token' && signature.query !== undefined
    const token = isShown ? { [signature.query ?? '']: secrets.text(signature.equals) } : {}
    const parameters = new URLSearchParams({ ...token, ...query }).toString()
    return `${callbackUrl()}/${endpoint}${parameters && `?${parameters}`}`
  }

  async function look(): Promise<void> {
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
    health: () => ({
      isBound: lastError === null && !isStopped,
      links: { bound: lastError === null && !isStopped ? 1 : 0, wanted: 1 },
      lastError,
      perSecond: pace.perSecond,
    }),
    send: texts => Promise.all(texts.map(send)),
    mount(scope) {
      const { inbound, send } = settings
      const gateway = secrets.url(send.url)
      mountEndpoints(scope, {
        settings,
        secrets,
        numbers,
        doors: options.doors,
        ledger: options.ledger,
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
        numberOf: carrierMessageId => remembered.get(carrierMessageId) ?? null,
        onNotice,
      })
    },
    async start() {
      void look()
      checker = setInterval(() => {
        if (lastError !== null) void look()
      }, CHECK_EVERY_MS)
    },
    async stop() {
      isStopped = true
      clearInterval(checker)
    },
  }
}
