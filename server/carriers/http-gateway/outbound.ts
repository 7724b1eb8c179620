import type { GatewaySend, GatewaySettings } from '../../domain/gateway-settings.ts'
import { countSegments, encodingOf } from '../../domain/segments.ts'
import type { OutboundText } from '../carrier.ts'
import type { Numbers } from './numbers.ts'
import { isNamed, type Names } from './template.ts'

/** The call that carries a text, with what its templates may name. */
export interface Outbound {
  call: GatewaySend
  names: Names
}

/** Chooses the call for a text; null when the gateway has none for groups. */
export function chooseCall(settings: GatewaySettings, numbers: Numbers, text: OutboundText): Outbound | null {
  const { send, sendMedia, sendGroup } = settings
  const isGroup = text.persons.length > 1
  const forGroup = sendGroup ?? (takes(send, 'recipients') ? send : null)
  if (isGroup && !forGroup) return null
  const plain = (isGroup && forGroup) || send
  const withMedia = isGroup ? plain : (sendMedia ?? send)
  const carriesMedia = text.media.length > 0 && canCarry(withMedia, text)
  return { call: carriesMedia ? withMedia : plain, names: namesOf(text, numbers, carriesMedia) }
}

function canCarry(call: GatewaySend, { media }: OutboundText): boolean {
  const { most = Number.POSITIVE_INFINITY, types } = call.media ?? {}
  const isOfType = (contentType: string) => !types || types.some(type => contentType.startsWith(type))
  return takes(call, 'media') && media.length <= most && media.every(file => isOfType(file.contentType))
}

function takes({ url, query, headers, json, form }: GatewaySend, name: string): boolean {
  return isNamed([url, query, headers, json, form], name)
}

function namesOf(text: OutboundText, numbers: Numbers, carriesMedia: boolean): Names {
  const urls = text.media.map(file => file.url)
  // Files that can't go along are named by their addresses.
  const body = carriesMedia ? text.body : [text.body, ...urls].filter(line => line !== '').join('\n')
  const recipients = text.persons.map(numbers.write)
  return {
    from: numbers.write(text.number),
    to: recipients[0],
    recipients,
    text: body,
    media: carriesMedia ? urls : [],
    reference: text.reference,
    encoding: encodingOf(body),
    segments: countSegments(body),
  }
}
