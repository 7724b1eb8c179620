import type { Carrier, SendResult } from '../carriers/carrier.ts'
import type { Core } from '../core/core.ts'
import { learnTerms } from '../core/sending/learn-terms.ts'
import { knownTerms, type SendTerms } from '../core/sending/send-terms.ts'
import { elapsedMs } from '../domain/clock.ts'
import type { Lane } from '../domain/lane.ts'
import { heldUntil } from '../domain/quiet-hours.ts'
import type { Sms } from '../domain/sms.ts'
import type { Hold } from '../kit/drain.ts'
import type { PersonGroup } from '../store/read/due-sms.ts'
import { CarrierGate } from './carrier-gate.ts'
import { type CarrierChoice, type CarrierLook, chooseCarrier } from './choose-carrier.ts'
import { type Limit, Pacing } from './pacing.ts'

/** Says which texts may leave now, and by which carrier. */
export interface Departures {
  /** Reads what the lane's texts go by, unless it is known. */
  learn(lane: Lane): Promise<void>
  /** Texts of one kind may leave by the same carriers. */
  kindOf(lane: Lane, sms: Sms): string
  /** The lane's persons by the beginnings of their numbers; left out are those whose texts are of these kinds. */
  groupsOf(lane: Lane, withoutKinds: string[]): PersonGroup[]
  /**
   * Why the text may not leave yet; null: it may, and has its place at the carrier that `carrierOf` tells. `kind` is what
   * `kindOf` said of it once: its terms may have changed since.
   */
  holds(lane: Lane, sms: Sms, kind: string): Hold | null
  /** The carrier of a text that may leave; null: this node has none for it. */
  carrierOf(sms: Sms): string | null
  /** Gives a text's place at its carrier back. */
  done(sms: Sms): void
  /** Learns from what a carrier said of a text. */
  heed(carrier: string, result: SendResult): void
}

export interface DeparturesOptions {
  core: Core
  carriers: ReadonlyMap<string, Carrier>
  /** Told that texts of a kind may leave again. */
  onRoom(kind: string): void
  onError(error: unknown): void
}

/** The carrier without a network behind it. */
const SIMULATOR = 'simulator'
/** How long a carrier that is away is waited for before its texts go by the next one. */
const PATIENCE_MS = 5000
const LOOK_AGAIN_MS = 250
const LEARN_WITHIN_MS = 25
const LEARN_EVERY_MS = 1000

