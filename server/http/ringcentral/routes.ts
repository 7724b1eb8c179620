import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Core } from '../../core/core.ts'
import type { Admissions } from '../../core/sign-in/admissions.ts'
import type { App } from '../server.ts'
import { accountRoutes } from './account.ts'
import { authorizeRoutes } from './authorize.ts'
import { contentRoutes } from './content.ts'
import { openDialect } from './dialect.ts'
import { discoveryRoutes } from './discovery.ts'
import { RingCentralError } from './errors.ts'
import { extensionRoutes } from './extensions.ts'
import { legacySmsRoutes } from './legacy-sms.ts'
import { messageStoreRoutes } from './message-store.ts'
import { messageSyncRoutes } from './message-sync.ts'
import { messageRoutes } from './messages.ts'
import { noteRoutes } from './notes.ts'
import { numberRoutes } from './numbers.ts'
import { oauthRoutes } from './oauth.ts'
import { answerOAuthError } from './oauth-errors.ts'
import { queueRoutes } from './queues.ts'
import { openRateLimiter, type RateLimits } from './rate-limits.ts'
import { subscriptionRoutes, type WebhookRules } from './subscriptions.ts'
import { syncRoutes } from './sync.ts'
import { threadRoutes } from './threads.ts'

export interface RingCentralOptions {
  core: Core
  /** Where absolute URLs begin, when it is set. */
  publicUrl: string | null
  /** Null: nobody is limited. */
  limits: RateLimits | null
  /** Lets in what comes over WebSockets. */
  admissions: Admissions
  webhooks: WebhookRules
  onError(error: unknown, request: FastifyRequest): void
}

/** RingCentral's REST API, under /restapi. */
export function registerRingCentral(server: App, options: RingCentralOptions): void {
  const { core, publicUrl, limits, admissions, webhooks, onError } = options
  server.register(
    async app => {
      app.register(multipart)
      allowBrowsers(app)
      app.setErrorHandler((error, request, reply) => answerOAuthError(error, request, reply, onError))
      app.setNotFoundHandler(async request => {
        throw new RingCentralError(404, 'CMN-120', `Invalid URI: ${request.method} ${request.url.split('?', 1)[0]}`)
      })
      const dialect = openDialect({
        app,
        core,
        limiter: openRateLimiter(limits, core.clock),
        admissions,
        publicUrl,
        onError,
      })
      oauthRoutes(dialect)
      authorizeRoutes(dialect)
      accountRoutes(dialect)
      extensionRoutes(dialect)
      queueRoutes(dialect)
      numberRoutes(dialect)
      threadRoutes(dialect)
      syncRoutes(dialect)
      messageRoutes(dialect)
      contentRoutes(dialect)
      noteRoutes(dialect)
      legacySmsRoutes(dialect)
      messageStoreRoutes(dialect)
      messageSyncRoutes(dialect)
      subscriptionRoutes(dialect, webhooks)
      dialect.close()
    },
    { prefix: '/restapi' },
  )
  discoveryRoutes(server, publicUrl)
}

const EXPOSED = [
  'retry-after',
  'discovery-required',
  'discovery-tag',
  'x-rate-limit-group',
  'x-rate-limit-limit',
  'x-rate-limit-remaining',
  'x-rate-limit-window',
].join(', ')

/** Web clients on other origins carry their token in a header, never a cookie, so that any origin may ask. */
function allowBrowsers(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.origin === undefined) return
    reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', EXPOSED)
  })
  app.options('/*', async (request, reply) => {
    const headers = request.headers['access-control-request-headers'] ?? ''
    return reply
      .header('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE')
      .header('access-control-allow-headers', headers)
      .header('access-control-max-age', '600')
      .code(204)
      .send()
  })
}
