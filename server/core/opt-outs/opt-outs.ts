import { isUuid } from '../../domain/ids.ts'
import type { InboundText } from '../../domain/inbound-text.ts'
import { classifyOptOut, type OptOutKind } from '../../domain/opt-out.ts'
import { optOutSettings, replyTo } from '../../domain/opt-out-settings.ts'
import { looksLikeOptOutWish } from '../../domain/opt-out-wish.ts'
import { isPhoneNumber } from '../../domain/phone-number.ts'
import type { Sms } from '../../domain/sms.ts'
import type { NumberRoute } from '../../store/numbers.ts'
import { insertWish, type OptOutRow, optOutsOfScopes, putOptOut } from '../../store/opt-outs.ts'
import type { PoolRoute } from '../../store/pools.ts'
import type { Act } from '../step.ts'

export interface Scope {
  /** A number of ours, or the UUID of a pool. */
  scope: string
  person: string
}

/** A keyword that a text turned out to be. */
export interface HeardKeyword {
  kind: OptOutKind
  /** What the person is told; null when it was told before, or the number's owner tells it. */
  reply: string | null
  /** The app is told of the keyword and does not answer it. */
  isAdvanced: boolean
}

/** A text as its row, the number it reached, and what its carrier says of it. */
export interface HeardText {
  sms: Sms
  route: NumberRoute
  carried: Pick<InboundText, 'keyword' | 'isAnswered'>
}

/** The scope of an opt-out from a number: the whole pool, where the number is in one that does not mask. */
export function scopeOf({ number, poolId, isMasking }: Pick<NumberRoute, 'number' | 'poolId' | 'isMasking'>): string {
  return poolId === null || isMasking ? number : poolId
}

/** The opt-outs that an act may meet: loaded once, changed in memory, written once. */
export class OptOuts {
  readonly #rows: Map<string, OptOutRow>
  readonly #changed = new Map<string, OptOutRow>()
  readonly #pools: Map<string, PoolRoute>

  private constructor(rows: Readonly<OptOutRow>[], pools: Map<string, PoolRoute>) {
    this.#pools = pools
    this.#rows = new Map(rows.map(row => [keyOf(row), row]))
  }

  static async load(step: Act, scopes: Iterable<Scope>): Promise<OptOuts> {
    const asked = new Map<string, Scope>()
    for (const { scope, person } of scopes) asked.set(keyOf({ scope, person }), { scope, person })
    const pools = await step.poolRoutes([...asked.values()].flatMap(({ scope }) => (isUuid(scope) ? [scope] : [])))
    if (asked.size === 0) return new OptOuts([], pools)
    return new OptOuts(await step.lookUp(optOutsOfScopes, [...asked.values()]), pools)
  }

  /** Whether the person may not be texted from that scope. */
  isBlocked(scope: Scope): boolean {
    const row = this.#rows.get(keyOf(scope))
    return row !== undefined && row.endedAt === null
  }

  /** Whether they were blocked at a later version of the account's clock, and are. */
  isBlockedSince(scope: Scope, version: number): boolean {
    const row = this.#rows.get(keyOf(scope))
    return row !== undefined && row.endedAt === null && row.version > version
  }

  /** Blocks the person; false when they were blocked already. */
  block(step: Act, scope: Scope, why: Pick<OptOutRow, 'source' | 'said' | 'smsId'>, at = step.now): boolean {
    if (this.isBlocked(scope)) return false
    const version = step.tick()
    const born = this.#rows.get(keyOf(scope))?.born ?? version
    this.#put({ ...scope, ...why, beganAt: at, endedAt: null, version, born })
    return true
  }

  /** Unblocks the person; false when they were not blocked. */
  unblock(step: Act, scope: Scope): boolean {
    const row = this.#rows.get(keyOf(scope))
    if (!row || row.endedAt !== null) return false
    this.#put({ ...row, endedAt: step.now, version: step.tick() })
    return true
  }

  /**
   * Acts on a text that is an opt-out keyword; null when it is none. A repeated stop or start is not answered again, so
   * that two machines do not thank each other for ever. Nor is one that the carrier answered, and no app answers one that
   * the carrier named. Source: Twilio's default opt-out handling and Advanced Opt-Out.
   */
  hear(step: Act, { sms, route, carried }: HeardText): HeardKeyword | null {
    const settings = optOutSettings(this.#pools.get(route.poolId ?? '')?.settings ?? route.settings)
    const scope = { scope: scopeOf(route), person: sms.person }
    const found = carried.keyword
      ? { kind: carried.keyword, language: null, onlyIfBlocked: false }
      : classifyOptOut(sms.body, settings)
    if (!found || (found.onlyIfBlocked && !this.isBlocked(scope))) {
      if (looksLikeOptOutWish(sms.body, settings)) this.#noteWish(step, sms, scope)
      return null
    }
    const isNews = this.#obey(step, scope, found.kind, sms)
    const canAnswer = isNews && !carried.isAnswered && sms.others === null && isPhoneNumber(sms.person)
    const reply = canAnswer ? replyTo(settings, found.kind, found.language) : null
    return { kind: found.kind, reply, isAdvanced: settings.advanced || carried.keyword !== undefined }
  }

  store(step: Act): void {
    step.changes.add(putOptOut, ...this.#changed.values())
  }

  #obey(step: Act, scope: Scope, kind: OptOutKind, sms: Sms): boolean {
    switch (kind) {
      case 'stop':
        return this.block(step, scope, { source: 'text', said: sms.body, smsId: sms.id })
      case 'start':
        return this.unblock(step, scope)
      case 'help':
        return true
      default:
        return kind satisfies never
    }
  }

  #noteWish(step: Act, sms: Sms, { scope }: Scope): void {
    step.changes.add(insertWish, { smsId: sms.id, scope, heardAt: step.now, born: step.tick() })
  }

  #put(row: OptOutRow): void {
    this.#rows.set(keyOf(row), row)
    this.#changed.set(keyOf(row), row)
  }
}

function keyOf({ scope, person }: Scope): string {
  return `${scope} ${person}`
}
