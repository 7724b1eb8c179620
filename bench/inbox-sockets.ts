import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { startProgram } from './child.ts'
import { AUTHORIZATION, startHeddle } from './measured-heddle.ts'
import type { Measure } from './report.ts'
import type { Crowd } from './subscribers.ts'

const NUMBER = '+15550002000'
const FILTER = '/restapi/v1.0/account/~/message-threads/entries/sync'
const USERS = Array.from({ length: 20 }, (_, at) => `handler-${at}`)
/** As many as one sign-in may have. */
const MANY = { users: USERS, connectionsEach: 50 }
const ONE = { users: USERS.slice(0, 1), connectionsEach: 1 }
const WARM_UP_TEXTS = 10
const TEXTS = 50
const TOLD_WITHIN_MS = 10_000

const SEED = {
  ringcentral: { clientId: 'app', clientSecret: 'app-secret', accountId: 400001 },
  users: USERS.map((name, at) => ({ identity: name, name, extensionId: 101 + at, jwt: name })),
  queues: [{ name: 'Everybody', extensionId: 901, handlers: USERS }],
}

/** From when a text is handed over at our door until subscribed WebSockets are told of it: one, and a thousand. */
export async function inboxSockets(): Promise<Measure[]> {
  const heddle = await startHeddle([{ number: NUMBER, queue: 'Everybody' }], SEED)
  try {
    const one = await measure(heddle.port, ONE)
    const many = await measure(heddle.port, MANY)
    return [
      { what: 'a text to one subscriber: p50', value: quantile(one, 0.5), unit: 'ms' },
      { what: 'a text to one subscriber: p99', value: quantile(one, 0.99), unit: 'ms' },
      { what: 'a text to each of 1,000 subscribers: p50', value: quantile(many, 0.5), unit: 'ms' },
      { what: 'a text to each of 1,000 subscribers: p99', value: quantile(many, 0.99), unit: 'ms' },
      { what: 'a text to each of 1,000 subscribers: the last of all', value: Math.max(...many), unit: 'ms' },
    ]
  } finally {
    await heddle.stop()
  }
}

/** How long each subscriber waited for each text, in milliseconds. */
async function measure(port: number, crowd: Pick<Crowd, 'users' | 'connectionsEach'>): Promise<number[]> {
  const subscribers = startProgram('subscribers')
  try {
    subscribers.send({ ...crowd, port, filters: [FILTER] })
    await once(subscribers, 'message')
    const expected = crowd.users.length * crowd.connectionsEach
    const waits: number[] = []
    for (let at = 0; at < WARM_UP_TEXTS + TEXTS; at++) {
      const sentAt = performance.timeOrigin + performance.now()
      await text(port, at)
      const told = await allTold(subscribers, expected)
      if (at >= WARM_UP_TEXTS) waits.push(...told.map(toldAt => toldAt - sentAt))
    }
    return waits
  } finally {
    subscribers.disconnect()
    await once(subscribers, 'exit')
  }
}

async function text(port: number, at: number): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/simulator/messages`, {
    method: 'POST',
    headers: { authorization: AUTHORIZATION, 'content-type': 'application/json' },
    body: JSON.stringify({ from: `+1777000${String(at).padStart(4, '0')}`, to: NUMBER, body: `Text ${at}` }),
  })
  if (answer.status !== 201) throw new Error(`A text was refused: ${answer.status}`)
}

async function allTold(subscribers: ChildProcess, expected: number): Promise<number[]> {
  const told: number[] = []
  for (const startedAt = performance.now(); told.length < expected; ) {
    if (performance.now() - startedAt > TOLD_WITHIN_MS) throw new Error(`${told.length} of ${expected} were told.`)
    await pause(20)
    subscribers.send('take')
    const [times] = await once(subscribers, 'message')
    told.push(...(times as number[]))
  }
  if (told.length > expected) throw new Error(`${told.length} notifications came to ${expected} subscribers.`)
  return told
}

function quantile(values: number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}
