import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { brokenPromises } from '../support/broken-promises.ts'
import { type HeddleProcess, newHeddleProcess, statusOf } from '../support/heddle-process.ts'
import { seeWhenQuiet } from '../support/house-witness.ts'
import { openLossyLink } from '../support/lossy-link.ts'
import { type OwnServer, startOwnServer } from '../support/own-server.ts'
import { signalFamily } from '../support/process-family.ts'
import { randomOf } from '../support/random.ts'
import { openRecordingApp, type RecordingApp } from '../support/recording-app.ts'
import { seedOf } from '../support/test-house.ts'
import { startPhones } from '../support/texting-phones.ts'

/** Long enough to be noticed; 20000 shows what is claimed. */
const OUTAGE_MS = Number(process.env.HEDDLE_OUTAGE_MS ?? 3000)
/** From here on requests outlast the patience of statements, not only that of health checks. */
const LONG_OUTAGE_MS = 12_000
const BACK_WITHIN_MS = 15_000
/** What came in meanwhile is told to the app one by one for each pair. */
const OVER_WITHIN_MS = 30_000 + OUTAGE_MS * 3

const NUMBERS = ['+15550001001', '+15550001002']
const PERSONS = 3
/** Answers of the database that are lost in the time of an outage, or as soon as there were so many. */
const ENOUGH_LOST = 60
const FEWEST_LOST = 20

describe('when the database is away under load', () => {
  let heddle: HeddleProcess
  let embedding: HeddleProcess | undefined
  let app: RecordingApp
  let server: OwnServer
  let persons = 0
  let pairs: { person: string; number: string }[] = []

  beforeAll(async () => {
    app = await openRecordingApp(() => 10)
    server = await startOwnServer()
  })

  beforeEach(() => {
    const texting = Array.from({ length: PERSONS }, () => `+1555777${String(++persons).padStart(4, '0')}`)
    pairs = texting.flatMap(person => NUMBERS.map(number => ({ person, number })))
  })

  afterEach(async () => {
    if (heddle === embedding) return
    // Told to stop, it gives back its lanes: the next one on the same server need not wait for its lease to run out.
    await heddle?.end('SIGTERM')
    await heddle?.remove()
  })

  afterAll(async () => {
    await embedding?.remove()
    await server?.remove()
    await app?.stop()
  })

  async function startHeddle(env: Record<string, string> = {}): Promise<void> {
    const seed = seedOf(NUMBERS.map(number => ({ number, smsUrl: app.url })))
    heddle = await newHeddleProcess(seed, { HEDDLE_SIMULATOR: '1', ...env })
    await heddle.start()
  }

  /** One with the database that it brings, the same for all who ask. */
  async function startEmbedding(): Promise<void> {
    if (embedding) heddle = embedding
    else await startHeddle()
    embedding = heddle
  }

  /** Phones text before, during and after; what was acknowledged must stand, and the same process must serve again. */
  async function sitOut(goAway: () => Promise<void>, comeBack: () => Promise<void>): Promise<void> {
    const phones = startPhones({ url: () => heddle.url, pairs, pauseMs: () => 15 })
    await pause(800)
    await expect.poll(() => phones.acknowledged.length).toBeGreaterThan(pairs.length)
    const fromMs = Date.now()
    await goAway()
    const health = await healthUntil(fromMs + OUTAGE_MS)
    await comeBack()
    const backAtMs = Date.now()
    await heddle.healthy()
    const untilMs = Date.now()
    const during = phones.acknowledged.length
    await pause(1500)
    await expect.poll(() => phones.acknowledged.length).toBeGreaterThan(during + pairs.length)
    await phones.stop()

    expect(health).toContain(503)
    expect(untilMs - backAtMs).toBeLessThan(BACK_WITHIN_MS)
    // Refused, or taken by the network for later; never an error of ours, and never no answer at all.
    expect([202, 503]).toEqual(expect.arrayContaining([...phones.refusals.keys()]))
    if (OUTAGE_MS >= LONG_OUTAGE_MS) expect(phones.refusals.get(503)).toBeGreaterThan(0)
    expect(heddle.child.exitCode).toBeNull()

    const seen = await seeWhenQuiet(heddle.url, OVER_WITHIN_MS)
    const faults = [{ fromMs, untilMs: Date.now() }]
    const { acknowledged } = phones
    expect(await brokenPromises({ url: heddle.url, seen, requests: app.requests, acknowledged, faults })).toEqual([])
  }

  async function healthUntil(endMs: number): Promise<(number | null)[]> {
    const seen: (number | null)[] = []
    while (Date.now() < endMs || seen.length === 0) {
      seen.push(await statusOf(`${heddle.url}/healthz`))
      await pause(50)
    }
    return seen
  }

  const within = 60_000 + OUTAGE_MS * 2 + OVER_WITHIN_MS

  test('one that stands still and goes on costs nothing but the wait', { timeout: within }, async () => {
    await startEmbedding()
    const pid = heddle.databasePid() ?? 0
    await sitOut(
      async () => signalFamily(pid, 'SIGSTOP'),
      async () => signalFamily(pid, 'SIGCONT'),
    )
  })

  test('one that is killed again and again comes back each time', { timeout: within }, async () => {
    await startEmbedding()
    let isKilling = true
    let killing = Promise.resolve()
    async function killOnAndOn(): Promise<void> {
      while (isKilling) {
        const pid = heddle.databasePid()
        if (pid) signalFamily(pid, 'SIGKILL')
        await pause(100)
      }
    }
    await sitOut(
      async () => {
        killing = killOnAndOn()
      },
      async () => {
        isKilling = false
        await killing
      },
    )
  })

  test("another machine's that is stopped is found again when it starts", { timeout: within }, async () => {
    await startHeddle({ DATABASE_URL: server.databaseUrl, HEDDLE_SECRET_KEY: 'a key for tests' })
    await sitOut(
      () => server.stop(),
      () => server.start(),
    )
  })

  test(
    'answers that are lost after the work was done leave nothing lost, doubled or reordered',
    async () => {
      let isLossy = false
      const random = randomOf(1)
      const link = await openLossyLink(server.databaseUrl, () => isLossy && random() < 0.02)
      await startHeddle({ DATABASE_URL: link.databaseUrl, HEDDLE_SECRET_KEY: 'a key for tests' })
      const phones = startPhones({ url: () => heddle.url, pairs, pauseMs: () => 15 })
      await pause(500)
      const fromMs = Date.now()
      isLossy = true
      const mostMs = OUTAGE_MS * 2
      const isOver = () => link.lost > ENOUGH_LOST || (link.lost > FEWEST_LOST && Date.now() - fromMs > mostMs)
      while (!isOver()) await pause(20)
      isLossy = false
      await pause(500)
      await phones.stop()
      const seen = await seeWhenQuiet(heddle.url, OVER_WITHIN_MS)
      const faults = [{ fromMs, untilMs: Date.now() }]
      const { acknowledged } = phones
      expect(await brokenPromises({ url: heddle.url, seen, requests: app.requests, acknowledged, faults })).toEqual([])
      await link.stop()
    },
    within,
  )
})
