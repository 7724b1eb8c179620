import { countryOf } from '../../domain/geography.ts'
import { sid } from '../../domain/ids.ts'
import { numberSettings } from '../../domain/number-settings.ts'
import { formatIsoSeconds } from '../../domain/wire-time.ts'
import type { OwnedNumber } from '../../store/read/numbers.ts'
import type { Pool, PoolSender } from '../../store/read/sending-pools.ts'
import type { V1Call } from '../twilio-v1.ts'
import { keptOf } from './requests.ts'

type Place = Pick<V1Call, 'accountSid' | 'origin' | 'base'>

const DEFAULT_VALIDITY_MS = 36_000_000

/** Service. Source: OpenAPI `messaging.v1.service`. */
export function serviceResource({ accountSid, origin, base }: Place, pool: Pool) {
  const { settings } = pool
  const kept = keptOf(settings)
  const serviceSid = sid('MG', pool.id)
  const url = `${base}/Services/${serviceSid}`
  return {
    sid: serviceSid,
    account_sid: accountSid,
    friendly_name: friendlyNameOf(pool),
    ...datesOf(pool),
    inbound_request_url: settings.inboundRequestUrl || null,
    inbound_method: settings.inboundMethod ?? 'POST',
    fallback_url: settings.fallbackUrl || null,
    fallback_method: settings.fallbackMethod ?? 'POST',
    status_callback: settings.statusCallback || null,
    sticky_sender: settings.stickySender ?? true,
    mms_converter: kept.mmsConverter ?? true,
    smart_encoding: settings.smartEncoding ?? false,
    scan_message_content: kept.scanMessageContent ?? 'inherit',
    fallback_to_long_code: kept.fallbackToLongCode ?? true,
    area_code_geomatch: settings.areaCodeGeomatch ?? false,
    synchronous_validation: kept.synchronousValidation ?? false,
    validity_period: (settings.validForMs ?? DEFAULT_VALIDITY_MS) / 1000,
    url,
    links: {
      phone_numbers: `${url}/PhoneNumbers`,
      short_codes: `${url}/ShortCodes`,
      alpha_senders: `${url}/AlphaSenders`,
      channel_senders: `${url}/ChannelSenders`,
      destination_alpha_senders: `${url}/DestinationAlphaSenders`,
      messages: `${origin}/2010-04-01/Accounts/${accountSid}/Messages.json`,
      us_app_to_person: `${url}/Compliance/Usa2p`,
      us_app_to_person_usecases: `${url}/Compliance/Usa2p/Usecases`,
    },
    usecase: kept.usecase ?? 'undeclared',
    us_app_to_person_registered: false,
    use_inbound_webhook_on_number: settings.useInboundWebhookOnNumber ?? !settings.inboundRequestUrl,
  }
}

/** Services may share a name, pools may not: then the pool's own name is another. */
export function friendlyNameOf({ name, settings }: Pool): string {
  return typeof settings.friendlyName === 'string' ? settings.friendlyName : name
}

/** Phone number. Source: OpenAPI `messaging.v1.service.phone_number`. */
export function phoneNumberResource(place: Place, poolId: string, number: OwnedNumber) {
  return {
    sid: sid('PN', number.id),
    ...memberOf(place, poolId, number),
    phone_number: number.number,
    country_code: number.country || countryOf(number.number),
    capabilities: capabilitiesOf(number),
    url: urlOf(place, poolId, `PhoneNumbers/${sid('PN', number.id)}`),
  }
}

/** Short code. Source: OpenAPI `messaging.v1.service.short_code`. */
export function shortCodeResource(place: Place, poolId: string, number: OwnedNumber) {
  return {
    sid: sid('SC', number.id),
    ...memberOf(place, poolId, number),
    short_code: number.number,
    country_code: number.country,
    capabilities: capabilitiesOf(number),
    url: urlOf(place, poolId, `ShortCodes/${sid('SC', number.id)}`),
  }
}

/** Alpha sender. Source: OpenAPI `messaging.v1.service.alpha_sender`. */
export function alphaSenderResource(place: Place, sender: PoolSender) {
  return {
    sid: sid('AI', sender.id),
    ...memberOf(place, sender.poolId, sender),
    alpha_sender: sender.sender,
    capabilities: ['SMS'],
    url: urlOf(place, sender.poolId, `AlphaSenders/${sid('AI', sender.id)}`),
  }
}

/** Destination alpha sender. Source: OpenAPI `messaging.v1.service.destination_alpha_sender`. */
export function destinationSenderResource(place: Place, sender: PoolSender) {
  return {
    ...alphaSenderResource(place, sender),
    iso_country_code: sender.country ?? '',
    url: urlOf(place, sender.poolId, `DestinationAlphaSenders/${sid('AI', sender.id)}`),
  }
}

/** Channel sender. Source: OpenAPI `messaging.v1.service.channel_sender`. */
export function channelSenderResource(place: Place, sender: PoolSender) {
  return {
    account_sid: place.accountSid,
    messaging_service_sid: sid('MG', sender.poolId),
    sid: sid('XE', sender.id),
    sender: sender.sender,
    sender_type: null,
    country_code: sender.country,
    ...datesOf(sender),
    url: urlOf(place, sender.poolId, `ChannelSenders/${sid('XE', sender.id)}`),
  }
}

function memberOf({ accountSid }: Place, poolId: string, row: { createdAt: Date; updatedAt: Date }) {
  return { account_sid: accountSid, service_sid: sid('MG', poolId), ...datesOf(row) }
}

function datesOf({ createdAt, updatedAt }: { createdAt: Date; updatedAt: Date }) {
  return { date_created: formatIsoSeconds(createdAt), date_updated: formatIsoSeconds(updatedAt) }
}

function urlOf({ base }: Place, poolId: string, rest: string): string {
  return `${base}/Services/${sid('MG', poolId)}/${rest}`
}

function capabilitiesOf({ settings }: OwnedNumber): string[] {
  const { voice, sms, mms, fax } = numberSettings(settings).capabilities
  return [...(voice ? ['Voice'] : []), ...(sms ? ['SMS'] : []), ...(mms ? ['MMS'] : []), ...(fax ? ['Fax'] : [])]
}
