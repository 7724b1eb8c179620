import type { SmppSettings } from '../../domain/smpp-settings.ts'
import { type Backoff, backoffMs } from '../../kit/backoff.ts'
import { within } from '../../kit/within.ts'
import { DEFAULTS, Link, type LinkOptions, type Role } from './link.ts'

export interface BindsOptions extends Omit<LinkOptions, 'role' | 'onEnd'> {
  /** A link was bound or ended. */
  onChange(): void
  /** Told when a link could not be opened or ended, in words for the operator. */
  onTrouble(message: string): void
}

const FIRST_WAIT_MS = 500
/** A link that lived so long was well: what ended it says nothing of the next one. */
const WELL_AFTER_MS = 30_000
const STOP_WITHIN_MS = 1000

/** Keeps as many links bound as the settings ask for. */
export interface Binds {
  /** The bound link with most room for a submit; null when none has any. */
  roomiest(): Link | null
  /** Whether a link is bound that takes submits. */
  readonly canSubmit: boolean
  readonly bound: Link[]
  /** Submits that the windows of all bound links hold together. */
  readonly room: number
  readonly wanted: number
  readonly lastError: string | null
  start(): void
  /** Takes leave on all links. */
  stop(): Promise<void>
}

export function openBinds(options: BindsOptions): Binds {
  const { settings } = options
  const wanted = rolesOf(settings)
  const bound: Link[] = []
  const opening = new Set<Promise<void>>()
  const waits = new Set<NodeJS.Timeout>()
  const backoff: Backoff = {
    firstMs: FIRST_WAIT_MS,
    maxMs: settings.reconnectWithinMs ?? DEFAULTS.reconnectWithinMs,
  }
  let lastError: string | null = null
  let isStopped = false

  function keep(role: Role, attempt: number): void {
    if (isStopped) return
    const attemptOver = open(role, attempt).finally(() => opening.delete(attemptOver))
    opening.add(attemptOver)
  }

  async function open(role: Role, attempt: number): Promise<void> {
    let boundAtMs = 0
    try {
      const link = await Link.open({
        ...options,
        role,
        onEnd(ended, reason) {
          bound.splice(bound.indexOf(ended), 1)
          if (!isStopped) trouble(`A link ended: ${reason}.`)
          options.onChange()
          keepLater(role, options.nowMs() - boundAtMs >= WELL_AFTER_MS ? 1 : attempt + 1)
        },
      })
      boundAtMs = options.nowMs()
      bound.push(link)
      if (bound.length === wanted.length) lastError = null
      if (isStopped) return await link.close()
      options.onChange()
    } catch (error) {
      trouble(error instanceof Error ? error.message : String(error))
      keepLater(role, attempt + 1)
    }
  }

  function keepLater(role: Role, attempt: number): void {
    if (isStopped) return
    const timer = setTimeout(
      () => {
        waits.delete(timer)
        keep(role, attempt)
      },
      backoffMs(backoff, attempt, Math.random),
    )
    waits.add(timer)
  }

  function trouble(message: string): void {
    lastError = message
    options.onTrouble(message)
  }

  return {
    bound,
    wanted: wanted.length,
    get lastError() {
      return lastError
    },
    get canSubmit() {
      return bound.some(link => link.isBound && link.role !== 'receiver')
    },
    get room() {
      const senders = bound.filter(link => link.isBound && link.role !== 'receiver')
      return senders.length * (settings.window ?? DEFAULTS.window)
    },
    roomiest() {
      let best: Link | null = null
      for (const link of bound) {
        if (link.canSubmit && (best === null || link.underWay < best.underWay)) best = link
      }
      return best
    },
    start() {
      for (const role of wanted) keep(role, 1)
    },
    async stop() {
      isStopped = true
      for (const timer of waits) clearTimeout(timer)
      // A link that is just being bound takes leave as soon as it is.
      await within(STOP_WITHIN_MS, Promise.all([...bound.map(link => link.close()), ...opening]))
    },
  }
}

/** The roles of all links that the settings ask for. */
export function rolesOf({ bind = 'transceiver', binds = 1 }: SmppSettings): Role[] {
  const roles: Role[] = bind === 'transceiver' ? ['transceiver'] : ['transmitter', 'receiver']
  return Array.from({ length: binds }, () => roles).flat()
}
