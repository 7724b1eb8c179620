import { smsSidOf } from '../../core/sending/sms-sid.ts'
import { countryOf } from '../../domain/geography.ts'
import { sid } from '../../domain/ids.ts'
import { numberSettings } from '../../domain/number-settings.ts'
import { formatIsoSeconds } from '../../domain/wire-time.ts'
import type {
  InteractionRecord,
  InteractionText,
  ProxyNumber,
  ProxyParticipant,
  ProxySession,
} from '../../store/read/proxy.ts'
import type { Pool } from '../../store/read/sending-pools.ts'
import type { V1Call } from '../twilio-v1.ts'
import { NEW_PROXY_SERVICE } from './requests.ts'

type Place = Pick<V1Call, 'accountSid' | 'origin' | 'base'>

/** Service. Source: OpenAPI `proxy.v1.service`. */
export function serviceResource({ accountSid, base }: Place, pool: Pool) {
  const serviceSid = sid('KS', pool.id)
  const url = `${base}/Services/${serviceSid}`
  const proxy = pool.settings.proxy ?? NEW_PROXY_SERVICE
  return {
    sid: serviceSid,
    unique_name: pool.name,
    account_sid: accountSid,
    chat_instance_sid: proxy.chatServiceId === null ? null : sid('IS', proxy.chatServiceId),
    callback_url: proxy.callbackUrl,
    default_ttl: proxy.defaultTtlS,
    number_selection_behavior: proxy.numberSelection,
    geo_match_level: proxy.geoMatchLevel,
    intercept_callback_url: proxy.interceptUrl,
    out_of_session_callback_url: proxy.outOfSessionUrl,
    ...datesOf(pool),
    url,
    links: { sessions: `${url}/Sessions`, phone_numbers: `${url}/PhoneNumbers` },
  }
}

/** Phone number. Source: OpenAPI `proxy.v1.service.phone_number`. */
export function phoneNumberResource({ accountSid, base }: Place, serviceId: string, number: ProxyNumber) {
  const numberSid = sid('PN', number.id)
  const serviceSid = sid('KS', serviceId)
  return {
    sid: numberSid,
    account_sid: accountSid,
    service_sid: serviceSid,
    ...datesOf(number),
    phone_number: number.number,
    friendly_name: number.friendlyName || number.number,
    iso_country: number.country || countryOf(number.number),
    capabilities: numberSettings(number.settings).capabilities,
    url: `${base}/Services/${serviceSid}/PhoneNumbers/${numberSid}`,
    is_reserved: number.state === 'reserved',
    in_use: number.inUse,
  }
}

/** Session. Source: OpenAPI `proxy.v1.service.session`. */
export function sessionResource(place: Place, session: ProxySession) {
  const url = sessionUrl(place, session.serviceId, session.id)
  return {
    sid: sid('KC', session.id),
    service_sid: sid('KS', session.serviceId),
    account_sid: place.accountSid,
    date_started: isoOf(session.startedAt),
    date_ended: isoOf(session.endedAt),
    date_last_interaction: isoOf(session.lastInteractionAt),
    date_expiry: isoOf(session.expiresAt),
    unique_name: session.uniqueName,
    status: session.status,
    closed_reason: session.closedReason,
    ttl: session.ttlS,
    mode: session.mode,
    ...datesOf(session),
    url,
    links: { interactions: `${url}/Interactions`, participants: `${url}/Participants` },
  }
}

/** Participant. Source: OpenAPI `proxy.v1.service.session.participant`. */
export function participantResource(place: Place, participant: ProxyParticipant) {
  const participantSid = sid('KP', participant.id)
  const url = `${sessionUrl(place, participant.serviceId, participant.sessionId)}/Participants/${participantSid}`
  return {
    sid: participantSid,
    session_sid: sid('KC', participant.sessionId),
    service_sid: sid('KS', participant.serviceId),
    account_sid: place.accountSid,
    friendly_name: participant.friendlyName,
    identifier: participant.identifier,
    proxy_identifier: participant.proxyIdentifier,
    proxy_identifier_sid: sid('PN', participant.numberId),
    date_deleted: isoOf(participant.deletedAt),
    ...datesOf(participant),
    url,
    links: { message_interactions: `${url}/MessageInteractions` },
  }
}

/** Interaction. Source: OpenAPI `proxy.v1.service.session.interaction`. */
export function interactionResource(place: Place, interaction: InteractionRecord) {
  const interactionSid = sid('KI', interaction.id)
  return {
    sid: interactionSid,
    session_sid: sid('KC', interaction.sessionId),
    service_sid: sid('KS', interaction.serviceId),
    account_sid: place.accountSid,
    data: JSON.stringify({ body: interaction.body }),
    type: 'message',
    ...sideOf(place, 'inbound', interaction.inboundParticipantId, interaction.inbound),
    ...sideOf(place, 'outbound', interaction.outboundParticipantId, interaction.outbound),
    ...datesOf(interaction),
    url: `${sessionUrl(place, interaction.serviceId, interaction.sessionId)}/Interactions/${interactionSid}`,
  }
}

/** Message interaction. Source: OpenAPI `proxy.v1.service.session.participant.message_interaction`. */
export function messageInteractionResource(place: Place, participantId: string, interaction: InteractionRecord) {
  const participantSid = sid('KP', participantId)
  const session = sessionUrl(place, interaction.serviceId, interaction.sessionId)
  return {
    ...interactionResource(place, interaction),
    participant_sid: participantSid,
    url: `${session}/Participants/${participantSid}/MessageInteractions/${sid('KI', interaction.id)}`,
  }
}

function sideOf(
  { accountSid, origin }: Place,
  side: 'inbound' | 'outbound',
  participantId: string | null,
  text: InteractionText | null,
) {
  const messageSid = text && smsSidOf(text)
  return {
    [`${side}_participant_sid`]: participantId === null ? null : sid('KP', participantId),
    [`${side}_resource_sid`]: messageSid,
    [`${side}_resource_status`]: text && (text.status === 'unknown' ? 'delivery-unknown' : text.status),
    [`${side}_resource_type`]: text && 'Message',
    [`${side}_resource_url`]: messageSid && `${origin}/2010-04-01/Accounts/${accountSid}/Messages/${messageSid}.json`,
  }
}

function sessionUrl({ base }: Place, serviceId: string, sessionId: string): string {
  return `${base}/Services/${sid('KS', serviceId)}/Sessions/${sid('KC', sessionId)}`
}

function datesOf({ createdAt, updatedAt }: { createdAt: Date; updatedAt: Date }) {
  return { date_created: formatIsoSeconds(createdAt), date_updated: formatIsoSeconds(updatedAt) }
}

function isoOf(date: Date | null): string | null {
  return date && formatIsoSeconds(date)
}