export function openDepartures({ core, carriers, onRoom, onError }: DeparturesOptions): Departures {
  const gates = new Map<string, CarrierGate>()
  const pacing = new Pacing(elapsedMs)
  /** Where texts that may leave have their places. */
  const places = new WeakMap<Sms, { carrier: string | null; gate: CarrierGate | null }>()
  /** Kinds of texts that wait until a carrier has room. */
  const waiting = new Map<CarrierGate, Set<string>>()
  /** When the terms of accounts were last learned anew. */
  const learnedAtMs = new Map<string, number>()

  /** Carriers of accounts are opened after this room. */
  function gateOf(id: string): CarrierGate | null {
    const kept = gates.get(id)
    const carrier = carriers.get(id)
    if (kept || !carrier) return kept ?? null
    const gate = new CarrierGate(carrier, elapsedMs)
    gates.set(id, gate)
    return gate
  }

  function lookAt(id: string): CarrierLook {
    const gate = gateOf(id)
    if (gate) return gate.look()
    // Carriers of accounts are never taken away: a newer node has it, and will have the lane.
    const isElsewhere = id !== '' && id !== SIMULATOR
    return { id, isMissing: !isElsewhere, isOpen: false, awayForMs: Number.POSITIVE_INFINITY }
  }

  function choiceOf(terms: SendTerms, sms: Sms): CarrierChoice {
    return chooseCarrier(terms.carriersFor(sms.person, sms.carrier ?? '').map(lookAt), PATIENCE_MS)
  }

  function kindOf({ accountId, lane }: Lane, sms: Sms): string {
    const own = sms.carrier ?? ''
    return knownTerms(core, accountId, lane)?.carriersFor(sms.person, own).join(' ') ?? own
  }

  async function learn({ accountId, lane }: Lane): Promise<void> {
    if (!knownTerms(core, accountId, lane)) await learnTerms(core, accountId, lane)
  }

  /** Who is held for long hears within a second when the limits are changed, on whatever node. */
  function paced(lane: Lane, what: 'queue' | 'group', waitMs: number): Hold {
    const nowMs = elapsedMs()
    if (waitMs > LEARN_EVERY_MS && nowMs - (learnedAtMs.get(lane.accountId) ?? 0) >= LEARN_EVERY_MS) {
      learnedAtMs.set(lane.accountId, nowMs)
      learnTerms(core, lane.accountId, lane.lane).catch(onError)
    }
    return { what, forMs: Math.min(waitMs, LEARN_EVERY_MS) }
  }

  function place(sms: Sms, carrier: string | null, gate: CarrierGate | null): null {
    places.set(sms, { carrier, gate })
    return null
  }

  return {
    learn,
    kindOf,
    groupsOf({ accountId, lane }, withoutKinds) {
      const terms = withoutKinds.length > 0 ? knownTerms(core, accountId, lane) : null
      const prefixes = terms ? new Set(['', ...terms.prefixes]) : []
      return [...prefixes].map(prefix => {
        const kind = terms?.carriersFor(prefix, '').join(' ') ?? ''
        return { prefix, isLeftOut: withoutKinds.includes(kind) }
      })
    },
    holds(lane, sms, kind) {
      const terms = knownTerms(core, lane.accountId, lane.lane)
      if (!terms) {
        // They have just changed.
        learn(lane).catch(onError)
        return { what: 'queue', forMs: LEARN_WITHIN_MS }
      }
      // It won't be sent: the act that would mark it sees to it.
      if (isOver(terms, sms, core.clock.world())) return place(sms, sms.carrier, null)
      const choice = choiceOf(terms, sms)
      if (choice.kind === 'none') return place(sms, null, null)
      if (choice.kind === 'wait') return { what: 'kind', forMs: LOOK_AGAIN_MS }
      const limits = limitsOf(terms, lane, choice.carrier)
      const numberMs = pacing.waitMs(limits.number)
      if (numberMs > 0) return paced(lane, 'queue', numberMs)
      const accountMs = pacing.waitMs(limits.account)
      if (accountMs > 0) return paced(lane, 'group', accountMs)
      const gate = gateOf(choice.carrier)
      const gateMs = gate?.waitMs() ?? 0
      if (gate && gateMs > 0) {
        waiting.set(gate, (waiting.get(gate) ?? new Set()).add(kind))
        return { what: 'kind', forMs: gateMs }
      }
      pacing.take(limits.number, sms.segments)
      pacing.take(limits.account, sms.segments)
      gate?.enter()
      return place(sms, choice.carrier, gate)
    },
    carrierOf: sms => places.get(sms)?.carrier ?? null,
    done(sms) {
      const gate = places.get(sms)?.gate
      places.delete(sms)
      if (!gate) return
      gate.leave()
      const kinds = waiting.get(gate)
      if (!kinds) return
      waiting.delete(gate)
      // After all that ended together.
      setImmediate(() => {
        for (const kind of kinds) onRoom(kind)
      })
    },
    heed: (carrier, result) => gateOf(carrier)?.heed(result),
  }
}

function limitsOf(terms: SendTerms, { accountId, lane }: Lane, carrier: string): { number: Limit; account: Limit } {
  const isFree = carrier === SIMULATOR && terms.isUsualRate
  return {
    number: { name: `${accountId} ${lane}`, perSecond: isFree ? null : terms.numberPerSecond },
    account: { name: accountId, perSecond: terms.accountPerSecond },
  }
}

/** Its validity has ended, or it is held for quiet hours. */
function isOver({ quietHours }: SendTerms, sms: Sms, now: Date): boolean {
  if (sms.validUntil && sms.validUntil <= now) return true
  return heldUntil(quietHours, sms, now) !== null
}
