import type { Core } from '../../core/core.ts'
import type { ThreadDoors } from '../../core/threads/thread-doors.ts'
import type { Cause } from '../../core/threads/thread-events.ts'
import { sid, uuidOfSid } from '../../domain/ids.ts'
import { findService } from '../../store/read/services.ts'
import { notFound } from '../twilio-errors.ts'
import { originOf } from '../twilio-hosts.ts'
import { type Page, type PageAsked, type PageKey, type PageRules, pageOf, readPage, v1List } from '../twilio-paging.ts'
import type { TwilioCall, TwilioResources } from '../twilio-routes.ts'
import type { DefaultServices } from './default-services.ts'
import type { ChangeCounter } from './rate-limits.ts'

/** A request, with the service that it means. */
export interface ServiceCall extends TwilioCall {
  accountSid: string
  serviceId: string
  /** Where this server is reached: `https://host`, with the path below which a proxy serves it. */
  origin: string
  /** Where the URLs of the resource's relatives begin: `https://host/v1/Services/IS...` or without the service. */
  base: string
  namedService?: { chat_service_sid: string }
  cause: Cause
}

type ServiceHandler = (call: ServiceCall) => Promise<unknown>

export interface ServiceVerbs {
  list?: ServiceHandler
  create?: ServiceHandler
  fetch?: ServiceHandler
  update?: ServiceHandler
  remove?: ServiceHandler
}

export interface ConversationsApi {
  readonly core: Core
  readonly doors: ThreadDoors
  readonly services: DefaultServices
  /** Serves a resource of a service at `/Services/{IS...}/path` and, for the default service, at `/path`. */
  inService(path: string, verbs: ServiceVerbs): void
  /** Serves a resource of the account at `/path`. */
  inAccount(path: string, verbs: ServiceVerbs): void
}

const VERBS = ['list', 'create', 'fetch', 'update', 'remove'] as const

/** What the dialect's routes share: the service that a request means, and where URLs in answers begin. */
export function openConversationsApi(
  resources: TwilioResources,
  deps: {
    doors: ThreadDoors
    services: DefaultServices
    publicUrl: string | null
    countChange: ChangeCounter
  },
): ConversationsApi {
  const { core, resource } = resources
  const { doors, services, publicUrl, countChange } = deps

  async function serviceCall(call: TwilioCall): Promise<ServiceCall> {
    const { serviceSid } = call.path
    const origin = originOf(call.request, publicUrl)
    const root = call.request.originalUrl.startsWith('/conversations/') ? '/conversations/v1' : '/v1'
    return {
      ...call,
      accountSid: sid('AC', call.accountId),
      serviceId: serviceSid === undefined ? await services.idOf(call.accountId) : await serviceOf(call, serviceSid),
      ...(serviceSid !== undefined && { namedService: { chat_service_sid: serviceSid } }),
      origin,
      base: origin + root + (serviceSid === undefined ? '' : `/Services/${serviceSid}`),
      cause: {
        source: 'api',
        userId: null,
        tellsHooks: call.request.headers['x-twilio-webhook-enabled']?.toString().toLowerCase() === 'true',
      },
    }
  }

  async function serviceOf({ accountId, request }: TwilioCall, serviceSid: string): Promise<string> {
    const id = uuidOfSid('IS', serviceSid)
    if (id && id === (await services.idOf(accountId))) return id
    if (!id || !(await findService(core.db, accountId, id))) throw notFound(request)
    return id
  }

  function serve(path: string, verbs: ServiceVerbs, prefix = ''): void {
    const plain: Record<string, (call: TwilioCall) => Promise<unknown>> = {}
    for (const verb of VERBS) {
      const handler = verbs[verb]
      if (!handler) continue
      plain[verb] = async twilioCall => {
        const call = await serviceCall(twilioCall)
        const { serviceId } = call
        if (isChange(verb)) countChange({ verb, path, serviceId, conversation: call.path.conversationSid })
        return handler(call)
      }
    }
    resource(prefix + path, plain)
  }

  return {
    core,
    doors,
    services,
    inService(path, verbs) {
      serve(path, verbs)
      serve(path, verbs, '/Services/:serviceSid')
    },
    inAccount: (path, verbs) => serve(path, verbs),
  }
}

function isChange(verb: (typeof VERBS)[number]): verb is 'create' | 'update' | 'remove' {
  return verb !== 'list' && verb !== 'fetch'
}

/** A list that the store reads by key, as the products' own APIs write it. */
export async function answerList<Row>(
  call: ServiceCall,
  list: {
    key: string
    rules: PageRules
    read(asked: PageAsked): Promise<Row[]>
    keyOf(row: Row): PageKey
    spell(row: Row): unknown
  },
): Promise<unknown> {
  const asked = readPage(call.parameters, list.rules)
  const page: Page<Row> = pageOf(await list.read(asked), asked, list.keyOf)
  return v1List(call.request, call.origin, list.key, page.rows.map(list.spell), page)
}
