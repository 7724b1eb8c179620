import type { CarrierLedger, UnknownText } from '../../domain/carrier-ledger.ts'
import { groupBy } from '../../kit/group-by.ts'
import { openKeyedQueue } from '../../kit/keyed-queue.ts'
import type { Receipt } from '../carrier.ts'
import type { TwilioApi } from './api.ts'
import { type ListedMessage, listMessages } from './message-list.ts'
import { receiptOf } from './statuses.ts'

/** How far the carrier's clock may be behind ours. */
const SKEW_MS = 5 * 60_000
const PAIRS_AT_ONCE = 8
/** After that only a late callback tells of a text. */
const GIVEN_UP_AFTER_MS = 60 * 60_000

export interface UnknownTexts {
  /** Asks the account what became of them. Resolves to whether some should be asked about again soon. */
  look(): Promise<boolean>
}

/**
 * Finds out what became of texts that may or may not have been taken, by the messages of their pair that nobody here
 * knows. Such a message is believed to be one of them when it says the same and is still nobody's after the time that
 * an answer may take: until then it may be a text under way. A text that no such message can be was never taken.
 */
export function openUnknownTexts(deps: {
  api: TwilioApi
  ledger: CarrierLedger
  report(receipts: Receipt[]): Promise<void>
  nowMs(): number
  world(): Date
  answerWithinMs: number
  resendAfterMs: number
}): UnknownTexts {
  const { api, ledger } = deps
  /** When each message that is nobody's was first seen, in machine time. */
  let firstSeen = new Map<string, number>()

  async function resolvePair(texts: UnknownText[], seen: Map<string, number>): Promise<boolean> {
    const strangers = await listStrangers(texts)
    for (const { sid } of strangers) seen.set(sid, firstSeen.get(sid) ?? deps.nowMs())
    const isBelieved = ({ sid }: ListedMessage) => deps.nowMs() - (seen.get(sid) ?? 0) > deps.answerWithinMs
    let isOpen = false
    for (const text of texts) {
      const possible = strangers.filter(message => Date.parse(message.date_created) >= earliest(text))
      const found = possible.find(message => sameBody(message.body ?? '', text.body))
      const ageMs = deps.world().getTime() - text.unknownSince.getTime()
      if (found && isBelieved(found)) {
        strangers.splice(strangers.indexOf(found), 1)
        await ledger.resolve(text.reference, { kind: 'taken', carrierMessageId: found.sid })
        await report(found, text.number)
      } else if (possible.length === 0 && ageMs >= deps.resendAfterMs) {
        await ledger.resolve(text.reference, { kind: 'not_taken' })
      } else if (ageMs < GIVEN_UP_AFTER_MS) {
        isOpen = true
      }
    }
    return isOpen
  }

  /** The messages of a pair since its oldest text in question that are no known texts of ours, oldest first. */
  async function listStrangers(texts: UnknownText[]): Promise<ListedMessage[]> {
    const [oldest] = texts
    const since = oldest ? earliest(oldest) : 0
    const strangers: ListedMessage[] = []
    for await (const page of listMessages(api, { From: oldest?.number ?? '', To: oldest?.persons[0] ?? '' })) {
      const recent = page.filter(message => Date.parse(message.date_created) >= since)
      const ours = await ledger.ours(recent.map(message => message.sid))
      strangers.push(...recent.filter(message => !ours.has(message.sid)))
      if (recent.length < page.length) break
    }
    return strangers.reverse()
  }

  async function report(message: ListedMessage, number: string): Promise<void> {
    const { sid, status, error_code } = message
    const receipt = receiptOf({ sid, number, status, errorCode: error_code ?? null })
    if (receipt) await deps.report([receipt])
  }

  return {
    async look() {
      const pairs = groupBy(await ledger.unknownTexts(), text => `${text.number} ${text.persons.join()}`)
      const seen = new Map<string, number>()
      const asking = openKeyedQueue({ maxRunning: PAIRS_AT_ONCE })
      const open = await Promise.all([...pairs].map(([key, texts]) => asking.push(key, () => resolvePair(texts, seen))))
      firstSeen = seen
      return open.includes(true)
    },
  }
}

function earliest(text: UnknownText): number {
  return text.createdAt.getTime() - SKEW_MS
}

/** Twilio trims texts. */
function sameBody(one: string, other: string): boolean {
  return one.trim() === other.trim()
}
