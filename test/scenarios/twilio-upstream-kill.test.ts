import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Gate, openGate } from '../support/gate.ts'
import { type HeddleProcess, newHeddleProcess } from '../support/heddle-process.ts'
import { between, randomOf } from '../support/random.ts'
import { ACCOUNT_SID, AUTH_TOKEN, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const KILLS = 4
const TEXTS_A_ROUND = 60
const PERSONS = Array.from({ length: 20 }, (_, at) => `+155577700${String(at + 10)}`)
const NUMBERS = ['+15550001000', '+15550001001', '+15550001002']
const MESSAGES = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`
const AUTHORIZATION = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`
const SEED = Number(process.env.HEDDLE_TEST_SEED ?? Date.now())

interface Listed {
  body: string
  status: string
}

let theirs: TestHouse
let ours: HeddleProcess
let toThem: Gate

beforeAll(async () => {
  toThem = await openGate()
  theirs = await openTestHouse(seedOf(NUMBERS.map(number => ({ number }))))
  toThem.target = theirs.url
  // Long enough that a kill finds requests under way.
  toThem.delayMs = 150
  const carrier = {
    name: 'tw',
    kind: 'twilio' as const,
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    url: toThem.url,
    answerWithinMs: 2000,
    resendAfterMs: 4000,
    reconcileEveryMs: 500,
  }
  const seed = seedOf(NUMBERS.map(number => ({ number, carrier: 'tw' })))
  seed.accounts = seed.accounts.map(account => ({ ...account, carriers: [carrier] }))
  ours = await newHeddleProcess(seed)
  await ours.start()
}, 90_000)

afterAll(async () => {
  await ours?.end('SIGKILL')
  await ours?.remove()
  await theirs?.close()
  await toThem?.close()
})

test(
  'a kill with sends under way loses no text and doubles none: what is unknown is found out',
  async () => {
    const random = randomOf(SEED)
    const accepted = new Set<string>()
    const asked: string[] = []
    for (let round = 0; round < KILLS; round++) {
      const sends = Array.from({ length: TEXTS_A_ROUND }, (_, at) => send(`text ${round} ${at}`, at))
      await pause(between(random, 100, 900))
      await ours.end('SIGKILL')
      await Promise.all(sends)
      await ours.start()
    }
    await expect.poll(unfinished, { timeout: 120_000, interval: 300 }).toEqual([])
    const shown = (await Promise.all(PERSONS.map(person => theirs.phone(person))))
      .flat()
      .filter(text => text.direction === 'received')
      .map(text => text.body)
    const once = (body: string) => shown.filter(each => each === body).length
    const requests = (body: string) => toThem.passed.filter(each => bodyOf(each.body) === body).length
    console.log(
      `seed ${SEED}: ${KILLS} kills, ${accepted.size} of ${asked.length} texts accepted, ${shown.length} shown`,
    )
    expect(accepted.size).toBeGreaterThan(TEXTS_A_ROUND / 2)
    expect([...accepted].filter(body => once(body) !== 1)).toEqual([])
    expect(asked.filter(body => once(body) > 1 || requests(body) > 1)).toEqual([])

    async function send(body: string, at: number): Promise<void> {
      asked.push(body)
      const form = { From: NUMBERS[at % NUMBERS.length] ?? '', To: PERSONS[at % PERSONS.length] ?? '', Body: body }
      const answer = await fetch(ours.url + MESSAGES, {
        method: 'POST',
        headers: { authorization: AUTHORIZATION },
        body: new URLSearchParams(form),
      }).catch(() => null)
      if (answer?.status === 201) accepted.add(body)
    }
  },
  KILLS * 40_000 + 130_000,
)

/** Texts of ours that did not come to their end yet. */
async function unfinished(): Promise<string[]> {
  const answer = await fetch(`${ours.url}${MESSAGES}?PageSize=1000`, { headers: { authorization: AUTHORIZATION } })
  const { messages } = (await answer.json()) as { messages: Listed[] }
  return messages.filter(({ status }) => status !== 'delivered').map(({ body, status }) => `${body} ${status}`)
}

function bodyOf(form: string): string | null {
  return new URLSearchParams(form).get('Body')
}
