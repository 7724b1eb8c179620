import { invalidParameter, RingCentralError } from './errors.ts'

export type DeliveryMode =
  | { kind: 'webhook'; address: string; verificationToken: string | null }
  | { kind: 'websocket' }

const MAX_ADDRESS_CHARACTERS = 2048
const MAX_TOKEN_CHARACTERS = 1024

/**
 * How a subscription wants to be told. Refuses 400 CMN-101 for what is no mode of ours (RingCentral closed PubNub, and
 * mobile pushes are not served), and 400 SUB-523 for an address without TLS unless such may be called.
 */
export function readDeliveryMode(value: unknown, allowsHttp: boolean): DeliveryMode {
  if (typeof value !== 'object' || value === null) throw invalidParameter('deliveryMode', value)
  const mode = value as Record<string, unknown>
  switch (mode.transportType) {
    case 'WebHook':
      return {
        kind: 'webhook',
        address: readAddress(mode.address, allowsHttp),
        verificationToken: readToken(mode.verificationToken ?? mode.validationToken),
      }
    case 'WebSocket':
      return { kind: 'websocket' }
    default:
      throw invalidParameter('deliveryMode.transportType', mode.transportType)
  }
}

function readAddress(value: unknown, allowsHttp: boolean): string {
  const isUrl = typeof value === 'string' && value.length <= MAX_ADDRESS_CHARACTERS && URL.canParse(value)
  const url = isUrl ? new URL(value) : null
  if (!url || !/^https?:$/.test(url.protocol)) throw invalidParameter('deliveryMode.address', value)
  if (url.protocol === 'http:' && !allowsHttp) {
    throw new RingCentralError(400, 'SUB-523', 'HTTPS is required for webhooks', {
      parameterName: 'deliveryMode.address',
    })
  }
  return url.href
}

function readToken(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null
  // It goes out in a header: no line breaks, and nothing that a header can't carry.
  const isToken = typeof value === 'string' && value.length <= MAX_TOKEN_CHARACTERS && /^[\x20-\x7e]+$/.test(value)
  if (!isToken) throw invalidParameter('deliveryMode.verificationToken', undefined)
  return value
}
