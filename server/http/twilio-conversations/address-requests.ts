import type { AddressChange, AddressDraft } from '../../core/numbers/change-address.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import { canonicalAddress } from '../../domain/phone-number.ts'
import type { AutoCreation } from '../../store/read/addresses.ts'
import type { Parameters } from '../twilio-parameters.ts'
import { readUrl } from './hook-requests.ts'
import { readName, readSid, refuse } from './limits.ts'

export const ADDRESS_KINDS = ['sms', 'whatsapp', 'messenger', 'gbm', 'email', 'rcs', 'apple', 'chat'] as const

/** What an autocreated conversation may tell its webhook. Source: Twilio, Address configuration resource. */
const FILTERS = [
  'onMessageAdded',
  'onMessageUpdated',
  'onMessageRemoved',
  'onConversationUpdated',
  'onConversationStateUpdated',
  'onConversationRemoved',
  'onParticipantAdded',
  'onParticipantUpdated',
  'onParticipantRemoved',
  'onDeliveryUpdated',
]

export function readNewAddress(parameters: Parameters): AddressDraft {
  const kind = parameters.oneOf('Type', ADDRESS_KINDS)
  const text = parameters.filled('Address')
  if (!kind) throw refuse(20001, 'Type is missing')
  const address = text === undefined ? null : readAddressName(text)
  if (!address) throw refuse(50407, `Invalid Address: ${text ?? ''}`)
  const autoCreation: AutoCreation = { enabled: false, kind: 'default', ...readAutoCreation(parameters) }
  mustBeComplete(autoCreation)
  return {
    kind,
    address,
    friendlyName: readName(parameters, 'FriendlyName') || null,
    country: parameters.filled('AddressCountry')?.toUpperCase() ?? null,
    autoCreation,
  }
}

/** A number of ours; or the SID of a messaging service, for all its numbers that have no configuration of their own. */
export function readAddressName(text: string): string | null {
  return uuidOfSid('MG', text) ?? canonicalAddress(text)
}

/** What is to be changed of an address. Refuses 50369 and 50367 where its type would lack what it needs. */
export function readAddressChange(parameters: Parameters, kept: AutoCreation): Omit<AddressChange, 'addressId'> {
  const friendlyName = readName(parameters, 'FriendlyName')
  const autoCreation = readAutoCreation(parameters)
  mustBeComplete({ ...kept, ...autoCreation })
  return {
    ...(friendlyName !== undefined && { friendlyName: friendlyName === '' ? null : friendlyName }),
    ...(Object.keys(autoCreation).length > 0 && { autoCreation }),
  }
}

/** Refuses what a hook's URL cannot be (`readUrl`), 50365 a filter and 50367 a flow that is none. */
function readAutoCreation(parameters: Parameters): Partial<AutoCreation> {
  const enabled = parameters.flag('AutoCreation.Enabled')
  const kind = parameters.oneOf('AutoCreation.Type', ['webhook', 'studio', 'default'])
  const serviceId = readSid(parameters, 'AutoCreation.ConversationServiceSid', 'IS')
  const webhookUrl = readUrl(parameters, 'AutoCreation.WebhookUrl')
  const webhookMethod = parameters.oneOf('AutoCreation.WebhookMethod', ['GET', 'POST'], 50055)
  const webhookFilters = parameters.list('AutoCreation.WebhookFilters')
  const studioFlowSid = readFlowSid(parameters)
  const studioRetryCount = parameters.integer('AutoCreation.StudioRetryCount')
  for (const filter of webhookFilters) if (!FILTERS.includes(filter)) throw refuse(50365, `Invalid filter: ${filter}`)
  return {
    ...(enabled !== undefined && { enabled }),
    ...(kind && { kind }),
    ...(serviceId && { serviceId }),
    ...(webhookUrl && { webhookUrl }),
    ...(webhookMethod && { webhookMethod }),
    ...(webhookFilters.length > 0 && { webhookFilters }),
    ...(studioFlowSid && { studioFlowSid }),
    ...(studioRetryCount !== undefined && { studioRetryCount }),
  }
}

function readFlowSid(parameters: Parameters): string | undefined {
  const text = parameters.filled('AutoCreation.StudioFlowSid')
  if (text !== undefined && !/^FW[0-9a-fA-F]{32}$/.test(text)) throw refuse(50367, `Invalid StudioFlowSid: ${text}`)
  return text
}

/** Refuses 50369 for a webhook without URL and 50367 for a studio without flow. */
function mustBeComplete({ kind, webhookUrl, studioFlowSid }: AutoCreation): void {
  if (kind === 'webhook' && !webhookUrl) throw refuse(50369, 'AutoCreation.WebhookUrl is missing')
  if (kind === 'studio' && !studioFlowSid) throw refuse(50367, 'AutoCreation.StudioFlowSid is missing')
}
