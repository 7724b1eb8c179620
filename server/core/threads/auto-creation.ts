import { isUuid, newId } from '../../domain/ids.ts'
import type { AddressRule } from '../../store/addresses.ts'
import { insertThreadHook } from '../../store/hooks.ts'
import type { NumberRoute } from '../../store/numbers.ts'
import type { KeptText } from '../inbound/inbound-call.ts'
import type { Act } from '../step.ts'
import { defaultServiceId } from '../users/open-service.ts'
import { groupKeyOf } from './group-copies.ts'
import { namingPool } from './named-pool.ts'
import type { LiveThread, ParticipantDraft, ThreadBook, ThreadDraft } from './thread-book.ts'
import { BY_PHONE } from './thread-events.ts'

/**
 * Threads that open by themselves: for texts that reach an address whose rule says so and that belong to no thread. An
 * address is a number, or a pool for all of its numbers that have no rule of their own.
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
    const rules = await rulesOf(
      step,
      texts.map(text => text.number),
    )
    const enabled = texts.filter(({ number }) => rules.get(number)?.autoCreation.enabled)
    if (enabled.length === 0) return new AutoCreation(rules, new Map(), { serviceId: '' })
    const routes = await step.numberRoutes(enabled.flatMap(({ number, others }) => [number, ...others]))
    await book.lookUpGroups(enabled.filter(text => text.others.length > 0).map(groupKeyOf))
    const owner = await step.ownerSettings()
    const draft: ThreadDraft = {
      serviceId: await defaultServiceId(step),
      inactiveAfterMs: owner.defaultInactiveAfterMs ?? null,
      closesAfterMs: owner.defaultClosesAfterMs ?? null,
      createdBy: 'system',
    }
    return new AutoCreation(rules, routes, namingPool(owner, draft))
  }

  /** The threads that texts to the number open; null when they open none. */
  draftFor(number: string): ThreadDraft | null {
    const rule = this.#rules.get(number)
    if (!rule?.autoCreation.enabled) return null
    const { settings, serviceId } = this.#draft
    return {
      ...this.#draft,
      serviceId: rule.autoCreation.serviceId ?? serviceId,
      settings: { ...settings, ...(isUuid(rule.address) && { messagingServiceId: rule.address }) },
    }
  }

  /** Opens a thread for a text that belongs to none, with its sender and, of a group text, all its members. */
  open(
    step: Act,
    book: ThreadBook,
    { sms, route, granted }: Pick<KeptText, 'sms' | 'route' | 'granted'>,
  ): LiveThread | null {
    const draft = this.draftFor(route.number)
    const rule = this.#rules.get(route.number)?.autoCreation
    if (!draft || !rule) return null
    const changes = granted?.event === 'onConversationAdd' ? granted.changes : {}
    const hasHooks = rule.kind === 'webhook' && Boolean(rule.webhookUrl)
    const settings = { ...draft.settings, ...(hasHooks && { hasHooks }) }
    const state = sms.others ? ('initializing' as const) : ('active' as const)
    const live = book.open({ ...draft, ...changes, settings, state }, BY_PHONE)
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
    // Apps wait for a group to be whole before they speak in it. Source: Twilio, "Group Texting", autocreation.
    book.setState(live, 'active', 'event', BY_PHONE)
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

/** The rule of each number: its own, else its pool's. */
async function rulesOf(step: Act, numbers: string[]): Promise<Map<string, AddressRule>> {
  const routes = await step.numberRoutes(numbers)
  const poolIds = [...routes.values()].flatMap(({ poolId }) => poolId ?? [])
  const rules = await step.addressRules([...numbers, ...poolIds])
  const found = new Map<string, AddressRule>()
  for (const number of numbers) {
    const rule = rules.get(number) ?? rules.get(routes.get(number)?.poolId ?? '')
    if (rule) found.set(number, rule)
  }
  return found
}
