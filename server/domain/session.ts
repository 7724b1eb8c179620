/**
 * A session is the cookie jar of a pair. It lives while texts of the pair, either way, are at most four hours
 * apart. Source: Twilio's SMS cookie guides ("four hours of inactivity").
 */
const SESSION_IDLE_MS = 4 * 60 * 60 * 1000

export interface Activity {
  startedAt: Date
  activeAt: Date
}

/** The pair's session once a text was sent or received at `at`: the one before goes on, or a new one starts. */
export function touchSession(before: Activity | undefined, at: Date): Activity {
  if (before && !hasEnded(before, at)) {
    return { startedAt: before.startedAt, activeAt: at > before.activeAt ? at : before.activeAt }
  }
  return { startedAt: at, activeAt: at }
}

/** When the session ends if no other text comes. */
export function endOf({ activeAt }: Pick<Activity, 'activeAt'>): Date {
  return new Date(activeAt.getTime() + SESSION_IDLE_MS)
}

export function hasEnded(session: Pick<Activity, 'activeAt'>, now: Date): boolean {
  return now > endOf(session)
}
