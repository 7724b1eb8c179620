import type { EventFilter, Topic } from '../../domain/subscription.ts'
import type { Caller } from './callers.ts'
import { invalidParameter, RingCentralError } from './errors.ts'

/** Filters that one subscription takes. */
const MAX_FILTERS = 100
const MAX_FILTER_CHARACTERS = 500

interface Shape {
  topic: Topic
  /** Of the path; `account` and `extension` are the caller's own, by number or `~`. */
  path: RegExp
  scope: string | null
}

const SHAPES: Shape[] = [
  { topic: 'threads', path: /^\/account\/(?<account>[^/]+)\/message-threads\/sync$/, scope: 'SMS' },
  { topic: 'entries', path: /^\/account\/(?<account>[^/]+)\/message-threads\/entries\/sync$/, scope: 'SMS' },
  {
    topic: 'instant_texts',
    path: /^\/account\/(?<account>[^/]+)\/extension\/(?<extension>[^/]+)\/message-store\/instant$/,
    scope: 'ReadMessages',
  },
  {
    topic: 'texts',
    path: /^\/account\/(?<account>[^/]+)\/extension\/(?<extension>[^/]+)\/message-store$/,
    scope: 'ReadMessages',
  },
  {
    topic: 'grants',
    path: /^\/account\/(?<account>[^/]+)\/extension\/(?<extension>[^/]+)\/grant$/,
    scope: 'ReadAccounts',
  },
  { topic: 'expiry', path: /^\/subscription\/~$/, scope: null },
]

const BASE = '/restapi/v1.0'

/**
 * The event filters of a request, one for each given, their ids spelled out. Refuses 400 SUB-508 for one that is not
 * known, 403 SUB-406 and SUB-405 for other accounts and extensions, and 403 CMN-401 when the program may be told of
 * none of them; filters that lack a permission beside others are kept as disabled.
 */
export function readEventFilters(value: unknown, caller: Caller): EventFilter[] {
  if (!Array.isArray(value) || value.length < 1 || value.length > MAX_FILTERS) {
    throw invalidParameter('eventFilters', value)
  }
  const filters = value.map(text => readFilter(text, caller))
  const lacking = filters.find(filter => filter.lacks)
  if (lacking?.lacks && filters.every(filter => filter.lacks)) {
    throw new RingCentralError(
      403,
      'CMN-401',
      `In order to call this API endpoint, application needs to have [${lacking.lacks}] permission`,
      { permissionName: lacking.lacks },
    )
  }
  return filters
}

function readFilter(text: unknown, caller: Caller): EventFilter {
  if (typeof text !== 'string' || text.length > MAX_FILTER_CHARACTERS) throw unknownFilter(text)
  const [path = '', query = ''] = text.split('?', 2)
  const inside = path.startsWith(`${BASE}/`) ? path.slice(BASE.length) : ''
  const parameters = new URLSearchParams(query)
  for (const { topic, path: pattern, scope } of SHAPES) {
    const groups = pattern.exec(inside)?.groups ?? (pattern.test(inside) ? {} : null)
    if (!groups) continue
    const resolved = resolve(inside, groups, caller)
    return {
      topic,
      text: BASE + resolved + (query ? `?${query}` : ''),
      direction: directionOf(topic, parameters, text),
      ...(topic === 'expiry' ? reminderOf(parameters, text) : { thresholdSeconds: null, intervalSeconds: null }),
      lacks: scope && !caller.scopes.has(scope) ? scope : null,
    }
  }
  throw unknownFilter(text)
}

function resolve(path: string, { account, extension }: Record<string, string>, caller: Caller): string {
  if (account !== undefined && account !== '~' && account !== caller.accountNumber) {
    throw new RingCentralError(403, 'SUB-406', `Not allowed to subscribe for events of account [${account}]`)
  }
  if (extension !== undefined && extension !== '~' && extension !== caller.extensionId) {
    throw new RingCentralError(403, 'SUB-405', `Not allowed to subscribe for events of extension [${extension}]`)
  }
  return path
    .replace(/^\/account\/[^/]+/, `/account/${caller.accountNumber}`)
    .replace(/\/extension\/[^/]+/, `/extension/${caller.extensionId}`)
}

/** Texts may be asked for by their type, of which there is one here, and by the way they went. */
function directionOf(topic: Topic, parameters: URLSearchParams, text: string): EventFilter['direction'] {
  if (topic === 'instant_texts') return 'in'
  if (topic !== 'texts') return null
  switch (parameters.get('direction')) {
    case null:
    case '':
      return null
    case 'Inbound':
      return 'in'
    case 'Outbound':
      return 'out'
    default:
      throw unknownFilter(text)
  }
}

/** `threshold` seconds before the end a reminder comes, then another every `interval` seconds. */
function reminderOf(
  parameters: URLSearchParams,
  text: string,
): Pick<EventFilter, 'thresholdSeconds' | 'intervalSeconds'> {
  const [threshold, interval] = ['threshold', 'interval'].map(name => {
    const value = parameters.get(name)
    if (value === null || value === '') return null
    if (!/^[0-9]{1,9}$/.test(value) || Number(value) < 1) throw unknownFilter(text)
    return Number(value)
  })
  if (threshold == null) throw unknownFilter(text)
  return { thresholdSeconds: threshold, intervalSeconds: interval ?? null }
}

function unknownFilter(value: unknown): RingCentralError {
  const spelled = typeof value === 'string' ? value : JSON.stringify(value)
  return new RingCentralError(400, 'SUB-508', `Event filter [${spelled}] is invalid or not supported`, {
    parameterName: 'eventFilters',
    parameterValue: spelled,
  })
}
