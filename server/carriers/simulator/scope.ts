import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from '@fastify/type-provider-typebox'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'

/** Where the simulator's routes are registered: requests are authenticated and bodies typed by their schemas. */
export type SimulatorScope = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression<RawServerDefault>,
  RawReplyDefaultExpression<RawServerDefault>,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

export const ErrorBody = Type.Object({ code: Type.String(), message: Type.String() })

/** The account whose credentials the request carries. */
export function accountOf(request: Pick<FastifyRequest, 'getDecorator'>): string {
  return request.getDecorator<string>('simulatorAccountId')
}
