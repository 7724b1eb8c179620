/** A request of a client, as it stands in its frame. */
export interface ClientRequest {
  type: 'ClientRequest'
  messageId: string
  method: string
  /** Below the origin, maybe with a query of its own. */
  path: string
  headers: Record<string, unknown>
  query: Record<string, unknown>
  body: unknown
}

export interface Heartbeat {
  type: 'Heartbeat'
  messageId: string
}

export type ClientFrame = ClientRequest | Heartbeat

/** A frame that can't be taken; `messageId` is null when not even that could be read. */
export interface BadFrame {
  type: 'bad'
  messageId: string | null
  message: string
}

/** Reads a frame: an array of what it is and, for some, what it carries. Source: RingCentral, WebSocket, messages. */
export function readFrame(text: string): ClientFrame | BadFrame {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    return bad(null, 'The frame is not JSON')
  }
  const [meta, body] = Array.isArray(read) ? read : []
  if (typeof meta !== 'object' || meta === null) return bad(null, 'The frame is no array that begins with an object')
  const { type, messageId, method, path, headers, query } = meta as Record<string, unknown>
  if (typeof messageId !== 'string' || messageId.length > 200) return bad(null, 'The frame has no messageId')
  if (type === 'Heartbeat') return { type, messageId }
  if (type !== 'ClientRequest') return bad(messageId, `Frames of type ${String(type)} are not taken`)
  if (typeof method !== 'string' || typeof path !== 'string') return bad(messageId, 'method and path are required')
  return { type, messageId, method: method.toUpperCase(), path, headers: record(headers), query: record(query), body }
}

function bad(messageId: string | null, message: string): BadFrame {
  return { type: 'bad', messageId, message }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

/** Where a client would recover its session from here. It keeps the one with the highest sequence. */
export interface Wsc {
  token: string
  sequence: number
}

/** What a frame of ours begins with. */
export interface Meta {
  type: 'ConnectionDetails' | 'ClientRequest' | 'ServerNotification' | 'Heartbeat' | 'Error'
  messageId: string
  status?: number
  wsc?: Wsc
  headers?: Record<string, string>
}

/** A frame; `body` is JSON text already, null for none. */
export function writeFrame(meta: Meta, body: string | null): string {
  return body === null ? `[${JSON.stringify(meta)}]` : `[${JSON.stringify(meta)},${body}]`
}
