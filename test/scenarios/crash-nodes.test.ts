import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { brokenPromises } from '../support/broken-promises.ts'
import { type HeddleProcess, newHeddleProcess } from '../support/heddle-process.ts'
import { seeWhenQuiet } from '../support/house-witness.ts'
import { type OwnServer, startOwnServer } from '../support/own-server.ts'
import { openRecordingApp, type RecordingApp } from '../support/recording-app.ts'
import { seedOf } from '../support/test-house.ts'
import { startPhones, type TextingPhones } from '../support/texting-phones.ts'

/** Each story has numbers of its own, whose lanes no node serves yet. */
const STORIES = 4
const numbersOf = (story: number) => [1, 2, 3].map(end => `+1555000${story}00${end}`)
/** A lease runs out in ten seconds; then the next look takes the lanes. */
const TAKEN_OVER_WITHIN_MS = 12_000

describe('two nodes on one database', () => {
  let server: OwnServer
  let app: RecordingApp
  let a: HeddleProcess
  let b: HeddleProcess
  let phones: TextingPhones | undefined
  let stories = 0
  let numbers: string[] = []
  let pairs: { person: string; number: string }[] = []

  beforeAll(async () => {
    app = await openRecordingApp(() => 5)
    server = await startOwnServer()
    const all = Array.from({ length: STORIES }, (_, at) => numbersOf(at + 1)).flat()
    const seed = seedOf(all.map(number => ({ number, smsUrl: app.url })))
    const env = { HEDDLE_SIMULATOR: '1', DATABASE_URL: server.databaseUrl, HEDDLE_SECRET_KEY: 'a key for tests' }
    a = await newHeddleProcess(seed, env)
    b = await newHeddleProcess(seed, env)
    await b.start()
    await a.start()
  })

  beforeEach(() => {
    numbers = numbersOf(++stories)
    pairs = ['+15557770001', '+15557770002'].flatMap(person => numbers.map(number => ({ person, number })))
  })

  afterEach(async () => {
    await phones?.giveUp()
    phones = undefined
    if (b.child.exitCode !== null || b.child.signalCode !== null) await b.start()
  })

  afterAll(async () => {
    await a?.remove()
    await b?.remove()
    await server?.remove()
    await app?.stop()
  })

  /** A text to each number, so that the node serves them from then on. */
  async function takeLanes(node: HeddleProcess): Promise<void> {
    const before = app.requests.length
    const firsts = numbers.map(number => ({ person: '+15557779999', number }))
    const first = startPhones({ url: () => node.url, pairs: firsts, pauseMs: () => 100 })
    while (app.requests.length < before + numbers.length) await pause(10)
    await first.stop()
  }

  test('a text that arrives at one is told to its app by the one that serves the number, within a second', async () => {
    await takeLanes(b)
    phones = startPhones({ url: () => a.url, pairs: pairs.slice(0, 1), pauseMs: () => 6000 })
    const told = () => app.requests.filter(({ person }) => person === pairs[0]?.person)
    while (phones.acknowledged.length === 0) await pause(1)
    // The one where it arrived can do nothing more.
    a.child.kill('SIGSTOP')
    const fromMs = Date.now()
    while (told().length === 0 && Date.now() - fromMs < 5000) await pause(5)
    const tookMs = Date.now() - fromMs
    a.child.kill('SIGCONT')
    expect(told()).toHaveLength(1)
    expect(tookMs).toBeLessThan(1000)
  })

  test('texts of a pair that arrive at both in turn keep their order, and none is told twice', async () => {
    let turn = 0
    phones = startPhones({ url: () => (turn++ % 2 === 0 ? a : b).url, pairs, pauseMs: () => 20 })
    const { acknowledged } = phones
    while (acknowledged.length <= pairs.length * 10) await pause(50)
    await phones.stop()
    const seen = await seeWhenQuiet(a.url, 20_000)
    const witnesses = { url: a.url, seen, requests: app.requests, acknowledged, faults: [] }
    expect(await brokenPromises(witnesses)).toEqual([])
  })

  test('what one served is served by the other soon after it was killed, once', { timeout: 90_000 }, async () => {
    await takeLanes(b)
    phones = startPhones({ url: () => a.url, pairs, pauseMs: () => 100 })
    await pause(1500)
    const fromMs = Date.now()
    await b.end('SIGKILL')
    await pause(200)
    const before = app.requests.length
    while (app.requests.length === before && Date.now() - fromMs < TAKEN_OVER_WITHIN_MS * 2) await pause(20)
    const tookMs = Date.now() - fromMs
    await pause(1000)
    await phones.stop()
    const { acknowledged } = phones
    const seen = await seeWhenQuiet(a.url, 30_000)
    const faults = [{ fromMs, untilMs: fromMs + tookMs }]
    expect(tookMs).toBeLessThan(TAKEN_OVER_WITHIN_MS)
    expect(await brokenPromises({ url: a.url, seen, requests: app.requests, acknowledged, faults })).toEqual([])
  })

  test('one that stood still for longer than its lease does nothing again that the other has done', {
    timeout: 90_000,
  }, async () => {
    await takeLanes(b)
    phones = startPhones({ url: () => a.url, pairs, pauseMs: () => 100 })
    await pause(1000)
    const fromMs = Date.now()
    b.child.kill('SIGSTOP')
    await pause(TAKEN_OVER_WITHIN_MS + 1000)
    b.child.kill('SIGCONT')
    await pause(1000)
    await phones.stop()
    const { acknowledged } = phones
    const seen = await seeWhenQuiet(a.url, 30_000)
    const faults = [{ fromMs, untilMs: Date.now() }]
    expect(await brokenPromises({ url: a.url, seen, requests: app.requests, acknowledged, faults })).toEqual([])
  })
})
