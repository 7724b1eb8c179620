import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Carrier } from './carrier.ts'

/** Lets a carrier register its endpoints under its path. Networks sign what they sent, so bodies stay bytes. */
export function mountCarrier(app: FastifyInstance, carrier: Carrier, path: string): void {
  app.register(
    async scope => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
      carrier.mount?.(scope)
    },
    { prefix: path },
  )
}

/** The body as it was sent; empty when there was none. */
export function bodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
}

/**
 * The request's URL as its sender may know it, for signatures that are over it: below the carrier's `callbackUrl`, which
 * is what we tell, or as the request says itself, where somebody wrote the URL down for another way to this server.
 */
export function calledUrls(request: FastifyRequest, callbackUrl: string): string[] {
  const { originalUrl, protocol, host } = request
  const path = callbackUrl.slice(callbackUrl.lastIndexOf('/carriers/'))
  const rest = originalUrl.slice(originalUrl.indexOf(path) + path.length)
  return [callbackUrl + rest, `${protocol}://${host}${originalUrl}`]
}
