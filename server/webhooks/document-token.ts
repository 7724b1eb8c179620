import { createHash } from 'node:crypto'

/**
 * The I-Twilio-Idempotency-Token of a call's n-th document, from 0. An app that has seen a token may ignore a request
 * that bears it, so each document has its own; a call that is made again has the same ones. The first is the call's.
 */
export function documentToken(callToken: string, document: number): string {
  if (document === 0) return callToken
  const hex = createHash('sha256').update(`${callToken} ${document}`).digest('hex')
  // The digits of a UUIDv8, which is for such uses: RFC 9562, 5.8.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
