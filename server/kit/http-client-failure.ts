import { errors } from 'undici'

/** Why a request got no usable answer. */
export const FAILURE_KINDS = [
  'bad_url',
  'bad_host',
  'refused_address',
  'connect_timeout',
  'connection_refused',
  'connection_failed',
  'read_timeout',
  'total_timeout',
  'tls',
  'protocol',
  'too_large',
] as const

export type FailureKind = (typeof FAILURE_KINDS)[number]

/** A failure on its way to becoming a result; `systemCode` is the system's or OpenSSL's own name for it. */
export class HttpFailureError extends Error {
  readonly kind: FailureKind
  readonly systemCode: string | null

  constructor(kind: FailureKind, message: string, systemCode: string | null = null) {
    super(message)
    this.name = 'HttpFailureError'
    this.kind = kind
    this.systemCode = systemCode
  }
}

/** Names any error that undici, a socket, TLS or a resolver reports. */
export function failureOf(error: Error): HttpFailureError {
  if (error instanceof HttpFailureError) return error
  const code = codeOf(error)
  return new HttpFailureError(kindOf(error, code), messageOf(error), code)
}

const NAMES_NOT_RESOLVED = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME', 'EBADNAME'])
/** What undici and its parser say about an answer that is not HTTP. */
const PROTOCOL_CODES = new Set([
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_RESPONSE_STATUS_CODE',
])
const PROTOCOL_SOCKET_MESSAGES = new Set(['bad response', 'bad upgrade'])
/** OpenSSL's verification errors as Node spells them; everything else of TLS starts with ERR_TLS, ERR_SSL or EPROTO. */
const TLS_CODE =
  /^(ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_|HOSTNAME_MISMATCH|ERROR_IN_)/

function kindOf(error: Error, code: string | null): FailureKind {
  if (error instanceof errors.HTTPParserError) return 'protocol'
  if (error instanceof errors.SocketError && PROTOCOL_SOCKET_MESSAGES.has(error.message)) return 'protocol'
  if (code === null) return 'connection_failed'
  if (NAMES_NOT_RESOLVED.has(code)) return 'bad_host'
  if (code === 'ECONNREFUSED') return 'connection_refused'
  if (code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT') return 'connect_timeout'
  if (PROTOCOL_CODES.has(code)) return 'protocol'
  if (code === 'UND_ERR_INVALID_ARG') return 'bad_url'
  return TLS_CODE.test(code) ? 'tls' : 'connection_failed'
}

function codeOf(error: Error): string | null {
  if ('code' in error && typeof error.code === 'string') return error.code
  // When every address of a host failed, Node reports them together.
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return codeOf(error.errors[0])
  return null
}

function messageOf(error: Error): string {
  if (error.message === '' && error instanceof AggregateError && error.errors[0] instanceof Error) {
    return error.errors[0].message
  }
  return error.message
}
