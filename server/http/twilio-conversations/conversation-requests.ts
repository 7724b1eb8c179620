import type { ThreadDraft } from '../../core/threads/thread-book.ts'
import { laterBy } from '../../domain/calendar.ts'
import { parseDuration } from '../../domain/duration.ts'
import { isDay, parseWireTime } from '../../domain/wire-time.ts'
import type { ThreadFilter } from '../../store/read/threads.ts'
import type { Parameters } from '../twilio-parameters.ts'
import {
  isTooLong,
  looksLikeSid,
  MAX_NAME,
  MAX_THREAD_ATTRIBUTES,
  readAttributes,
  readDates,
  readName,
  readSid,
  refuse,
} from './limits.ts'
import type { ConversationSettings } from './resources/conversation.ts'

/** Everything that a program may set of a conversation; what is undefined was not said. */
export interface ConversationFields {
  friendlyName?: string | null
  uniqueName?: string | null
  attributes?: string
  state?: 'active' | 'inactive' | 'closed'
  inactiveAfterMs?: number | null
  closesAfterMs?: number | null
  settings?: ConversationSettings
  createdAt?: Date
  updatedAt?: Date
}

/** Shortest timers, and the codes that say no. Source: Twilio, "Conversation state and timers". */
const INACTIVE = { leastMs: 60_000, tooShort: 50375, invalid: 50379 }
const CLOSED = { leastMs: 600_000, tooShort: 50376, invalid: 50380 }

export function readConversation(parameters: Parameters): ConversationFields {
  const fields: ConversationFields = { ...readDates(parameters) }
  const friendlyName = readName(parameters, 'FriendlyName')
  if (friendlyName !== undefined) fields.friendlyName = friendlyName === '' ? null : friendlyName
  const uniqueName = parameters.text('UniqueName')
  if (uniqueName !== undefined) fields.uniqueName = checkUniqueName(uniqueName)
  const attributes = readAttributes(parameters, MAX_THREAD_ATTRIBUTES)
  if (attributes !== undefined) fields.attributes = attributes
  const state = readState(parameters)
  if (state !== undefined) fields.state = state
  const inactive = readTimer(parameters, 'Timers.Inactive', INACTIVE)
  if (inactive !== undefined) fields.inactiveAfterMs = inactive
  const closed = readTimer(parameters, 'Timers.Closed', CLOSED)
  if (closed !== undefined) fields.closesAfterMs = closed
  const settings = readSettings(parameters)
  if (Object.keys(settings).length > 0) fields.settings = settings
  return fields
}

/** A conversation to be opened. Refuses 50384 when it is to be closed. */
export function readNewConversation(parameters: Parameters, serviceId: string): ThreadDraft {
  const { state, ...fields } = readConversation(parameters)
  if (state === 'closed') throw refuse(50384, 'Conversation can not be created in closed state')
  return { serviceId, createdBy: 'system', ...fields, ...(state && { state }) }
}

function checkUniqueName(name: string): string | null {
  if (name === '') return null
  if (isTooLong(name)) throw refuse(50005, `UniqueName is too long, it may have ${MAX_NAME} characters`)
  if (looksLikeSid(name)) throw refuse(50390, 'UniqueName must not look like a SID')
  return name
}

function readState(parameters: Parameters): ConversationFields['state'] {
  const text = parameters.text('State')
  if (text === undefined) return undefined
  const state = text.trim().toLowerCase()
  if (state === '') throw refuse(50374, 'Conversation state must not be empty')
  if (state === 'active' || state === 'inactive' || state === 'closed') return state
  throw refuse(50378, `Invalid conversation state: ${text}`)
}

/** A timer in milliseconds; null takes it away. */
function readTimer(
  parameters: Parameters,
  name: string,
  { leastMs, tooShort, invalid }: { leastMs: number; tooShort: number; invalid: number },
): number | null | undefined {
  const text = parameters.text(name)?.trim()
  if (text === undefined) return undefined
  if (text === '') return null
  const ms = parseDuration(text)
  if (ms === null) throw refuse(invalid, `${name} is no ISO 8601 duration: ${text}`)
  if (ms === 0) return null
  if (ms < leastMs) throw refuse(tooShort, `${name} must be at least ${leastMs / 60_000} minutes`)
  return ms
}

/** The timers that new conversations get. */
export function readDefaultTimers(parameters: Parameters): {
  inactive: number | null | undefined
  closed: number | null | undefined
} {
  return {
    inactive: readTimer(parameters, 'DefaultInactiveTimer', INACTIVE),
    closed: readTimer(parameters, 'DefaultClosedTimer', CLOSED),
  }
}

function readSettings(parameters: Parameters): ConversationSettings {
  const messagingServiceId = readSid(parameters, 'MessagingServiceSid', 'MG', 50341)
  const address = parameters.filled('Bindings.Email.Address')
  const name = parameters.filled('Bindings.Email.Name')
  return {
    ...(messagingServiceId && { messagingServiceId }),
    ...((address || name) && { email: { projected_address: address ?? null, name: name ?? null } }),
  }
}

const DAY_MS = 24 * 60 * 60 * 1000

/** Which conversations a list asks for. A plain day as the end is meant whole. */
export function readThreadFilter(parameters: Parameters, serviceId: string): ThreadFilter {
  const state = parameters.oneOf('State', ['initializing', 'active', 'inactive', 'closed'], 50378)
  const from = readMoment(parameters, 'StartDate')
  const end = parameters.filled('EndDate')
  const until = readMoment(parameters, 'EndDate')
  return {
    serviceId,
    state,
    from,
    until: until && end && isDay(end) ? laterBy(until, DAY_MS) : until,
  }
}

function readMoment(parameters: Parameters, name: string): Date | undefined {
  const text = parameters.filled(name)
  if (text === undefined) return undefined
  const moment = parseWireTime(text)
  if (!moment) throw refuse(20001, `Invalid ${name}: ${text}`)
  return moment
}
