import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { Core } from '../../core/core.ts'
import type { Doors } from '../../core/doors.ts'
import type { CarrierHealth } from '../../domain/carrier-health.ts'
import type { NumberImports } from '../../domain/carrier-numbers.ts'
import type { Credentials } from '../credentials.ts'
import type { App } from '../server.ts'
import { accountOf } from './account.ts'
import type { HeddleApi } from './api.ts'
import { callRoutes } from './call-routes.ts'
import { carrierNumberRoutes } from './carrier-number-routes.ts'
import { carrierRoutes } from './carrier-routes.ts'
import { checkStrictly } from './checked-requests.ts'
import { deliveryRoutes } from './delivery-routes.ts'
import { answerError } from './errors.ts'
import { labelRoutes } from './label-routes.ts'
import { numberRoutes } from './number-routes.ts'
import { describeApi } from './openapi.ts'
import { optOutLists } from './opt-out-lists.ts'
import { optOutRoutes } from './opt-out-routes.ts'
import { optOutSettingsRoutes } from './opt-out-settings-routes.ts'
import { poolNameRoutes } from './pool-name-routes.ts'
import { poolRoutes } from './pool-routes.ts'
import { queueRoutes } from './queue-routes.ts'
import { readingRoutes } from './reading-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { settingsRoutes } from './settings-routes.ts'
import { textRoutes } from './text-routes.ts'
import { threadCallRoutes } from './thread-call-routes.ts'
import { threadRoutes } from './thread-routes.ts'
import { tokenRoutes } from './token-routes.ts'

export interface HeddleApiOptions {
  core: Core
  doors: Doors
  credentials: Credentials
  /** How a carrier is; null when this node has not opened it. */
  carrierHealth(id: string): CarrierHealth | null
  numberImports: NumberImports
  onError(error: unknown, request: FastifyRequest): void
}

/** Our own API, under /v1. */
export function registerHeddleApi(server: App, options: HeddleApiOptions): void {
  const { core, doors, credentials, carrierHealth, numberImports, onError } = options
  server.register(async plain => {
    const app = plain.withTypeProvider<TypeBoxTypeProvider>()
    app.setErrorHandler((error, request, reply) => answerError(error, request, reply, onError))
    const api: HeddleApi = { app, core, doors, account: request => accountOf(credentials, request) }
    // Before a body is read: strangers are not to fill the memory with theirs.
    app.addHook('onRequest', async request => {
      if (request.routeOptions.url?.startsWith('/v1/')) await api.account(request)
    })
    describeApi(app)
    checkStrictly(app)
    sessionRoutes(api)
    callRoutes(api)
    carrierRoutes(api, carrierHealth)
    carrierNumberRoutes(api, numberImports)
    optOutRoutes(api)
    optOutLists(api)
    optOutSettingsRoutes(api)
    settingsRoutes(api)
    deliveryRoutes(api)
    threadRoutes(api)
    poolRoutes(api)
    poolNameRoutes(api)
    queueRoutes(api)
    readingRoutes(api)
    numberRoutes(api)
    labelRoutes(api)
    textRoutes(api)
    threadCallRoutes(api)
    tokenRoutes(api)
  })
}
