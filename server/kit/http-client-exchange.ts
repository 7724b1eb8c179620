import type { Dispatcher } from 'undici'
import { HttpFailureError } from './http-client-failure.ts'

export type ResponseHeaders = Record<string, string | string[]>

export interface ExchangeLimits {
  /** Until TCP and TLS stand. */
  connectTimeoutMs: number
  /** Until the first byte of the answer, and between any two packets of it. */
  readTimeoutMs: number
  totalMs: number
  /** Of the body as it arrives on the wire. */
  maxBytes: number
}

/** How one request went on the wire: `error` is null when the answer is whole. */
export interface ExchangeEnd {
  status: number | null
  headers: ResponseHeaders
  body: Buffer
  error: Error | null
  /** Whether a connection stood, so that the request may have been seen. */
  wasSent: boolean
}

/** Sends one request through undici and gathers its answer under the limits. Never rejects. */
export function exchange(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  limits: ExchangeLimits,
): Promise<ExchangeEnd> {
  return new Promise(resolve => {
    const running = new Exchange(limits, resolve)
    try {
      dispatcher.dispatch(options, running)
    } catch (error) {
      running.end(error instanceof Error ? error : new Error(String(error)))
    }
  })
}

/** A class, since undici wants an object of handlers and closures made per request cost more. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #limits: ExchangeLimits
  readonly #resolve: (end: ExchangeEnd) => void
  readonly #totalTimer: NodeJS.Timeout
  #phaseTimer: NodeJS.Timeout
  #controller: Dispatcher.DispatchController | null = null
  #isEnded = false
  #status: number | null = null
  #headers: ResponseHeaders = {}
  #chunks: Buffer[] = []
  #bytes = 0

  constructor(limits: ExchangeLimits, resolve: (end: ExchangeEnd) => void) {
    this.#limits = limits
    this.#resolve = resolve
    this.#totalTimer = setTimeout(
      () => this.#stop('total_timeout', `took longer than ${limits.totalMs} ms`),
      limits.totalMs,
    )
    this.#phaseTimer = setTimeout(
      () => this.#stop('connect_timeout', `no connection after ${limits.connectTimeoutMs} ms`),
      limits.connectTimeoutMs,
    )
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isEnded) {
      controller.abort(new Error('given up before it was sent'))
      return
    }
    clearTimeout(this.#phaseTimer)
    this.#phaseTimer = setTimeout(
      () => this.#stop('read_timeout', `nothing received for ${this.#limits.readTimeoutMs} ms`),
      this.#limits.readTimeoutMs,
    )
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: object): void {
    this.#phaseTimer.refresh()
    if (status < 200) return
    this.#status = status
    this.#headers = Object.fromEntries(Object.entries(headers))
    if (Number(this.#headers['content-length']) > this.#limits.maxBytes) this.#stopAsTooLarge()
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#phaseTimer.refresh()
    const room = this.#limits.maxBytes - this.#bytes
    this.#bytes += chunk.length
    this.#chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk)
    if (chunk.length > room) this.#stopAsTooLarge()
  }

  onResponseEnd(): void {
    this.end(null)
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.end(error)
  }

  end(error: Error | null): void {
    if (this.#isEnded) return
    this.#isEnded = true
    clearTimeout(this.#totalTimer)
    clearTimeout(this.#phaseTimer)
    const only = this.#chunks[0]
    const body = only && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks)
    this.#resolve({
      status: this.#status,
      headers: this.#headers,
      body,
      error,
      wasSent: this.#controller !== null,
    })
  }

  #stopAsTooLarge(): void {
    this.#stop('too_large', `the answer is larger than ${this.#limits.maxBytes} bytes`)
  }

  /** Ends first: undici reports an abort as one more error, which then changes nothing. */
  #stop(kind: HttpFailureError['kind'], message: string): void {
    const error = new HttpFailureError(kind, message)
    this.end(error)
    this.#controller?.abort(error)
  }
}
