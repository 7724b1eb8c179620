import type { SendRequest } from '../../core/sending/send-sms.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import { canonicalAddress, classifyAddress } from '../../domain/phone-number.ts'
import type { SmsSettings } from '../../domain/sms.ts'
import { lengthInCharacters } from '../../domain/text.ts'
import { parseWireTime } from '../../domain/wire-time.ts'
import { TwilioError } from '../twilio-errors.ts'
import type { Parameters } from '../twilio-parameters.ts'
import { checkMediaUrls, checkUrlLength, isHttpUrl } from '../twilio-url-parameters.ts'
import { priorityOfIntent } from './message-intent.ts'

const MAX_CHARACTERS = 1600
/** A longer one that is texted is a number that lacks its plus. */
const MAX_SHORT_CODE = 6
const MAX_VALIDITY_S = 36_000
/** Source: Twilio, "Message Scheduling": 5 minutes to 35 days ahead. */
const MIN_AHEAD_MS = 5 * 60 * 1000
const MAX_AHEAD_MS = 35 * 24 * 60 * 60 * 1000

/**
 * Reads the parameters of a new message, in the order in which Twilio complains of them. What is accepted and ignored
 * (Attempt, ForceDelivery, FallbackFrom, RiskCheck, ...) is not read at all.
 */
export function readNewMessage(parameters: Parameters, now: Date): SendRequest {
  const to = parameters.address('To')
  if (to === undefined) throw refuse(21604, "A 'To' phone number is required.")
  const sender = readSender(parameters)
  const body = parameters.text('Body') ?? ''
  const mediaUrls = parameters.list('MediaUrl').flatMap(url => url.trim() || [])
  refuseContentTemplates(parameters)
  if (body === '' && mediaUrls.length === 0) {
    if (sender.poolId === null) throw refuse(21602, 'Message body is required.')
    throw refuse(21619, 'A text message body or media urls must be specified.')
  }
  const person = readPerson(to)
  if (person === sender.number) throw refuse(21266, `'To' and 'From' number cannot be the same: ${person}`)
  if (lengthInCharacters(body) > MAX_CHARACTERS) {
    throw refuse(21617, `The concatenated message body exceeds the ${MAX_CHARACTERS} character limit`)
  }
  checkMediaUrls(mediaUrls)
  checkMaxPrice(parameters)
  return {
    ...sender,
    person,
    body,
    mediaUrls,
    statusCallback: readStatusCallback(parameters),
    applicationId: readApplication(parameters),
    validForMs: readValidity(parameters),
    sendAt: sender.poolId === null ? null : readSendAt(parameters, now),
    isSmartEncoded: parameters.flag('SmartEncoded') ?? null,
    priority: priorityOfIntent(parameters.filled('MessageIntent')),
    settings: readSettings(parameters),
  }
}

/** From may hold the SID of a messaging service; without a number the service chooses one. */
function readSender(parameters: Parameters): Pick<SendRequest, 'number' | 'poolId'> {
  const from = parameters.address('From')
  const fromPool = from === undefined ? null : uuidOfSid('MG', from)
  const serviceSid = parameters.filled('MessagingServiceSid')
  if (from === undefined && serviceSid === undefined) throw refuse(21603, "A 'From' phone number is required.")
  const poolId = serviceSid === undefined ? fromPool : uuidOfSid('MG', serviceSid)
  if (serviceSid !== undefined && poolId === null) throw refuse(21705, 'The Messaging Service is invalid.')
  if (from === undefined || fromPool !== null) return { number: null, poolId }
  const number = canonicalAddress(from)
  if (number !== null) return { number, poolId }
  throw refuse(21212, `The 'From' number ${from} is not a valid phone number, shortcode, or alphanumeric sender ID.`)
}

function readPerson(to: string): string {
  const person = canonicalAddress(to)
  const kind = person === null ? 'invalid' : classifyAddress(person)
  const isTooLong = kind === 'short_code' && to.trim().length > MAX_SHORT_CODE
  if (person === null || kind === 'invalid' || kind === 'alphanumeric' || isTooLong) {
    throw refuse(21211, `The 'To' number ${to} is not a valid phone number.`)
  }
  if (kind === 'channel') throw refuse(21612, `The 'To' number ${to} is not currently reachable via SMS.`)
  return person
}

/** There are no content templates here, so that every one of them is unknown. */
function refuseContentTemplates(parameters: Parameters): void {
  const variables = parameters.json('ContentVariables')
  if (variables !== undefined && variables !== '' && !isJson(variables)) {
    throw refuse(21656, 'The ContentVariables Parameter is invalid')
  }
  if (parameters.filled('ContentSid') !== undefined) throw refuse(21655, 'The ContentSid is Invalid')
  if (variables !== undefined && variables !== '') throw refuse(21654, 'ContentSid Required')
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const FLOAT = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?$/i

/** Prices are not held against anything: texts cost nothing here. */
function checkMaxPrice(parameters: Parameters): void {
  const price = parameters.filled('MaxPrice')
  if (price !== undefined && !FLOAT.test(price)) throw refuse(21627, `MaxPrice is not a number: ${price}`)
}

function readStatusCallback(parameters: Parameters): string | null {
  const url = parameters.filled('StatusCallback')
  if (url === undefined) return null
  checkUrlLength('StatusCallback', url)
  if (!isHttpUrl(url)) throw refuse(21609, `The 'StatusCallback' URL ${url} is not a valid URL.`)
  return url
}

function readApplication(parameters: Parameters): string | null {
  const applicationSid = parameters.filled('ApplicationSid')
  if (applicationSid === undefined || parameters.filled('StatusCallback') !== undefined) return null
  const id = uuidOfSid('AP', applicationSid)
  if (id === null) throw refuse(21218, `The ApplicationSid ${applicationSid} is not a valid application.`)
  return id
}

function readValidity(parameters: Parameters): number | null {
  const seconds = parameters.integer('ValidityPeriod', 21624)
  if (seconds === undefined) return null
  if (seconds < 1 || seconds > MAX_VALIDITY_S) {
    throw refuse(21624, `The ValidityPeriod ${seconds} is not between 1 and ${MAX_VALIDITY_S} seconds`)
  }
  return seconds * 1000
}

/** Only a messaging service schedules; without one the text goes out at once, whatever is said here. */
function readSendAt(parameters: Parameters, now: Date): Date | null {
  const type = parameters.oneOf('ScheduleType', ['fixed'])
  const text = parameters.filled('SendAt')
  if (type === undefined && text === undefined) return null
  if (text === undefined) throw refuse(35111, 'SendAt cannot be empty for ScheduleType fixed')
  const sendAt = parseWireTime(text)
  const aheadMs = (sendAt?.getTime() ?? 0) - now.getTime()
  if (sendAt === null || aheadMs < MIN_AHEAD_MS || aheadMs > MAX_AHEAD_MS) {
    throw refuse(35114, 'SendAt time must be between 300 seconds and 35 days (3024000 seconds) in the future')
  }
  return sendAt
}

function readSettings(parameters: Parameters): SmsSettings | null {
  const settings: SmsSettings = {}
  if (parameters.oneOf('ContentRetention', ['retain', 'discard'], 30029) === 'discard') settings.forgetsBody = true
  if (parameters.oneOf('AddressRetention', ['retain', 'obfuscate'], 30030) === 'obfuscate') settings.hidesPerson = true
  if (parameters.flag('ProvideFeedback')) settings.providesFeedback = true
  return Object.keys(settings).length === 0 ? null : settings
}

function refuse(code: number, message: string): TwilioError {
  return new TwilioError(400, code, message)
}
