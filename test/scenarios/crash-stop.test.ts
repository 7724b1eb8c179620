import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { brokenPromises } from '../support/broken-promises.ts'
import { isAlive } from '../support/embedded-process.ts'
import { type HeddleProcess, newHeddleProcess, statusOf } from '../support/heddle-process.ts'
import { seeWhenQuiet } from '../support/house-witness.ts'
import { openRecordingApp, type RecordingApp } from '../support/recording-app.ts'
import { seedOf } from '../support/test-house.ts'
import { startPhones, type TextingPhones } from '../support/texting-phones.ts'

const STOPPED_WITHIN_MS = 10_000
const NUMBER = '+15550001001'
const PHONES = 4

describe('when Heddle is told to stop', () => {
  let heddle: HeddleProcess
  let app: RecordingApp
  let phones: TextingPhones | undefined
  let isHanging = false
  let pairs: { person: string; number: string }[] = []
  let persons = 0

  beforeAll(async () => {
    app = await openRecordingApp(() => (isHanging ? 60_000 : 5))
    heddle = await newHeddleProcess(seedOf([{ number: NUMBER, smsUrl: app.url }]))
  })

  beforeEach(() => {
    isHanging = false
    pairs = Array.from({ length: PHONES }, () => ({
      person: `+1555777${String(++persons).padStart(4, '0')}`,
      number: NUMBER,
    }))
  })

  afterEach(async () => {
    isHanging = false
    await phones?.giveUp()
    phones = undefined
    await heddle.end('SIGKILL')
  })

  afterAll(async () => {
    await heddle?.remove()
    await app?.stop()
  })

  async function runUnderLoad(): Promise<TextingPhones> {
    await heddle.start()
    phones = startPhones({ url: () => heddle.url, pairs, pauseMs: () => 20 })
    await pause(500)
    return phones
  }

  /** Resolves to the exit code once Heddle and its database have ended, which must not take longer than promised. */
  async function ended(send: () => void): Promise<number | null> {
    const { child } = heddle
    const databasePid = heddle.databasePid()
    const fromMs = Date.now()
    send()
    while (child.exitCode === null && child.signalCode === null) await pause(10)
    while (databasePid && isAlive(databasePid)) await pause(10)
    expect(Date.now() - fromMs).toBeLessThan(STOPPED_WITHIN_MS)
    expect(child.signalCode).toBeNull()
    return child.exitCode
  }

  const signalGroup = (signal: NodeJS.Signals) => process.kill(-(heddle.child.pid ?? 0), signal)

  test('it ends under load with its database, also when its whole process group is told, and loses nothing', async () => {
    const { acknowledged, stop } = await runUnderLoad()
    expect(await ended(() => signalGroup('SIGTERM'))).toBe(0)
    await heddle.start()
    await stop()
    const seen = await seeWhenQuiet(heddle.url, 20_000)
    // No fault is told of: a stop repeats no call and leaves no text in doubt.
    const witnesses = { url: heddle.url, seen, requests: app.requests, acknowledged, faults: [] }
    expect(await brokenPromises(witnesses)).toEqual([])
  })

  test('a hanging app does not keep it; its calls are made again after the next start', async () => {
    const { acknowledged, stop } = await runUnderLoad()
    isHanging = true
    await pause(500)
    const fromMs = Date.now()
    expect(await ended(() => heddle.child.kill('SIGTERM'))).toBe(0)
    isHanging = false
    await heddle.start()
    const faults = [{ fromMs, untilMs: Date.now() }]
    await stop()
    const seen = await seeWhenQuiet(heddle.url, 20_000)
    const told = app.requests.filter(({ person }) => pairs.some(pair => pair.person === person))
    const repeated = told.length - new Set(told.map(request => request.body)).size
    expect(repeated).toBe(pairs.length)
    expect(await brokenPromises({ url: heddle.url, seen, requests: app.requests, acknowledged, faults })).toEqual([])
  })

  test('npm, told to end what it started, passes it on', async () => {
    await heddle.startByNpm()
    await ended(() => heddle.child.kill('SIGTERM'))
    expect(await statusOf(`${heddle.url}/healthz`)).toBeNull()
  })

  test('a second Ctrl-C is harmless', async () => {
    await runUnderLoad()
    isHanging = true
    await pause(100)
    const code = await ended(() => {
      signalGroup('SIGINT')
      setTimeout(() => signalGroup('SIGINT'), 50)
    })
    expect(code).toBe(0)
  })

  test('one that is still starting ends too and leaves no database behind', async () => {
    heddle.launch()
    const { child } = heddle
    const pidFile = join(heddle.dataDir, 'postgres', 'postmaster.pid')
    while (!existsSync(pidFile) && child.exitCode === null) await pause(5)
    await ended(() => signalGroup('SIGTERM'))
    expect(existsSync(pidFile)).toBe(false)
  })

  test('a call that was cut off by a kill is made again as soon as Heddle is back', async () => {
    await heddle.start()
    const calls = () => app.requests.filter(({ person }) => person === pairs[0]?.person)
    isHanging = true
    phones = startPhones({ url: () => heddle.url, pairs: pairs.slice(0, 1), pauseMs: () => 100 })
    while (calls().length === 0) await pause(5)
    await heddle.end('SIGKILL')
    isHanging = false
    await heddle.start()
    const backAtMs = Date.now()
    while (calls().length < 2) await pause(5)
    const [first, again] = calls()
    expect(again?.idempotencyToken).toBe(first?.idempotencyToken)
    expect(Date.now() - backAtMs).toBeLessThan(2000)
  })
})
