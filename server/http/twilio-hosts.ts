import type { FastifyRequest } from 'fastify'

/** Products whose paths collide, and are therefore served below a prefix: `conversations.*` means `/conversations`. */
const PRODUCT_HOST = /^(conversations|messaging|proxy|mcs)\./i
/** Twilio's paths begin with a capital after the version; our own API, which may be at such a host too, never does. */
const PRODUCT_PATH = /^\/v[0-9]+\/[A-Z]/
const TWILIO_HOST = /\.twilio\.com(?::[0-9]+)?$/i

/**
 * The path that serves a request by its Host header: programs that reach us as `conversations.twilio.com` (through a
 * proxy, DNS or a hosts file) ask for paths without the prefix. `api.*` needs none: its paths are unique.
 */
export function pathByHost(host: string | undefined, url: string): string {
  const product = host === undefined ? null : PRODUCT_HOST.exec(host)
  return product?.[1] && PRODUCT_PATH.test(url) ? `/${product[1].toLowerCase()}${url}` : url
}

/**
 * Where absolute URLs in an answer begin, so that they lead back to us the way the request came: as the product's host
 * where it was asked by one, else the public URL where it is set, else the request's own origin.
 */
export function originOf(request: FastifyRequest, publicUrl: string | null): string {
  const { host } = request
  if (TWILIO_HOST.test(host)) return `https://${host}`
  if (PRODUCT_HOST.test(host) || publicUrl === null) return `${request.protocol}://${host}`
  return publicUrl
}
