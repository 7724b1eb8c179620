import { openKeyedQueue } from '../../kit/keyed-queue.ts'
import { clearFailures, countFailure, findLogin, findUserOfJwt, lockLogin } from '../../store/logins.ts'
import type { Core } from '../core.ts'
import { isPassword } from './passwords.ts'
import { SignInRefused } from './sign-in-refused.ts'
import { hashOf } from './tokens.ts'

/** Wrong passwords that cost nothing but their own check. */
const FREE_FAILURES = 5
/** After those a login is shut for a second, then two, four, ... and at most a quarter of an hour. */
const LONGEST_LOCK_MS = 15 * 60_000

/** One check at a time a user, so that no guess slips in beside another; and so many at all, since each costs much. */
const MAX_CHECKS_RUNNING = 2
const MAX_CHECKS_WAITING = 200
const checks = openKeyedQueue({ maxRunning: MAX_CHECKS_RUNNING })

/**
 * The user whose name and password these are. The name is an identity, an extension's number or id, or a phone number
 * with `*` and an extension's number. Refuses `password_wrong`, alike for unknown names, and `locked` after too many
 * wrong passwords, right ones included until the lock ends.
 */
export async function checkPassword(
  core: Core,
  accountId: string,
  { username, password }: { username: string; password: string },
): Promise<string> {
  if (checks.size >= MAX_CHECKS_WAITING) throw new SignInRefused('locked', 'Too many people sign in at once')
  const name = /^\+?[0-9 ()-]+\*([0-9]+)$/.exec(username)?.[1] ?? username
  return checks.push(`${accountId} ${name}`, () => checkOne(core, accountId, name, password))
}

async function checkOne(core: Core, accountId: string, name: string, password: string): Promise<string> {
  const login = await findLogin(core.db, accountId, name)
  const nowMs = core.clock.machineMs()
  if (login?.lockedUntil && login.lockedUntil.getTime() > nowMs) {
    throw new SignInRefused('locked', 'Login is locked for a while after too many wrong passwords')
  }
  if (await isPassword(login?.passwordHash ?? null, password)) {
    if (login) {
      await clearFailures(core.db, accountId, login.userId)
      return login.userId
    }
  }
  if (login) {
    const over = (await countFailure(core.db, accountId, login.userId)) - FREE_FAILURES
    if (over >= 0) {
      const lockMs = Math.min(LONGEST_LOCK_MS, 1000 * 2 ** Math.min(over, 20))
      await lockLogin(core.db, accountId, login.userId, new Date(nowMs + lockMs))
    }
  }
  throw new SignInRefused('password_wrong', 'Invalid resource owner credentials.')
}

/** The user whose JWT credential this is. Refuses `jwt_wrong`. */
export async function checkJwt(core: Core, accountId: string, assertion: string): Promise<string> {
  const userId = await findUserOfJwt(core.db, accountId, hashOf(assertion))
  if (!userId) throw new SignInRefused('jwt_wrong', 'Invalid assertion: it is no credential of this account')
  return userId
}
