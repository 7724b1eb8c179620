import { cleanText } from '../domain/text.ts'
import type { HttpFailure } from '../kit/http-client.ts'

/** Something wrong with a customer's app, in Twilio's debugger codes. Source: Twilio, Error and Warning Dictionary. */
export interface Problem {
  code: number
  message: string
}

const MAX_MESSAGE = 500

/** Without what nobody would read: an app may have written 64 kB where an address belongs. */
export function briefly({ code, message }: Problem): Problem {
  return { code, message: cleanText(message.slice(0, MAX_MESSAGE)) }
}

/** The debugger code of a request that got no usable answer. */
export function problemOfFailure(failure: HttpFailure): Problem {
  return { code: codeOfFailure(failure), message: failure.message }
}

function codeOfFailure(failure: HttpFailure): number {
  switch (failure.kind) {
    case 'bad_url':
      return 11100
    case 'bad_host':
    case 'refused_address':
      return 11210
    case 'connect_timeout':
      return 11201
    case 'connection_refused':
      return 11202
    case 'connection_failed':
      return 11205
    case 'read_timeout':
      return 11200
    case 'total_timeout':
      return 11203
    case 'tls':
      return codeOfTls(failure.code)
    case 'protocol':
      return 11206
    case 'too_large':
      return 11750
    default:
      return failure.kind satisfies never
  }
}

function codeOfTls(code: string | null): number {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 11235
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return 11236
  if (code !== null && /^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|CERT_)/.test(code)) return 11237
  return 11220
}
