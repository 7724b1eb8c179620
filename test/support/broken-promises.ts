import { groupBy } from '../../server/kit/group-by.ts'
import { phoneTexts, type Seen } from './house-witness.ts'
import { type AppRequest, replyTo } from './recording-app.ts'
import type { PhoneText } from './test-house.ts'
import type { SentText } from './texting-phones.ts'

export interface Witnesses {
  url: string
  seen: Seen
  requests: readonly AppRequest[]
  acknowledged: readonly SentText[]
  /** When something was killed or taken away, and when it was back: what was under way meanwhile is in doubt. */
  faults: readonly { fromMs: number; untilMs: number }[]
}

/** How long before a fault an answer may have been given whose reply was still under way. */
const UNDER_WAY_MS = 3000

/** What Heddle promises about every text that it acknowledged, checked by what phones, the app and the API show; a sentence for each breach. */
export async function brokenPromises(witnesses: Witnesses): Promise<string[]> {
  const broken: string[] = []
  const pairs = groupBy(witnesses.acknowledged, text => pairOf(text.person, text.number))
  for (const [pair, texts] of pairs) {
    const [first] = texts
    if (!first) continue
    const bodies = texts.map(text => text.body)
    broken.push(...keptOnce(pair, texts, witnesses.seen))
    broken.push(...calledInOrder(pair, bodies, witnesses))
    const shown = (await phoneTexts(witnesses.url, first.person)).filter(text => isOfNumber(text, first.number))
    broken.push(...repliedOnce(pair, bodies, shown, witnesses))
  }
  return broken
}

/** Every acknowledged text stands in the log once, under the SID that its phone was told, in order. */
function keptOnce(pair: string, texts: SentText[], { messages, calls }: Seen): string[] {
  const kept = messages.filter(each => each.direction === 'inbound' && pairOf(each.from, each.to) === pair)
  const called = calls.filter(each => pairOf(each.person, each.number) === pair)
  return [
    ...differences(
      `${pair}: kept texts`,
      texts,
      kept.map(each => `${each.sid} ${each.body}`),
    ),
    ...differences(
      `${pair}: calls`,
      texts,
      called.map(each => `${each.sms} ${each.parameters.Body}`),
    ),
    ...called.filter(each => each.state !== 'done').map(each => `${pair}: the call for ${each.sms} is ${each.state}`),
  ]
}

function differences(what: string, texts: SentText[], found: string[]): string[] {
  const expected = texts.map(text => `${text.sid} ${text.body}`)
  if (expected.join() === found.join()) return []
  const missing = expected.filter(each => !found.includes(each))
  const surplus = found.filter((each, at) => !expected.includes(each) || found.indexOf(each) !== at)
  if (missing.length + surplus.length === 0) return [`${what} are out of order`]
  return [...missing.map(each => `${what} lack ${each}`), ...surplus.map(each => `${what} have too much: ${each}`)]
}

/** Every text was told to the app, first tries in order; tries after the first carry the same token and follow a fault. */
function calledInOrder(pair: string, bodies: string[], { requests, faults }: Witnesses): string[] {
  const broken: string[] = []
  const ofPair = requests.filter(request => pairOf(request.person, request.number) === pair)
  const tries = groupBy(ofPair, request => request.body)
  const order = [...tries.keys()].filter(body => bodies.includes(body))
  const made = bodies.filter(body => tries.has(body))
  if (order.join() !== made.join()) broken.push(`${pair}: calls were made out of order`)
  for (const body of bodies) {
    const ofText = tries.get(body) ?? []
    if (ofText.length === 0) broken.push(`${pair}: no call was made for ${body}`)
    if (new Set(ofText.map(each => each.idempotencyToken)).size > 1) broken.push(`${pair}: ${body} had two tokens`)
    ofText.slice(1).forEach((each, at) => {
      const before = ofText[at]?.atMs ?? 0
      const isExcused = faults.some(fault => fault.untilMs >= before && fault.fromMs <= each.atMs)
      if (!isExcused) broken.push(`${pair}: the call for ${body} was repeated without need`)
    })
  }
  return broken
}

/** No reply came twice or overtook another; one that did not come was under way in a fault, and is not said to be sent. */
function repliedOnce(
  pair: string,
  bodies: string[],
  shown: PhoneText[],
  { requests, seen, faults }: Witnesses,
): string[] {
  const broken: string[] = []
  const received = shown.filter(text => text.direction === 'received').map(text => text.body)
  const replies = bodies.map(replyTo)
  if (new Set(received).size !== received.length) broken.push(`${pair}: a reply reached the phone twice`)
  if (replies.filter(reply => received.includes(reply)).join() !== received.join()) {
    broken.push(`${pair}: replies reached the phone out of order, or without a text`)
  }
  const sent = groupBy(
    seen.messages.filter(each => each.direction === 'outbound-reply' && pairOf(each.to, each.from) === pair),
    message => message.body,
  )
  for (const body of bodies) {
    const reply = sent.get(replyTo(body)) ?? []
    if (reply.length !== 1) broken.push(`${pair}: ${reply.length} replies were queued for ${body}`)
    const isThere = received.includes(replyTo(body))
    const status = reply[0]?.status ?? 'missing'
    if (isThere && status === 'delivered') continue
    const isInDoubt = status === 'sending' || (isThere && status === 'sent')
    if (!isInDoubt) {
      broken.push(`${pair}: the reply to ${body} is ${status} and ${isThere ? 'reached' : 'did not reach'} the phone`)
    }
    const answeredAtMs = requests.filter(each => each.body === body).map(each => each.answeredAtMs ?? each.atMs)
    const isExcused = faults.some(fault =>
      answeredAtMs.some(atMs => atMs >= fault.fromMs - UNDER_WAY_MS && atMs <= fault.untilMs),
    )
    if (!isExcused) broken.push(`${pair}: the reply to ${body} is in doubt without need`)
  }
  return broken
}

function isOfNumber(text: PhoneText, number: string): boolean {
  return text.from === number || text.to === number
}

function pairOf(person: string, number: string): string {
  return `${person} ${number}`
}
