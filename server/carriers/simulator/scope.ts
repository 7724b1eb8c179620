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
import type { Clock } from '../../domain/clock.ts'
import type { FetchMedia } from './media.ts'
import type { Simulator } from './simulator.ts'

export interface SimulatorRouteDeps {
  simulator: Simulator
  clock: Clock
  /** Whose request it is; throws the 401 itself. */
  authenticate(request: FastifyRequest): Promise<{ accountId: string }>
  /** Which of these numbers are the account's own. Asked for every text: answer from memory. */
  numbersOf(accountId: string, numbers: string[]): Promise<Set<string>>
  /** The account's SIDs (SM..., MM...) of texts, by carrier message id. */
  sidsOf(accountId: string, carrierMessageIds: string[]): Promise<Map<string, string>>
  /** Moves world time forward for the whole server; resolves when due timers have run. */
  advanceClock(ms: number): Promise<void>
  fetchMedia: FetchMedia
}

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
