import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import type { Core } from '../../core/core.ts'
import type { Admissions } from '../../core/sign-in/admissions.ts'
import { type HandledQueueRow, listHandledQueues } from '../../store/read/inbox-extensions.ts'
import { originOf } from '../twilio-hosts.ts'
import { type Caller, callerOf, mustBeOwnAccount, mustHaveScope } from './callers.ts'
import { answerError, RingCentralError } from './errors.ts'
import { Query } from './parameters.ts'
import type { RateGroup, RateLimiter } from './rate-limits.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
const METHODS: Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** A body of this length is read before it is known whose it is. */
const SMALL_BYTES = 1024 * 1024

/** One request of a user. */
export interface Call {
  caller: Caller
  path: Record<string, string>
  query: Query
  body: unknown
  request: FastifyRequest
  reply: FastifyReply
  /** Where absolute URLs begin. */
  origin: string
  /** `{origin}/restapi/v1.0/account/{id}` of the caller's account. */
  accountUri: string
}

/** What an operation needs of its caller, and its answer's status. */
export interface Operation {
  scope: string | null
  group: RateGroup
  status?: number
  bodyLimit?: number
  /** Answers the body, nothing with 204, or `reply` when it sent the answer itself. Throws `RingCentralError` and `Refusal`. */
  run(call: Call): Promise<unknown>
}

export interface RingCentralDialect {
  readonly app: FastifyInstance
  readonly core: Core
  readonly limiter: RateLimiter
  /** Serves an operation at a path below `/restapi`. `:accountId` must be the caller's own account. */
  operation(method: Method, path: string, operation: Operation): void
  /** Serves what needs no user, such as signing in; errors are spelled the same. */
  open(method: Method, path: string, run: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>): void
  /** Answers 405 to other methods of the paths served; once, at the end. */
  close(): void
  originOf(request: FastifyRequest): string
  /** The queues that a user handles, deleted ones included. */
  queuesOf(user: Pick<Caller, 'accountId' | 'userId'>): Promise<HandledQueueRow[]>
}

export interface DialectOptions {
  app: FastifyInstance
  core: Core
  limiter: RateLimiter
  /** Lets in what comes over WebSockets. */
  admissions: Admissions
  publicUrl: string | null
  onError(error: unknown, request: FastifyRequest): void
}

/** What the routes of the dialect share. */
export function openDialect(options: DialectOptions): RingCentralDialect {
  const { app, core, limiter, admissions, publicUrl, onError } = options
  const served = new Map<string, Set<Method>>()

  function serve(
    method: Method,
    url: string,
    bodyLimit: number | undefined,
    handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
  ): void {
    const methods = served.get(url) ?? new Set()
    served.set(url, methods.add(method))
    const large = bodyLimit === undefined ? {} : { bodyLimit, onRequest: refuseStrangers }
    app.route({ method, url, exposeHeadRoute: false, ...large, handler })
  }

  /** Before a large body is read: strangers are not to fill the memory with theirs. */
  async function refuseStrangers(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    if (Number(request.headers['content-length']) <= SMALL_BYTES) return undefined
    try {
      await callerOf(core, admissions, request)
      return undefined
    } catch (error) {
      return answerError(error, request, reply, onError)
    }
  }

  async function run(operation: Operation, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    let caller: Caller | null = null
    try {
      caller = await callerOf(core, admissions, request)
      limiter.count(reply, operation.group, `${caller.userId} ${caller.clientId}`)
      if (operation.scope) mustHaveScope(caller, operation.scope)
      const path = request.params as Record<string, string>
      if (path.accountId !== undefined) mustBeOwnAccount(caller, path.accountId)
      const origin = originOf(request, publicUrl)
      const accountUri = `${origin}/restapi/v1.0/account/${caller.accountNumber}`
      const { body } = request
      reply.code(operation.status ?? 200)
      const call = { caller, path, query: new Query(request.query), body, request, reply, origin, accountUri }
      const answer = await operation.run(call)
      return answer === reply ? reply : reply.send(operation.status === 204 ? undefined : answer)
    } catch (error) {
      return answerError(error, request, reply, onError, caller)
    }
  }

  return {
    app,
    core,
    limiter,
    operation: (method, path, operation) =>
      serve(method, path, operation.bodyLimit, (request, reply) => run(operation, request, reply)),
    open: (method, path, handler) => serve(method, path, undefined, handler),
    close() {
      for (const [url, methods] of served) {
        const others: HTTPMethods[] = METHODS.filter(method => !methods.has(method))
        if (others.length === 0) continue
        app.route({
          method: others,
          url,
          handler: async () => {
            throw new RingCentralError(405, 'CMN-120', 'Method not allowed')
          },
        })
      }
    },
    originOf: request => originOf(request, publicUrl),
    queuesOf: ({ accountId, userId }) => listHandledQueues(core.db, accountId, userId),
  }
}
