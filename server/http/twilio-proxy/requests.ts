import { given } from '../../core/given.ts'
import type { ProxyWish } from '../../core/proxy/claim-proxies.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import { canonicalAddress, classifyAddress } from '../../domain/phone-number.ts'
import {
  GEO_MATCH_LEVELS,
  NUMBER_SELECTIONS,
  type ProxySettings,
  SESSION_MODES,
  SESSION_STATUSES,
} from '../../domain/proxy.ts'
import { lengthInCharacters, lengthOfName } from '../../domain/text.ts'
import { parseWireTime } from '../../domain/wire-time.ts'
import { Parameters } from '../twilio-parameters.ts'
import { checkMediaUrls, urlIn } from '../twilio-url-parameters.ts'
import { refuse } from './errors.ts'

const MAX_NAME = 191
const MAX_BODY = 1600
/** What an integer column holds. */
const MAX_TTL_S = 2_147_483_647

/** What a new service begins with. Source: Twilio, Proxy Service resource. */
export const NEW_PROXY_SERVICE: ProxySettings = {
  defaultTtlS: 0,
  geoMatchLevel: 'country',
  numberSelection: 'prefer-sticky',
  callbackUrl: null,
  interceptUrl: null,
  outOfSessionUrl: null,
  chatServiceId: null,
}

/** What a request sets of a service; what it leaves out is missing. Refuses 20001, and 21402 a URL that is none. */
export function readProxyService(parameters: Parameters): Partial<ProxySettings> {
  const chatSid = parameters.text('ChatInstanceSid')?.trim()
  const chatServiceId = chatSid ? uuidOfSid('IS', chatSid) : null
  if (chatSid && !chatServiceId) throw refuse(20001, `Invalid ChatInstanceSid: ${chatSid}`)
  return given({
    defaultTtlS: readSeconds(parameters, 'DefaultTtl'),
    geoMatchLevel: parameters.oneOf('GeoMatchLevel', GEO_MATCH_LEVELS),
    numberSelection: parameters.oneOf('NumberSelectionBehavior', NUMBER_SELECTIONS),
    callbackUrl: readUrl(parameters, 'CallbackUrl'),
    interceptUrl: readUrl(parameters, 'InterceptCallbackUrl'),
    outOfSessionUrl: readUrl(parameters, 'OutOfSessionCallbackUrl'),
    chatServiceId: chatSid === undefined ? undefined : chatServiceId,
  })
}

/** A name that may stand in a path. Refuses 20001 one that is too long or looks like a SID. */
export function readUniqueName(parameters: Parameters): string | undefined {
  const name = parameters.filled('UniqueName')
  if (name !== undefined && (lengthOfName(name) > MAX_NAME || /^K[SC][0-9a-fA-F]{32}$/.test(name))) {
    throw refuse(20001, 'Invalid UniqueName')
  }
  return name
}

/** What a new session or a change of one says. Refuses 20001. */
export function readSession(parameters: Parameters) {
  return {
    ttlS: readSeconds(parameters, 'Ttl'),
    expiresAt: readDate(parameters, 'DateExpiry'),
    mode: parameters.oneOf('Mode', SESSION_MODES),
    status: parameters.oneOf('Status', SESSION_STATUSES),
  }
}

/** A participant before a number was given to them; `numberSid` names the number that is asked for. */
export interface ParticipantRequest extends ProxyWish {
  numberSid: string | null
}

/** Refuses 20001 without a phone number to reach the person by. */
export function readParticipant(parameters: Parameters): ParticipantRequest {
  const identifier = readPhone(parameters, 'Identifier')
  if (identifier === null) throw refuse(20001, 'Identifier is missing')
  return {
    identifier,
    friendlyName: parameters.filled('FriendlyName') ?? null,
    number: readPhone(parameters, 'ProxyIdentifier'),
    numberSid: parameters.filled('ProxyIdentifierSid') ?? null,
  }
}

/** Participants given with a new session: JSON objects with the parameters' names. Refuses 20001. */
export function readParticipants(parameters: Parameters): ParticipantRequest[] {
  return parameters.list('Participants').map(text => {
    try {
      return readParticipant(new Parameters(JSON.parse(text)))
    } catch (error) {
      throw error instanceof SyntaxError ? refuse(20001, 'Invalid Participants') : error
    }
  })
}

/** Refuses 20001 a text that says and shows nothing, 21617 one that is too long, and media as `checkMediaUrls` does. */
export function readText(parameters: Parameters): { body: string; mediaUrls: string[] } {
  const body = parameters.text('Body') ?? ''
  const mediaUrls = parameters.list('MediaUrl')
  if (body === '' && mediaUrls.length === 0) throw refuse(20001, 'Body or MediaUrl is required')
  if (lengthInCharacters(body) > MAX_BODY) throw refuse(21617, `The body exceeds the ${MAX_BODY} character limit`)
  checkMediaUrls(mediaUrls)
  return { body, mediaUrls }
}

function readPhone(parameters: Parameters, name: string): string | null {
  const text = parameters.address(name)
  if (text === undefined) return null
  const address = canonicalAddress(text)
  const kind = address === null ? 'invalid' : classifyAddress(address)
  if (address === null || (kind !== 'phone' && kind !== 'short_code')) throw refuse(20001, `Invalid ${name}: ${text}`)
  return address
}

function readSeconds(parameters: Parameters, name: string): number | undefined {
  const seconds = parameters.integer(name)
  if (seconds !== undefined && (seconds < 0 || seconds > MAX_TTL_S)) throw refuse(20001, `Invalid ${name}: ${seconds}`)
  return seconds
}

function readDate(parameters: Parameters, name: string): Date | undefined {
  const text = parameters.filled(name)
  if (text === undefined) return undefined
  const date = parseWireTime(text)
  if (!date) throw refuse(20001, `Invalid ${name}: ${text}`)
  return date
}

function readUrl(parameters: Parameters, name: string): string | null | undefined {
  const url = urlIn(parameters, name)
  return url === '' ? null : url
}
