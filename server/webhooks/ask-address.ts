import { randomBytes } from 'node:crypto'
import type { HttpClient } from '../kit/http-client.ts'
import { headerOf } from './hop.ts'
import { PUSH_AGENT, PUSH_CONTENT_TYPE, PUSH_WITHIN_MS } from './run-push.ts'

/** Source: RingCentral, "Webhooks", validation. */
const MAX_ANSWER_BYTES = 1024

/** Asks an address whether it wants to be told; null when it does, else what is wrong with its answer. */
export type AskAddress = (address: string) => Promise<string | null>

/**
 * The handshake of a webhook: the receiver shows that it is one by sending the `Validation-Token` back, with status 200,
 * within 3 s. Source: RingCentral, "Webhooks", validation.
 */
export function openAskAddress(client: HttpClient, allowPrivate: boolean): AskAddress {
  return async address => {
    const token = randomBytes(16).toString('hex')
    const outcome = await client.request({
      url: address,
      method: 'POST',
      headers: {
        'User-Agent': PUSH_AGENT,
        Accept: 'application/json',
        'Content-Type': PUSH_CONTENT_TYPE,
        'Validation-Token': token,
      },
      body: '',
      connectTimeoutMs: PUSH_WITHIN_MS,
      readTimeoutMs: PUSH_WITHIN_MS,
      totalMs: PUSH_WITHIN_MS,
      maxBytes: MAX_ANSWER_BYTES,
      allowPrivate,
    })
    if (outcome.kind !== 'answer') return outcome.message
    if (outcome.status !== 200) return `HTTP status ${outcome.status}`
    return headerOf(outcome.headers, 'validation-token') === token ? null : 'Validation-Token was not returned'
  }
}
