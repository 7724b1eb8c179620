import formbody from '@fastify/formbody'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyInstance, type FastifyRequest, type FastifyServerOptions } from 'fastify'
import { cleanTexts } from '../domain/text.ts'
import { isAway } from '../kit/database-away.ts'
import { refuseInfinity, withDecodablePath, withoutNul } from './hostile-requests.ts'
import { pathByHost } from './twilio-hosts.ts'

export type App = FastifyInstance

/** Enough for the largest form a dialect takes; uploads set their own limit. */
const BODY_LIMIT_BYTES = 1024 * 1024
/** Longer than any that Node takes: dialects say in their own words that there is nothing of so long a name. */
const MAX_URL_LENGTH = 16 * 1024
const REQUEST_TIMEOUT_MS = 60_000
/** Longer than load balancers' usual 60 s, so that they never reuse a connection that we are closing. */
const KEEP_ALIVE_MS = 65_000

/** The options of every server here, the measured baseline's included. */
export function serverOptions(trustProxy: string[] | boolean = false): FastifyServerOptions {
  return {
    logger: false,
    trustProxy,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    rewriteUrl: request => pathByHost(request.headers.host, withDecodablePath(withoutNul(request.url ?? '/'))),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_URL_LENGTH },
  }
}

export interface HttpServerOptions {
  trustProxy: string[] | boolean
  /** Whether everything is ready to serve. */
  isReady(): Promise<boolean>
  /** How the carriers of accounts are, for the operator; asked only while the server is ready. */
  carriers(): Promise<object[]>
  onError(error: unknown, request: FastifyRequest): void
}

/** The one HTTP server: health, and what every dialect answers alike. Dialects are registered by main. */
export function openHttpServer(options: HttpServerOptions): App {
  const app = Fastify(serverOptions(options.trustProxy)).withTypeProvider<TypeBoxTypeProvider>()
  app.register(formbody)
  app.addHook('preHandler', refuseInfinity)
  // SDKs send an empty body with a JSON content type on POST and DELETE; that is no body.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, undefined)
    try {
      const parsed: unknown = JSON.parse(body as string)
      done(null, MAYBE_UNSTORABLE.test(body as string) ? cleanTexts(parsed) : parsed)
    } catch (error) {
      done(Object.assign(error as Error, { statusCode: 400, code: 'body_not_json' }))
    }
  })
  app.setErrorHandler((error, request, reply) => {
    const status = statusOf(error)
    if (status >= 500) options.onError(error, request)
    const message = status >= 500 ? SERVER_MESSAGES[status] : (error as Error).message
    return reply.code(status).send({ code: codeOf(error, status), message })
  })
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ code: 'not_found', message: `There is nothing at ${request.method} ${request.url}.` }),
  )
  app.get('/healthz', async (_request, reply) => {
    const isReady = await options.isReady()
    const carriers = isReady ? await options.carriers() : []
    return reply
      .code(isReady ? 200 : 503)
      .send({ status: isReady ? 'ok' : 'unavailable', ...(carriers.length > 0 && { carriers }) })
  })
  return app as unknown as App
}

/** In JSON, what the database cannot hold can only be written as an escape. */
const MAYBE_UNSTORABLE = /\\u(?:0000|[dD][89a-fA-F])/

const SERVER_MESSAGES: Record<number, string> = {
  500: 'Something went wrong here; the details are in the server log.',
  503: 'The database is away; try again soon.',
}

/** The HTTP status of an error that no dialect spelled itself. */
export function statusOf(error: unknown): number {
  if (isAway(error)) return 503
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  return status >= 400 && status < 500 ? status : 500
}

function codeOf(error: unknown, status: number): string {
  if (status === 503) return 'unavailable'
  if (status === 500) return 'internal'
  return error instanceof Error && 'code' in error ? String(error.code).toLowerCase() : 'bad_request'
}
