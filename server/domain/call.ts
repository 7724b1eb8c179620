/** What a call tells the app: an inbound text, a status, what happened (`hook`), a reply in a thread, news of a subscription (`push`); or asks: may this happen (`pre`). */
export type CallKind = 'inbound' | 'status' | 'hook' | 'reply' | 'push' | 'pre'

/** One request to a customer's app. Waiting while `nextAttemptAt` is set. */
export interface Call {
  id: string
  kind: CallKind
  /** One of our numbers, or 'account'. */
  lane: string
  /** Calls of one key are made one at a time, in order of `born`. */
  orderKey: string
  smsId: string | null
  threadId: string | null
  number: string | null
  person: string | null
  url: string
  method: 'GET' | 'POST'
  fallbackUrl: string | null
  fallbackMethod: 'GET' | 'POST' | null
  parameters: [string, string][]
  /** The body of a call that is posted as JSON. */
  json?: unknown
  /** The subscription that a push is for: its address and token are looked up when it is made. */
  subscriptionId?: string | null
  /** The session of the pair that the text fell into; null for calls without cookies. */
  sessionStartedAt: Date | null
  /** World time of what the call tells. */
  arrivedAt: Date
  attempts: number
  nextAttemptAt: Date | null
  version: number
  born: number
}
