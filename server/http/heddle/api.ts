import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify'
import type { Core } from '../../core/core.ts'
import type { Doors } from '../../core/doors.ts'

type TypedApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** What the routes of our own API share. */
export interface HeddleApi {
  app: TypedApp
  core: Core
  doors: Doors
  account(request: FastifyRequest): Promise<{ accountId: string }>
}
