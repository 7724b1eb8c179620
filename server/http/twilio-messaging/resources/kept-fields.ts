import type { KeptSettings } from '../../../store/read/applications.ts'
import { TwilioError } from '../../twilio-errors.ts'
import type { Parameters } from '../../twilio-parameters.ts'
import { methodIn, urlIn } from '../../twilio-url-parameters.ts'

/** A field that programs set and read back, and that has no effect here. */
export interface KeptField {
  parameter: string
  /** In the resource. */
  name: string
  read(parameters: Parameters, parameter: string): string | boolean | null | undefined
  /** What it is until it is set. */
  blank: string | boolean | null
}

const url = (parameter: string, name: string): KeptField => ({ parameter, name, read: urlIn, blank: '' })

const method = (parameter: string, name: string): KeptField => ({ parameter, name, read: methodIn, blank: 'POST' })

const flag = (parameter: string, name: string): KeptField => ({
  parameter,
  name,
  read: (parameters, parameter) => parameters.flag(parameter),
  blank: false,
})

const word = (parameter: string, name: string, words: [string, ...string[]]): KeptField => ({
  parameter,
  name,
  read: (parameters, parameter) => parameters.oneOf(parameter, words),
  blank: words[0],
})

/** The SID of something that is not served here; an empty one clears it. */
const foreignSid = (parameter: string, name: string, prefix: string, blank: '' | null): KeptField => ({
  parameter,
  name,
  read: (parameters, parameter) => {
    const text = parameters.text(parameter)?.trim()
    if (text === undefined) return undefined
    if (text === '') return blank
    if (!new RegExp(`^${prefix}[0-9a-fA-F]{32}$`).test(text)) {
      throw new TwilioError(400, 20001, `Invalid ${parameter}: ${text}`)
    }
    return text
  },
  blank,
})

const VOICE: KeptField[] = [
  url('VoiceUrl', 'voice_url'),
  method('VoiceMethod', 'voice_method'),
  url('VoiceFallbackUrl', 'voice_fallback_url'),
  method('VoiceFallbackMethod', 'voice_fallback_method'),
  flag('VoiceCallerIdLookup', 'voice_caller_id_lookup'),
]

export const NUMBER_FIELDS: KeptField[] = [
  ...VOICE,
  foreignSid('VoiceApplicationSid', 'voice_application_sid', 'AP', ''),
  word('VoiceReceiveMode', 'voice_receive_mode', ['voice', 'fax']),
  foreignSid('TrunkSid', 'trunk_sid', 'TK', null),
  word('EmergencyStatus', 'emergency_status', ['Inactive', 'Active']),
  foreignSid('EmergencyAddressSid', 'emergency_address_sid', 'AD', null),
  foreignSid('IdentitySid', 'identity_sid', 'RI', null),
  foreignSid('AddressSid', 'address_sid', 'AD', null),
  foreignSid('BundleSid', 'bundle_sid', 'BU', null),
]

export const APPLICATION_FIELDS: KeptField[] = [
  ...VOICE,
  url('StatusCallback', 'status_callback'),
  method('StatusCallbackMethod', 'status_callback_method'),
  flag('PublicApplicationConnectEnabled', 'public_application_connect_enabled'),
]

/** The fields that were sent. Refuses 21402, 21403 and 20001 what makes no sense. */
export function keptIn(parameters: Parameters, fields: KeptField[]): KeptSettings {
  const kept: KeptSettings = {}
  for (const { parameter, name, read } of fields) {
    const value = read(parameters, parameter)
    if (value !== undefined) kept[name] = value
  }
  return kept
}

/** All fields, as they were set or blank. */
export function keptOf(kept: KeptSettings, fields: KeptField[]): KeptSettings {
  return Object.fromEntries(fields.map(({ name, blank }) => [name, kept[name] ?? blank]))
}
