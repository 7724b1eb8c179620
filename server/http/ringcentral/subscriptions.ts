import { changeSubscription, deleteSubscription } from '../../core/subscriptions/change-subscription.ts'
import { type Owner, openOnSocket, openWebhook } from '../../core/subscriptions/open-subscription.ts'
import { spellSubscription } from '../../core/subscriptions/spell-subscription.ts'
import { isUuid } from '../../domain/ids.ts'
import type { EventFilter, Subscription } from '../../domain/subscription.ts'
import { findSubscription, listSubscriptions, type SubscriptionsAsked } from '../../store/read/subscriptions.ts'
import { objectOf } from './bodies.ts'
import { type Caller, mustHaveScope } from './callers.ts'
import { type DeliveryMode, readDeliveryMode } from './delivery-mode.ts'
import type { Call, RingCentralDialect } from './dialect.ts'
import { invalidParameter, RingCentralError } from './errors.ts'
import { readEventFilters } from './event-filters.ts'

const SUBSCRIPTIONS = '/v1.0/subscription'
const SUBSCRIPTION = `${SUBSCRIPTIONS}/:subscriptionId`
const MAX_LISTED = 30
/** Source: RingCentral, "Create subscription"; the default is what programs are seen to get. */
const DEFAULT_SECONDS = 7 * 86_400
const MAX_SECONDS = 315_360_000

/** The permission that each way of being told needs. */
const SCOPES = { webhook: 'SubscriptionWebhook', websocket: 'WebSocketsSubscription' } as const

export interface WebhookRules {
  /** Whether addresses without TLS may be called. */
  allowsHttp: boolean
  /** The handshake with an address; what is wrong with its answer, null when nothing is. */
  askAddress(address: string): Promise<string | null>
}

/** Subscriptions: made, listed, read, changed and renewed, deleted. Each program sees a user's that it made itself. */
export function subscriptionRoutes(dialect: RingCentralDialect, rules: WebhookRules): void {
  const { core } = dialect
  const light = { scope: null, group: 'light' } as const
  const medium = { scope: null, group: 'medium' } as const

  dialect.operation('GET', SUBSCRIPTIONS, {
    ...light,
    async run({ caller, origin }) {
      const found = await listSubscriptions(core.db, caller.accountId, askedBy(caller), MAX_LISTED)
      return { uri: `${origin}/restapi${SUBSCRIPTIONS}`, records: found.map(each => spell(each, origin)) }
    },
  })

  dialect.operation('POST', SUBSCRIPTIONS, {
    ...medium,
    async run({ caller, origin, body: sent }) {
      const body = objectOf(sent)
      const mode = readDeliveryMode(body.deliveryMode, rules.allowsHttp)
      mustHaveScope(caller, SCOPES[mode.kind])
      const filters = readEventFilters(body.eventFilters, caller)
      return spell(await open(caller, mode, filters, secondsOf(body) ?? DEFAULT_SECONDS), origin)
    },
  })

  dialect.operation('GET', SUBSCRIPTION, {
    ...light,
    run: async call => spell(await getOwn(call), call.origin),
  })

  dialect.operation('PUT', SUBSCRIPTION, {
    ...medium,
    async run(call) {
      const found = await getOwn(call)
      const body = call.body === undefined ? {} : objectOf(call.body)
      const filters = body.eventFilters === undefined ? undefined : readEventFilters(body.eventFilters, call.caller)
      return spell(await change(call, found, { filters, seconds: secondsOf(body), isAsked: true }), call.origin)
    },
  })

  dialect.operation('POST', `${SUBSCRIPTION}/renew`, {
    ...medium,
    async run(call) {
      const found = await getOwn(call)
      const isAsked = found.status === 'blacklisted'
      return spell(await change(call, found, { filters: undefined, seconds: null, isAsked }), call.origin)
    },
  })

  dialect.operation('DELETE', SUBSCRIPTION, {
    ...medium,
    status: 204,
    async run({ caller, path }) {
      const id = idOf(path)
      if (!(await deleteSubscription(core, caller.accountId, { id, owner: ownerOf(caller) }))) throw gone(id)
    },
  })

  async function open(
    caller: Caller,
    mode: DeliveryMode,
    filters: EventFilter[],
    expiresInSeconds: number,
  ): Promise<Subscription> {
    if (mode.kind === 'websocket') {
      if (!caller.socket) throw invalidParameter('deliveryMode.transportType', 'WebSocket')
      return openOnSocket(core, caller.accountId, ownerOf(caller), { filters, socket: caller.socket })
    }
    await mustAnswer(mode.address)
    const wish = { ...mode, filters, expiresInSeconds }
    const opened = await openWebhook(core, caller.accountId, ownerOf(caller), wish)
    if (!opened) throw new RingCentralError(403, 'SUB-505', 'Subscriptions limit exceeded')
    return opened
  }

  /** `seconds`: from now; with null a week, or what is left of more. `isAsked`: the address of a webhook is asked again before. */
  async function change(
    { caller }: Call,
    found: Subscription,
    { filters, seconds, isAsked }: { filters: EventFilter[] | undefined; seconds: number | null; isAsked: boolean },
  ): Promise<Subscription> {
    if (found.address !== null && isAsked) await mustAnswer(found.address)
    const leftSeconds = (found.expiresAt.getTime() - core.clock.world().getTime()) / 1000
    const expiresInSeconds = seconds ?? Math.max(DEFAULT_SECONDS, leftSeconds)
    const wanted = { filters, expiresInSeconds, socket: caller.socket }
    const asked = { id: found.id, owner: ownerOf(caller) }
    const changed = await changeSubscription(core, caller.accountId, asked, wanted)
    if (!changed) throw gone(found.id)
    return changed
  }

  async function mustAnswer(address: string): Promise<void> {
    const problem = await rules.askAddress(address)
    if (problem === null) return
    throw new RingCentralError(400, 'SUB-525', `WebHook responds with incorrect HTTP response: ${problem}`, {
      parameterName: 'deliveryMode.address',
      parameterValue: address,
    })
  }

  async function getOwn({ caller, path }: Call): Promise<Subscription> {
    const id = idOf(path)
    const found = await findSubscription(core.db, caller.accountId, askedBy(caller), id)
    if (!found) throw gone(id)
    return found
  }

  function askedBy({ userId, clientId }: Caller): SubscriptionsAsked {
    return { userId, clientId, now: core.clock.world(), machineNow: new Date(core.clock.machineMs()) }
  }

  function spell(subscription: Subscription, origin: string) {
    return spellSubscription(subscription, origin, core.clock.world())
  }
}

function ownerOf({ userId, clientId, extensionId }: Caller): Owner {
  return { userId, clientId, extensionId: Number(extensionId) }
}

function idOf({ subscriptionId = '' }: Record<string, string>): string {
  if (!isUuid(subscriptionId)) throw gone(subscriptionId)
  return subscriptionId
}

function gone(id: string): RingCentralError {
  return new RingCentralError(404, 'SUB-507', `Subscription [${id}] is not found or has expired`, {
    parameterName: 'subscriptionId',
    parameterValue: id,
  })
}

/** Seconds that a webhook is to run; more than may be are cut. Null when none are asked for. */
function secondsOf({ expiresIn }: Record<string, unknown>): number | null {
  if (expiresIn === undefined || expiresIn === null) return null
  if (typeof expiresIn !== 'number' || !Number.isInteger(expiresIn) || expiresIn < 1) {
    throw invalidParameter('expiresIn', expiresIn)
  }
  return Math.min(expiresIn, MAX_SECONDS)
}
