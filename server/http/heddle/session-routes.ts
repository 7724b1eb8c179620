import Type, { type Static } from 'typebox'
import { clearSession } from '../../core/sessions/clear-session.ts'
import { canonicalAddress } from '../../domain/phone-number.ts'
import { Refusal } from '../../domain/refusal.ts'
import { endOf, hasEnded } from '../../domain/session.ts'
import { findSession } from '../../store/read/sessions.ts'
import type { HeddleApi } from './api.ts'
import { DateTime } from './schemas.ts'

const Pair = Type.Object({ number: Type.String(), person: Type.String() })
const Session = Type.Object({
  number: Type.String(),
  person: Type.String(),
  startedAt: DateTime,
  activeAt: DateTime,
  expiresAt: DateTime,
  cookies: Type.Array(Type.Unknown()),
})

/** `GET` and `DELETE /v1/sessions/{number}/{person}`: the cookie jar of a pair. */
export function sessionRoutes({ app, core, account }: HeddleApi): void {
  const getting = { summary: 'Get the session of a person with a number', params: Pair, response: { 200: Session } }
  app.get('/v1/sessions/:number/:person', { schema: getting }, async request => {
    const { accountId } = await account(request)
    const { number, person } = readPair(request.params)
    const session = await findSession(core.db, accountId, person, number)
    if (!session || hasEnded(session, core.clock.world())) throw noSession(number, person)
    const isOwn = session.cookiesStartedAt?.getTime() === session.startedAt.getTime()
    return {
      number,
      person,
      startedAt: session.startedAt.toISOString(),
      activeAt: session.activeAt.toISOString(),
      expiresAt: endOf(session).toISOString(),
      cookies: isOwn ? cookiesOf(session.cookies) : [],
    }
  })

  const ending = { summary: 'End a session', params: Pair }
  app.delete('/v1/sessions/:number/:person', { schema: ending }, async (request, reply) => {
    const { accountId } = await account(request)
    const { number, person } = readPair(request.params)
    if (!(await clearSession(core, accountId, { person, number }))) throw noSession(number, person)
    return reply.code(204).send()
  })
}

function readPair({ number, person }: Static<typeof Pair>): Static<typeof Pair> {
  return { number: canonicalAddress(number) ?? number, person: canonicalAddress(person) ?? person }
}

function noSession(number: string, person: string): Refusal {
  return new Refusal('not_found', `There is no session of ${person} with ${number}.`)
}

/** The jar's cookies, as the jar keeps them. */
function cookiesOf(jar: unknown): unknown[] {
  if (Array.isArray(jar)) return jar
  if (typeof jar === 'object' && jar !== null && 'cookies' in jar && Array.isArray(jar.cookies)) return jar.cookies
  return []
}
