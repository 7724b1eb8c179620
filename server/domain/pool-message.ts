import { sid } from './ids.ts'

/** A message as the owner of a thread is told of it, in lists and at its reply URL. */
export interface PoolMessage {
  id: string
  sid: string
  index: number
  direction: 'inbound' | 'outbound'
  author: string
  body: string
  media: { id: string; contentType: string; fileName: string | null; size: number }[]
  /** Our last message before a reply. */
  inReplyTo: { id: string; sid: string } | null
  late: boolean
  at: string
}

export interface PoolMessageFacts {
  id: string
  index: number
  origin: 'sms' | 'api' | 'chat'
  author: string
  body: string | null
  media: { id: string; contentType: string; fileName: string | null; size: number }[] | null
  replyToId: string | null
  isLate: boolean
  createdAt: Date
}

export function spellPoolMessage(message: PoolMessageFacts): PoolMessage {
  const { id, index, origin, author, body, media, replyToId, isLate, createdAt } = message
  return {
    id,
    sid: sid('IM', id),
    index,
    direction: origin === 'sms' ? 'inbound' : 'outbound',
    author,
    body: body ?? '',
    media: media ?? [],
    inReplyTo: replyToId === null ? null : { id: replyToId, sid: sid('IM', replyToId) },
    late: isLate,
    at: createdAt.toISOString(),
  }
}
