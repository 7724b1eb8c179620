import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Core } from '../core/core.ts'
import { newId, sid } from '../domain/ids.ts'
import type { Credentials } from './credentials.ts'
import type { App } from './server.ts'
import { openTwilioAuth, type TwilioCaller } from './twilio-auth.ts'
import { type ConcurrentRequests, openConcurrentRequests } from './twilio-concurrency.ts'
import { answerTwilioError, methodNotAllowed, notFound, type TwilioSpellings } from './twilio-errors.ts'
import { Parameters } from './twilio-parameters.ts'

/** One request to a resource: whose it is and what it says. */
export interface TwilioCall extends TwilioCaller {
  /** The named parts of the path, without `.json`. */
  path: Record<string, string>
  /** Of the form or JSON body; of the query for `list`, `fetch` and `remove`. */
  parameters: Parameters
  request: FastifyRequest
  reply: FastifyReply
}

/** Answers what goes into the body; `reply` when it answered by itself. Throws `TwilioError` and `Refusal`. */
export type TwilioHandler = (call: TwilioCall) => Promise<unknown>

/** What may be done with a resource. Each is a method and a status: a wrong method is answered 405. */
export interface TwilioVerbs {
  /** GET, 200, on a list. */
  list?: TwilioHandler
  /** POST, 201, on a list. */
  create?: TwilioHandler
  /** GET, 200, on an instance. */
  fetch?: TwilioHandler
  /** POST, 200, on an instance. */
  update?: TwilioHandler
  /** DELETE, 204, on an instance. */
  remove?: TwilioHandler
}

export interface TwilioAccess {
  /** Parents may reach suspended children here. */
  evenInactive?: boolean
  /** Methods that a route of its own serves at the path. */
  servedElsewhere?: Method[]
}

export interface TwilioResources {
  readonly core: Core
  /**
   * Serves a resource at a path below the dialect's prefix, with and without `.json`. `:accountSid` in the path says
   * whose resources are meant; without it they are the caller's own.
   */
  resource(path: string, verbs: TwilioVerbs, access?: TwilioAccess): void
  /** For routes that are no resources, such as a file's bytes: errors are spelled as everywhere in the dialect. */
  readonly app: FastifyInstance
  readonly callerOf: ReturnType<typeof openTwilioAuth>['callerOf']
  readonly credentials: Credentials
}

export interface TwilioDialectOptions {
  core: Core
  credentials: Credentials
  onError(error: unknown, request: FastifyRequest): void
  /** Shared by all dialects; counted by each for itself unless given. */
  concurrency?: ConcurrentRequests
}

export interface TwilioDialect {
  /** `/2010-04-01`, `/conversations/v1`, ... */
  prefix: string
  spellings: TwilioSpellings
  /** Paths have no `.json`: a name in a path is taken whole, whatever it ends in. */
  hasPlainPaths?: boolean
  routes(resources: TwilioResources): void
}

export type Method = (typeof METHODS)[number]

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

const SHAPES = {
  list: { method: 'GET', status: 200 },
  create: { method: 'POST', status: 201 },
  fetch: { method: 'GET', status: 200 },
  update: { method: 'POST', status: 200 },
  remove: { method: 'DELETE', status: 204 },
} as const satisfies Record<keyof TwilioVerbs, { method: Method; status: number }>

/** Registers a dialect below its prefix, with Twilio's error envelope, headers, 404s and 405s. */
export function registerTwilioDialect(server: App, options: TwilioDialectOptions, dialect: TwilioDialect): void {
  const { core, credentials, onError, concurrency = openConcurrentRequests(null) } = options
  const { callerOf } = openTwilioAuth(credentials)
  server.register(
    async app => {
      app.addHook('onRequest', async (_request, reply) => {
        reply.header('twilio-request-id', sid('RQ', newId(core.clock.machineMs())))
      })
      app.setErrorHandler((error, request, reply) =>
        answerTwilioError(error, request, reply, { spellings: dialect.spellings, onError }),
      )
      app.setNotFoundHandler(async request => {
        throw notFound(request)
      })
      dialect.routes({ core, app, callerOf, credentials, resource })

      function resource(
        path: string,
        verbs: TwilioVerbs,
        { evenInactive = false, servedElsewhere = [] }: TwilioAccess = {},
      ): void {
        const served = new Set<Method>(servedElsewhere)
        const urls = dialect.hasPlainPaths ? [path] : spellingsOf(path)
        for (const verb of Object.keys(verbs) as (keyof TwilioVerbs)[]) {
          const handler = verbs[verb]
          if (!handler) continue
          const { method, status } = SHAPES[verb]
          served.add(method)
          const isForm = method === 'POST'
          const answer = async (request: FastifyRequest, reply: FastifyReply) => {
            const parts = dialect.hasPlainPaths ? (request.params as Record<string, string>) : partsOf(request)
            const caller = await callerOf(request, parts.accountSid ?? null, evenInactive)
            reply.header('twilio-concurrent-requests', String(concurrency.enter(caller.accountId)))
            try {
              const parameters = new Parameters(isForm ? request.body : request.query)
              const body = await handler({ ...caller, path: parts, parameters, request, reply })
              if (body === reply) return reply
              return reply.code(status).send(status === 204 ? undefined : body)
            } finally {
              concurrency.leave(caller.accountId)
            }
          }
          for (const url of urls) app.route({ method, url, handler: answer })
        }
        const others = METHODS.filter(method => !served.has(method))
        const refuse = async () => {
          throw methodNotAllowed()
        }
        for (const url of urls) app.route({ method: others, url, handler: refuse })
      }
    },
    { prefix: dialect.prefix },
  )
}

/** A path that ends in a name is served with and without `.json`; one that ends in a SID is told apart by hand. */
function spellingsOf(path: string): string[] {
  return /\/:[^/]+$/.test(path) ? [path] : [path, `${path}.json`]
}

/** The named parts of the path, less `.json`. Any other suffix asks for a format that is not served: not found. */
function partsOf(request: FastifyRequest): Record<string, string> {
  const parts: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.params as Record<string, string>)) {
    if (/\.(?:xml|csv|html)$/.test(value)) throw notFound(request)
    parts[name] = value.endsWith('.json') ? value.slice(0, -5) : value
  }
  return parts
}
