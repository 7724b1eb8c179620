import { createHash } from 'node:crypto'
import type { Message } from '../../store/messages.ts'
import type { Act } from '../step.ts'
import type { LiveThread } from './thread-book.ts'

/** What a phone says again and again. */
interface Repeat {
  /** Stands for its text. */
  said: string
  times: number
  atMs: number
}

type Repeats = Record<string, Repeat>

/** As often may two phones say the same to each other: persons hardly do, machines go on. */
const MAX_TIMES = 10
/** Machines answer within it, world time. */
const WITHIN_MS = 60_000

/**
 * Notes what a phone said in a thread with other phones, and tells whether it would ring for ever if they had it: two
 * machines that answer every text do so with the same words each time. Until one says something else, or nothing for a
 * while, neither has more of the other.
 */
export function isRinging({ now }: Pick<Act, 'now'>, { thread, participants }: LiveThread, message: Message): boolean {
  const { origin, participantId, body, media } = message
  const phones = participants.filter(each => each.kind === 'sms')
  if (origin !== 'sms' || !participantId || !body || media || phones.length < 2) return false
  const nowMs = now.getTime()
  const said = createHash('sha256').update(body).digest('base64url').slice(0, 12)
  const { [participantId]: before, ...others } = recentOf(thread.settings?.repeats as Repeats | undefined, nowMs)
  const isAnswer = Object.keys(others).length > 0
  const times = isAnswer && before?.said === said ? before.times + 1 : 1
  const repeats: Repeats = { ...others, [participantId]: { said, times, atMs: nowMs } }
  thread.settings = { ...thread.settings, repeats }
  return times > MAX_TIMES && Object.values(others).some(other => other.times >= MAX_TIMES)
}

function recentOf(repeats: Repeats = {}, nowMs: number): Repeats {
  return Object.fromEntries(Object.entries(repeats).filter(([, { atMs }]) => nowMs - atMs < WITHIN_MS))
}
