import type { ExhaustedPolicy, Pick, Preference } from './pool-choice.ts'
import type { Priority } from './priority.ts'
import type { ProxySettings } from './proxy.ts'

/** What a pool is told to do, beyond its numbers and how it chooses among them. All of it is optional. */
export interface PoolSettings extends Record<string, unknown> {
  statusCallback?: string
  smartEncoding?: boolean
  /** A person keeps the number they were texted from before, in texts without a thread. On unless false. */
  stickySender?: boolean
  areaCodeGeomatch?: boolean
  validForMs?: number
  /** Of texts through the pool that say none. */
  priority?: Priority
  /** The app that is told of texts to the pool's numbers. */
  inboundRequestUrl?: string
  inboundMethod?: 'GET' | 'POST'
  fallbackUrl?: string
  fallbackMethod?: 'GET' | 'POST'
  /** The number's own app is told instead of the pool's; when false, only the pool's, if it has one. */
  useInboundWebhookOnNumber?: boolean
  /** The pool masks persons from each other; it sends no other texts. */
  proxy?: ProxySettings
}

/** How a pool gives its numbers to threads. */
export interface PoolRules {
  name: string
  picks: Pick
  /** What counts before `picks`, the first most. */
  prefers: Preference[]
  exhausted: ExhaustedPolicy
  /** How long a pair rests when it was released. */
  cooldownMs: number
  /** Resting pairs are not used at all; else only when no other is free. */
  isStrict: boolean
  /** How long after its end a thread takes late replies. */
  lateForMs: number
  /** How long who had a number, and which threads were refused, is remembered; at least as long as rest and late replies need. */
  rememberForMs: number
  /** Threads close so long after their last message; null: never by themselves. */
  expiresAfterMs: number | null
}
