import { AUTOMATIC } from '../../core/pools/claim-from-pool.ts'
import type { ParticipantDraft } from '../../core/threads/thread-book.ts'
import type { ParticipantChange } from '../../core/threads/update-participant.ts'
import { canonicalAddress, channelOf, classifyAddress } from '../../domain/phone-number.ts'
import type { Parameters } from '../twilio-parameters.ts'
import { MAX_NAME, readAttributes, readDates, readIdentity, readSid, readTime, refuse } from './limits.ts'

/** A participant to be added: a chat user, a phone with one of our numbers, or a member of a group text. */
export function readParticipant(parameters: Parameters): ParticipantDraft {
  const attributes = readAttributes(parameters)
  const roleId = readSid(parameters, 'RoleSid', 'RL', 50109)
  return {
    ...readWho(parameters),
    ...readDates(parameters),
    ...(attributes !== undefined && { attributes }),
    ...(roleId && { roleId }),
  }
}

/** The largest index there can be. */
const MAX_INDEX = 2_147_483_647

const ADDRESS = 'MessagingBinding.Address'
const PROXY = 'MessagingBinding.ProxyAddress'
const PROJECTED = 'MessagingBinding.ProjectedAddress'

/** Source: Twilio, "Participant resource", and errors 50407 to 50420. */
function readWho(parameters: Parameters): Pick<ParticipantDraft, 'kind' | 'identity' | 'person' | 'number'> {
  const identity = readIdentity(parameters)
  const person = readAddress(parameters, ADDRESS, { empty: 50411, invalid: 50407 })
  const proxy = readProxy(parameters)
  const projected = readProjected(parameters)
  if (identity !== undefined && (person || proxy)) {
    throw refuse(50211, 'Identity is not acceptable for this participant')
  }
  if (person && projected) throw refuse(50407, 'Invalid messaging binding address')
  if (proxy && projected) throw refuse(50420, 'A participant has either a proxy address or a projected address')
  if (person && proxy === AUTOMATIC) return { kind: 'sms', person, number: AUTOMATIC }
  if (person && proxy) return { kind: 'sms', ...checkPair(person, proxy) }
  if (projected) return { kind: 'projected', number: projected, ...(identity !== undefined && { identity }) }
  if (person) return { kind: 'group', person }
  if (proxy) throw refuse(50411, 'Participant address is empty')
  if (identity === undefined) throw refuse(50204, 'Neither an identity nor a messaging binding was provided')
  return { kind: 'chat', identity }
}

/** What is to be changed of a participant. `null`, as a word, takes a number away. Refuses 50421 and what adding does. */
export function readParticipantChange(
  parameters: Parameters,
): Omit<ParticipantChange, 'threadId' | 'serviceId' | 'who' | 'cause'> {
  const attributes = readAttributes(parameters)
  const roleId = readSid(parameters, 'RoleSid', 'RL', 50109)
  const identity = readIdentity(parameters)
  const proxy = isNull(parameters, PROXY) ? null : readProxy(parameters)
  const projected = isNull(parameters, PROJECTED) ? null : readProjected(parameters)
  return {
    ...readDates(parameters),
    ...readHorizon(parameters),
    ...(attributes !== undefined && { attributes }),
    ...(roleId && { roleId }),
    ...(identity !== undefined && { identity }),
    ...(proxy !== undefined && { proxy }),
    ...(projected !== undefined && { projected }),
  }
}

function isNull(parameters: Parameters, name: string): boolean {
  return parameters.text(name)?.trim() === 'null'
}

/** One of our numbers, or the word that leaves the choice to the conversation's messaging service. */
function readProxy(parameters: Parameters): string | undefined {
  if (parameters.text(PROXY)?.trim() === AUTOMATIC) return AUTOMATIC
  return readAddress(parameters, PROXY, { empty: 50412, invalid: 50408 })
}

function readProjected(parameters: Parameters): string | undefined {
  return readAddress(parameters, PROJECTED, { empty: 50434, invalid: 50439 })
}

/** How far somebody has read. Refuses 50421, a time or an index that is none. */
export function readHorizon(parameters: Parameters): { lastReadIndex?: number | null; lastReadAt?: Date | null } {
  const horizon: { lastReadIndex?: number | null; lastReadAt?: Date | null } = {}
  if (parameters.text('LastReadMessageIndex')?.trim() === 'null') horizon.lastReadIndex = null
  else {
    const index = parameters.integer('LastReadMessageIndex', 50421)
    if (index !== undefined && (index < 0 || index > MAX_INDEX))
      throw refuse(50421, `Invalid LastReadMessageIndex: ${index}`)
    if (index !== undefined) horizon.lastReadIndex = index
  }
  const at = readTime(parameters, 'LastReadTimestamp', 50421)
  if (at) horizon.lastReadAt = at
  return horizon
}

/** Refuses 50409 for two equal addresses and 50414 for two of different channels. */
export function checkPair(person: string, number: string): { person: string; number: string } {
  if (person === number) throw refuse(50409, 'Participant address equals proxy address')
  if (channelOf(person) !== channelOf(number))
    throw refuse(50414, 'Participant address and proxy address types mismatch')
  return { person, number }
}

/** An address in its one spelling; undefined when it was not sent. */
export function readAddress(
  parameters: Parameters,
  name: string,
  { empty, invalid }: { empty: number; invalid: number },
): string | undefined {
  const text = parameters.text(name)
  if (text === undefined) return undefined
  if (text.trim() === '') throw refuse(empty, `${name} is empty`)
  const address = text.length > MAX_NAME ? null : canonicalAddress(text)
  const kind = address === null ? 'invalid' : classifyAddress(address)
  const isFit = kind === 'phone' || kind === 'channel' || (kind === 'short_code' && name !== ADDRESS)
  if (address === null || !isFit) {
    throw refuse(invalid, invalid === 50407 ? 'Invalid messaging binding address' : `Invalid ${name}: ${text}`)
  }
  return address
}
