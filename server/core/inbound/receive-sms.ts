import { errorMessageOf } from '../../domain/error-codes.ts'
import { newId } from '../../domain/ids.ts'
import type { InboundText } from '../../domain/inbound-text.ts'
import { RANK_OF } from '../../domain/priority.ts'
import { countSegments } from '../../domain/segments.ts'
import type { Sms } from '../../domain/sms.ts'
import { cleanText } from '../../domain/text.ts'
import type { NumberRoute } from '../../store/numbers.ts'
import { insertCarrierText, seenTexts } from '../../store/sms.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { sayNotice } from '../inbox/send-texts.ts'
import { addMedia } from '../media/media.ts'
import { queueTexts } from '../sending/queue-texts.ts'
import type { Act } from '../step.ts'
import { aboutText } from '../threads/about-texts.ts'
import { HeldTexts } from '../threads/held-texts.ts'
import type { Speaking } from '../threads/speaking.ts'
import { loadRouting } from './load-routing.ts'
import { type KeptText, routeText } from './route-text.ts'

export interface Arrival {
  /** The carrier's id in our configuration. */
  carrier: string
  text: InboundText
}

/** What became of an inbound text. `smsId` is a UUID; a repeat is answered with the first one's. */
export type Received = { kind: 'kept'; smsId: string; repeated: boolean } | { kind: 'unknown_number' }

/**
 * Receives texts that reached an account's numbers, in the order given: each is kept in the log and routed, once
 * for ever by the carrier's id. Answers one `Received` per text, in order, after commit.
 */
export async function receiveSms(core: Core, accountId: string, arrivals: Arrival[]): Promise<Received[]> {
  return act(core, accountId, async step => {
    const texts = arrivals.map(({ text }) => text)
    const [seen, { speaking, routing, routes }, held] = await Promise.all([
      loadSeen(step, arrivals),
      loadRouting(step, texts),
      HeldTexts.load(step, texts),
    ])
    const { book, sessions, optOuts } = speaking
    const received: Received[] = []
    for (const arrival of arrivals) {
      const key = seenKey(arrival.carrier, arrival.text.carrierMessageId)
      const known = seen.get(key)
      const route = routes.get(arrival.text.number)
      if (known) {
        received.push({ kind: 'kept', smsId: known, repeated: true })
      } else if (!route) {
        received.push({ kind: 'unknown_number' })
      } else {
        const kept = keep(step, arrival, route)
        seen.set(key, kept.sms.id)
        const session = sessions.touch(kept.sms.person, route.number, step.now)
        // Recorded first; the text still goes where it would have gone.
        const keyword = optOuts.hear(step, { sms: kept.sms, route, carried: arrival.text })
        const text: KeptText = { ...kept, session, keyword }
        const mustWait = held.mayHold && (await held.hold(step, text, aboutText(speaking, text, routing)))
        if (!mustWait) routeText(core, speaking, text, routing)
        if (keyword?.reply) answerKeyword(speaking, kept, keyword.reply)
        received.push({ kind: 'kept', smsId: kept.sms.id, repeated: false })
      }
    }
    book.store()
    optOuts.store(step)
    sessions.store(step)
    return received
  })
}

/** The one text that may still go to a person who said stop; a queue's handlers see it in the thread. */
function answerKeyword(speaking: Speaking, { sms, route }: Pick<KeptText, 'sms' | 'route'>, body: string): void {
  const { step, sessions } = speaking
  const thread = sms.others ? null : sayNotice(speaking, { route, person: sms.person, body })
  queueTexts(step, sessions, [
    {
      origin: 'notice',
      route,
      person: sms.person,
      body,
      mediaUrls: [],
      statusCallback: null,
      ...(thread && { thread }),
    },
  ])
}

async function loadSeen(step: Act, arrivals: Arrival[]): Promise<Map<string, string>> {
  const rows = await step.lookUp(
    seenTexts,
    arrivals.map(({ carrier, text }) => ({ carrier, carrierMessageId: text.carrierMessageId })),
  )
  return new Map(rows.map(row => [seenKey(row.carrier, row.carrierMessageId), row.smsId]))
}

function seenKey(carrier: string, carrierMessageId: string): string {
  return `${carrier} ${carrierMessageId}`
}

/** Source: Twilio error 30009. */
const MISSING_PART = 30009

/** Writes the text, its files, and the carrier's id for it. */
function keep(step: Act, { carrier, text }: Arrival, route: NumberRoute): Omit<KeptText, 'session' | 'keyword'> {
  const body = cleanText(text.body)
  const version = step.tick()
  const sms: Sms = {
    id: newId(step.now.getTime()),
    direction: 'in',
    origin: 'carrier',
    person: text.person,
    number: text.number,
    others: text.others.length > 0 ? text.others : null,
    poolId: route.poolId,
    threadId: null,
    messageId: null,
    participantId: null,
    status: 'received',
    body,
    segments: text.media.length > 0 ? 1 : countSegments(body),
    mediaCount: text.media.length,
    carrier,
    carrierMessageId: text.carrierMessageId,
    errorCode: text.missingParts ? MISSING_PART : null,
    errorMessage: text.missingParts ? errorMessageOf(MISSING_PART) : null,
    carrierCode: null,
    statusCallback: null,
    settings: null,
    rank: RANK_OF.normal,
    attempts: 0,
    nextAttemptAt: null,
    validUntil: null,
    createdAt: step.now,
    listedAt: step.now,
    sentAt: step.now,
    updatedAt: step.now,
    version,
    born: version,
  }
  step.addSms(sms)
  step.changes.add(insertCarrierText, {
    carrier,
    direction: 'in',
    carrierMessageId: text.carrierMessageId,
    smsId: sms.id,
  })
  return { sms, route, media: addMedia(step, sms.id, text.media) }
}
