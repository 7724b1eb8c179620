import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { groupBy } from '../../server/kit/group-by.ts'
import { type HeddleProcess, newHeddleProcess } from '../support/heddle-process.ts'
import { seeWhenQuiet } from '../support/house-witness.ts'
import { between, randomOf } from '../support/random.ts'
import { openSmsc, type Smsc } from '../support/smsc.ts'
import { ACCOUNT_SID, AUTH_TOKEN } from '../support/test-house.ts'
import { AUTHORIZATION } from '../support/texting-phones.ts'

const SEED = Number(process.env.HEDDLE_CRASH_SEED ?? Date.now() % 1_000_000)
/** 50 once in a while; each takes some seconds. */
const KILLS = Number(process.env.HEDDLE_SENDING_KILLS ?? 3)

const NUMBERS = ['+15550001001', '+15550001002']
/** More than the carrier has at a time, so that every kill finds some under way and some waiting. */
const TEXTS_A_KILL = 320
const WINDOW = 100
/** Texts that the carrier has at a time: as many as its window holds, and as many got ready. */
const UNDER_WAY = 200
const SENDERS = 24
const PERSONS_A_SENDER = 8

let heddle: HeddleProcess | undefined
let smsc: Smsc | undefined

afterEach(async () => {
  await heddle?.remove()
  await smsc?.close()
})

interface Queued {
  sid: string
  body: string
}

test(
  `every queued text is sent once or told to be unknown, whenever Heddle is killed (seed ${SEED}, ${KILLS} kills)`,
  async () => {
    const random = randomOf(SEED)
    const network = await openSmsc()
    smsc = network
    network.answersAfterMs = () => between(random, 50, 250)
    const url = `smpp://127.0.0.1:${network.port}`
    const carrier = { name: 'op1', kind: 'smpp' as const, url, systemId: 'heddle', password: 'secret', window: WINDOW }
    heddle = await newHeddleProcess({
      accounts: [
        {
          sid: ACCOUNT_SID,
          authToken: AUTH_TOKEN,
          name: 'Test',
          carriers: [carrier],
          numbers: NUMBERS.map(number => ({ number, carrier: 'op1' })),
        },
      ],
    })
    await heddle.start()
    const queued: Queued[] = []
    let inDoubt = 0
    for (let kill = 1; kill <= KILLS; kill++) {
      const before = network.submits.length
      const stop = keepQueuing(heddle.url, queued, { from: (kill - 1) * TEXTS_A_KILL, count: TEXTS_A_KILL })
      await network.until(() => network.submits.length >= before + UNDER_WAY)
      await pause(between(random, 0, 400))
      await heddle.end('SIGKILL')
      await stop()
      await heddle.start()
      const unknown = (await unknownTexts(heddle.url)).length
      expect(unknown - inDoubt, `after kill ${kill}`).toBeLessThanOrEqual(UNDER_WAY)
      inDoubt = unknown
    }
    const { messages } = await seeWhenQuiet(heddle.url, 60_000 + KILLS * 5000)
    const unknown = new Set((await unknownTexts(heddle.url)).map(text => text.id))
    const seen = groupBy(network.submits, submit => submit.body)
    console.log(`seed ${SEED}: ${KILLS} kills, ${queued.length} texts, ${seen.size} sent, ${unknown.size} unknown`)
    const statuses = new Map(messages.map(message => [message.sid, message.status]))
    const wrong = queued.flatMap(({ sid, body }) => {
      const times = seen.get(body)?.length ?? 0
      const id = sid.slice(2)
      const isUnknown = [...unknown].some(each => each.replaceAll('-', '') === id)
      if (times > 1) return [`${body} was sent ${times} times`]
      if (times === 0 && !isUnknown) return [`${body} was lost as ${statuses.get(sid)}`]
      return !isUnknown && statuses.get(sid) !== 'sent' ? [`${body} is ${statuses.get(sid)}`] : []
    })
    expect(wrong).toEqual([])
    expect([...seen].filter(([, submits]) => submits.length > 1).map(([body]) => body)).toEqual([])
    expect(outOfOrder(network)).toEqual([])
    expect(unknown.size).toBeGreaterThan(0)
  },
  120_000 + KILLS * 30_000,
)

/** Programs that send one text after another until Heddle is gone, or all are queued. */
function keepQueuing(
  url: string,
  queued: Queued[],
  { from, count }: { from: number; count: number },
): () => Promise<void> {
  let next = 0
  let isOver = false
  async function send(sender: number): Promise<void> {
    while (!isOver && next < count) {
      const at = next++
      const number = NUMBERS[at % NUMBERS.length] ?? ''
      // Each pair has one sender, who waits for each answer: what comes later was sent later.
      const person = `+1555777${1000 + sender * PERSONS_A_SENDER + (at % PERSONS_A_SENDER)}`
      const body = `${String(from + at).padStart(6, '0')} ${person} ${number}`
      const sid = await sendText(url, { From: number, To: person, Body: body })
      if (sid) queued.push({ sid, body })
    }
  }
  const senders = Promise.all(Array.from({ length: SENDERS }, (_, sender) => send(sender)))
  return async () => {
    isOver = true
    await senders
  }
}

/** The text's SID; null when there was no answer. */
async function sendText(url: string, text: Record<string, string>): Promise<string | null> {
  try {
    const response = await fetch(`${url}/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`, {
      method: 'POST',
      headers: { authorization: AUTHORIZATION },
      body: new URLSearchParams(text),
    })
    const answer = (await response.json()) as { sid?: string }
    return response.status === 201 ? (answer.sid ?? null) : null
  } catch {
    // Killed before it answered: whether the text was queued is not known, and nobody counts on it.
    return null
  }
}

async function unknownTexts(url: string): Promise<{ id: string }[]> {
  const found: { id: string }[] = []
  for (let after: number | null = 0; after !== null; ) {
    const path = `/v1/texts/unknown?limit=1000&after=${after}`
    const response = await fetch(url + path, { headers: { authorization: AUTHORIZATION } })
    const page = (await response.json()) as { records: { id: string }[]; next: number | null }
    found.push(...page.records)
    after = page.next
  }
  return found
}

/** Texts that came to the network before an earlier one of their pair. */
function outOfOrder({ submits }: Smsc): string[] {
  const last = new Map<string, string>()
  return submits.flatMap(({ source, destination, body }) => {
    const pair = `${source} ${destination}`
    const before = last.get(pair) ?? ''
    last.set(pair, body)
    return body < before ? [`${body} came after ${before}`] : []
  })
}
