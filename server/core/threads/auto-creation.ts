import { newId } from '../../domain/ids.ts'
import type { AddressRule } from '../../store/addresses.ts'
import { insertThreadHook } from '../../store/hooks.ts'
import type { NumberRoute } from '../../store/numbers.ts'
import type { KeptText } from '../inbound-call.ts'
import { defaultServiceId } from '../open-service.ts'
import type { Act } from '../step.ts'
import { groupKeyOf } from './group-copies.ts'
import type { LiveThread, ParticipantDraft, ThreadBook, ThreadDraft } from './thread-book.ts'
import { BY_PHONE } from './thread-events.ts'

/**
 * Threads that open by themselves: for texts that reach an address whose rule says so and that belong to no thread.
 * Source: Twilio, Conversations, "Autocreate a conversation".
 */
export class AutoCreation {
  readonly #rules: ReadonlyMap<string, AddressRule>
  readonly #routes: ReadonlyMap<string, NumberRoute>
  readonly #draft: ThreadDraft

  private constructor(
    rules: ReadonlyMap<string, AddressRule>,
    routes: ReadonlyMap<string, NumberRoute>,
    draft: ThreadDraft,
  ) {
    this.#rules = rules
    this.#routes = routes
    this.#draft = draft
  }

  /** Loads the rules of the numbers that texts reached; `others` are all other members of group texts. */
  static async load(
    step: Act,
    book: ThreadBook,
    texts: { person: string; number: string; others: string[] }[],
  ): Promise<AutoCreation> {
    const rules = await step.addressRules(texts.map(text => text.number))
    const enabled = texts.filter(({ number }) => rules.get(number)?.autoCreation.enabled)
    if (enabled.length === 0) return new AutoCreation(rules, new Map(), { serviceId: '' })
    const routes = await step.numberRoutes(enabled.flatMap(({ number, others }) => [number, ...others]))
    await book.lookUpGroups(enabled.filter(text => text.others.length > 0).map(groupKeyOf))
    const owner = await step.ownerSettings()
    return new AutoCreation(rules, routes, {
      serviceId: await defaultServiceId(step),
      inactiveAfterMs: owner.defaultInactiveAfterMs ?? null,
      closesAfterMs: owner.defaultClosesAfterMs ?? null,
      createdBy: 'system',
    })
  }

  /** The service in which texts to the number open threads; null when they open none. */
  serviceOf(number: string): string | null {
    const rule = this.#rules.get(number)?.autoCreation
    return rule?.enabled ? (rule.serviceId ?? this.#draft.serviceId) : null
  }

  /** Opens a thread for a text that belongs to none, with its sender and, of a group text, all its members. */
  open(
    step: Act,
    book: ThreadBook,
    { sms, route, granted }: Pick<KeptText, 'sms' | 'route' | 'granted'>,
  ): LiveThread | null {
    const rule = this.#rules.get(route.number)?.autoCreation
    if (!rule?.enabled) return null
    const changes = granted?.event === 'onConversationAdd' ? granted.changes : {}
    const hasHooks = rule.kind === 'webhook' && Boolean(rule.webhookUrl)
    const serviceId = rule.serviceId ?? this.#draft.serviceId
    const draft = { ...this.#draft, serviceId, ...changes, ...(hasHooks && { settings: { hasHooks } }) }
    const live = book.open(draft, BY_PHONE)
    if (rule.webhookUrl && hasHooks) {
      const born = step.tick()
      step.changes.add(insertThreadHook, {
        id: newId(step.now.getTime()),
        threadId: live.thread.id,
        target: 'webhook',
        settings: { url: rule.webhookUrl, method: rule.webhookMethod ?? 'POST', filters: rule.webhookFilters ?? [] },
        createdAt: step.now,
        updatedAt: step.now,
        deletedAt: null,
        version: born,
        born,
      })
    }
    book.addParticipants(live, this.#membersOf(sms.person, route.number, sms.others), BY_PHONE)
    return live
  }

  #membersOf(person: string, number: string, others: string[] | null): ParticipantDraft[] {
    if (!others) return [{ kind: 'sms', person, number }]
    const addresses = new Set([number, ...others])
    addresses.delete(person)
    const members = [...addresses].map(
      (address): ParticipantDraft =>
        this.#routes.has(address) ? { kind: 'projected', number: address } : { kind: 'group', person: address },
    )
    return [{ kind: 'group', person }, ...members]
  }
}
