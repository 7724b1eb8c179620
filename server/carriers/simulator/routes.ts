import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import type { FastifyError, FastifyInstance } from 'fastify'
import { clockRoutes } from './clock-routes.ts'
import { faultRoutes } from './fault-routes.ts'
import { messageRoutes } from './message-routes.ts'
import { phoneRoutes } from './phone-routes.ts'
import type { SimulatorRouteDeps, SimulatorScope } from './scope.ts'

/**
 * The phones, the clock and the faults of the simulated carrier under /simulator. Errors are `{code, message}`.
 * Every request carries the account's Basic credentials and sees only texts with that account's numbers.
 */
export function simulatorRoutes(app: FastifyInstance, deps: SimulatorRouteDeps): void {
  app.register(async scope => {
    scope.decorateRequest('simulatorAccountId', '')
    scope.addHook('onRequest', async request => {
      const { accountId } = await deps.authenticate(request)
      request.setDecorator('simulatorAccountId', accountId)
    })
    scope.setErrorHandler((error: FastifyError, _request, reply) => {
      if (!isBadRequest(error)) throw error
      return reply.code(error.statusCode ?? 400).send({ code: 'invalid', message: error.message })
    })
    // Checks without changing types, so that a number where a text belongs is refused and not made a text.
    const typed: SimulatorScope = scope.withTypeProvider<TypeBoxTypeProvider>()
    typed.setValidatorCompiler(TypeBoxValidatorCompiler)
    messageRoutes(typed, deps)
    phoneRoutes(typed, deps)
    clockRoutes(typed, deps)
    faultRoutes(typed, deps)
  })
}

function isBadRequest(error: FastifyError): boolean {
  return error.validation !== undefined || (error.code?.startsWith('FST_ERR_CTP_') ?? false)
}
