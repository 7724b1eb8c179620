import type { Core } from '../core/core.ts'
import { sid } from '../domain/ids.ts'
import { originOf } from './twilio-hosts.ts'
import { type PageAsked, type PageRules, pageOf, readPage, v1List } from './twilio-paging.ts'
import type { TwilioCall, TwilioResources } from './twilio-routes.ts'

/** A request to one of the products' own APIs, with where the URLs in its answer begin. */
export interface V1Call extends TwilioCall {
  accountSid: string
  /** Where this server is reached: `https://host`, with the path below which a proxy serves it. */
  origin: string
  /** `https://host/messaging/v1`, or `https://messaging.host/v1` when it was asked so. */
  base: string
}

type V1Handler = (call: V1Call) => Promise<unknown>

export interface V1Verbs {
  list?: V1Handler
  create?: V1Handler
  fetch?: V1Handler
  update?: V1Handler
  remove?: V1Handler
}

export interface V1Api {
  readonly core: Core
  resource(path: string, verbs: V1Verbs): void
}

const VERBS = ['list', 'create', 'fetch', 'update', 'remove'] as const

/** What routes of a product (`messaging`, `proxy`) share. */
export function openV1Api(
  { core, resource }: TwilioResources,
  { product, publicUrl }: { product: string; publicUrl: string | null },
): V1Api {
  function v1Call(call: TwilioCall): V1Call {
    const root = call.request.originalUrl.startsWith(`/${product}/`) ? `/${product}/v1` : '/v1'
    const origin = originOf(call.request, publicUrl)
    return { ...call, accountSid: sid('AC', call.accountId), origin, base: origin + root }
  }
  return {
    core,
    resource(path, verbs) {
      const plain: Record<string, (call: TwilioCall) => Promise<unknown>> = {}
      for (const verb of VERBS) {
        const handler = verbs[verb]
        if (handler) plain[verb] = async call => handler(v1Call(call))
      }
      resource(path, plain)
    },
  }
}

/** A list by `born`, as the products' own APIs write it. */
export async function answerV1List<Row extends { born: number }>(
  call: V1Call,
  list: { key: string; rules?: PageRules; read(asked: PageAsked): Promise<Row[]>; spell(row: Row): unknown },
): Promise<unknown> {
  const asked = readPage(call.parameters, list.rules)
  const page = pageOf(await list.read(asked), asked, row => [row.born])
  return v1List(call.request, call.origin, list.key, page.rows.map(list.spell), page)
}
