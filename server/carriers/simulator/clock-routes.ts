import { Type } from '@fastify/type-provider-typebox'
import { parseDuration } from '../../domain/duration.ts'
import { ErrorBody, type SimulatorRouteDeps, type SimulatorScope } from './scope.ts'

/** The longest timer, a thousand years, ends before years have five digits: those no database reads. */
const LAST_MS = Date.UTC(9000, 0)

const Now = Type.Object({ now: Type.String() })

/** GET and POST /simulator/clock: world time, and moving it forward for the whole server. */
export function clockRoutes(scope: SimulatorScope, { simulator, clock, advanceClock }: SimulatorRouteDeps): void {
  const now = () => ({ now: clock.world().toISOString() })

  scope.get('/simulator/clock', { schema: { response: { 200: Now } } }, async () => now())

  const schema = { body: Type.Object({ advance: Type.String() }), response: { 200: Now, 400: ErrorBody } }
  scope.post('/simulator/clock', { schema }, async (request, reply) => {
    const ms = parseDuration(request.body.advance)
    if (ms === null || ms < 0) {
      const message = `\`advance\` is an ISO 8601 duration such as PT4H, not negative: ${request.body.advance}`
      return reply.code(400).send({ code: 'invalid', message })
    }
    if (clock.world().getTime() + ms > LAST_MS) {
      return reply.code(400).send({ code: 'invalid', message: 'World time goes to the year 9000 at most.' })
    }
    await advanceClock(ms)
    await simulator.releaseDue()
    return reply.send(now())
  })
}
