import { type Activity, touchSession } from '../../domain/session.ts'
import { changeSession, type SessionChange, sessionsOfPairs } from '../../store/sessions.ts'
import type { Act } from '../step.ts'

export interface Pair {
  person: string
  number: string
}

/** The sessions of the pairs that an act touches: loaded once, moved on in memory, written once. */
export class Sessions {
  /** Null: looked up, and there is none. */
  readonly #known = new Map<string, Activity | null>()
  readonly #changed = new Map<string, SessionChange>()

  static async load(step: Act, pairs: Iterable<Pair>): Promise<Sessions> {
    const sessions = new Sessions()
    await sessions.loadMore(step, pairs)
    return sessions
  }

  async loadMore(step: Act, pairs: Iterable<Pair>): Promise<void> {
    const asked: Pair[] = []
    for (const { person, number } of pairs) {
      const key = pairKey(person, number)
      if (this.#known.has(key)) continue
      this.#known.set(key, null)
      asked.push({ person, number })
    }
    if (asked.length === 0) return
    const rows = await step.lookUp(sessionsOfPairs, asked)
    for (const row of rows) this.#known.set(pairKey(row.person, row.number), row)
  }

  /** A text of the pair was sent or received at `at`; gives the session that it falls into. */
  touch(person: string, number: string, at: Date): Activity {
    const key = pairKey(person, number)
    const before = this.#changed.get(key)
    const activity = touchSession(before ?? this.#known.get(key) ?? undefined, at)
    const { startedAt, activeAt } = activity
    this.#changed.set(key, before ? { ...before, startedAt, activeAt } : { person, number, startedAt, activeAt })
    return activity
  }

  /** Keeps a jar for the session that began at `startedAt`. The pair was loaded: a text of it led here. */
  keepCookies({ person, number }: Pair, startedAt: Date, jar: unknown): void {
    const key = pairKey(person, number)
    const activity = this.#changed.get(key) ?? this.#known.get(key)
    if (!activity) return
    this.#changed.set(key, {
      person,
      number,
      startedAt: activity.startedAt,
      activeAt: activity.activeAt,
      cookiesStartedAt: startedAt,
      cookies: jar,
    })
  }

  store(step: Act): void {
    step.changes.add(changeSession, ...this.#changed.values())
  }
}

function pairKey(person: string, number: string): string {
  return `${person} ${number}`
}
