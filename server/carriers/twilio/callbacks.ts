import { isIP } from 'node:net'
import { classifyIp } from '../../kit/http-client-address.ts'

/**
 * Whether the API can call us there: an address of our own network means nothing to an API outside of it, which would
 * refuse texts that name it.
 */
export function canCallBack(callbackUrl: string, apiOrigin: string): boolean {
  return !isInside(callbackUrl) || isInside(apiOrigin)
}

function isInside(url: string): boolean {
  const hostname = new URL(url).hostname.replace(/^\[|\]$/g, '')
  return hostname === 'localhost' || (isIP(hostname) > 0 && classifyIp(hostname) !== 'public')
}
