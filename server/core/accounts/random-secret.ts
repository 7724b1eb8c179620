import { randomBytes } from 'node:crypto'

/** A new token or secret: 128 bits as 32 hex digits, as Twilio's auth tokens are. */
export function randomSecret(): string {
  return randomBytes(16).toString('hex')
}
