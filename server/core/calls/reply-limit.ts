import { countRecentReplies } from '../../store/recent-replies.ts'
import type { Pair } from '../sessions/sessions.ts'
import type { Act } from '../step.ts'

const WITHIN_MS = 30_000

/**
 * How many more replies of apps each pair may be sent now, where the account sets a limit, so that two programs that answer
 * each other come to an end. Asked once for all pairs of an act that replies. Source: Twilio, error 14107.
 */
export class ReplyLimit {
  readonly #most: number
  readonly #sent: Map<string, number>

  private constructor(most: number, sent: Map<string, number>) {
    this.#most = most
    this.#sent = sent
  }

  static async load(step: Act, pairs: Pair[]): Promise<ReplyLimit> {
    const { maxRepliesIn30s: most = null } = await step.ownerSettings()
    if (most === null || pairs.length === 0) return new ReplyLimit(most ?? Number.POSITIVE_INFINITY, new Map())
    const persons = [...new Set(pairs.map(({ person }) => person))]
    const since = new Date(step.now.getTime() - WITHIN_MS)
    const rows = await step.load<Pair & { replies: number }>(countRecentReplies, [
      step.accountId,
      JSON.stringify(persons),
      since,
    ])
    return new ReplyLimit(most, new Map(rows.map(row => [keyOf(row), row.replies])))
  }

  /** Notes that the act sends one more; false when that is one too many. */
  take(pair: Pair): boolean {
    const sent = this.#sent.get(keyOf(pair)) ?? 0
    if (sent >= this.#most) return false
    this.#sent.set(keyOf(pair), sent + 1)
    return true
  }
}

function keyOf({ person, number }: Pair): string {
  return `${person} ${number}`
}
