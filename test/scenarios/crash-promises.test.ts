import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../server/store/db.ts'
import { findRunningConnection } from '../../server/store/embedded/running-connection.ts'
import { countByStatus } from '../../server/store/read/sms-counts.ts'
import { brokenPromises } from '../support/broken-promises.ts'
import { type HeddleProcess, newHeddleProcess } from '../support/heddle-process.ts'
import { seeWhenQuiet } from '../support/house-witness.ts'
import { killHeddle, VICTIMS, type Victim } from '../support/kill-heddle.ts'
import { between, pick, type Random, randomOf } from '../support/random.ts'
import { openRecordingApp, type RecordingApp } from '../support/recording-app.ts'
import { seedOf } from '../support/test-house.ts'
import { startPhones, type TextingPhones } from '../support/texting-phones.ts'

/** The same seed kills the same at the same moments; the load between is as the machine has it. */
const SEED = Number(process.env.HEDDLE_CRASH_SEED ?? Date.now() % 1_000_000)
const ROUNDS = Number(process.env.HEDDLE_CRASH_ROUNDS ?? 6)
const ROUND_WITHIN_MS = 30_000

const NUMBERS = ['+15550001001', '+15550001002', '+15550001003']
const PERSONS = ['+15557770001', '+15557770002', '+15557770003', '+15557770004']
const PAIRS = PERSONS.flatMap(person => NUMBERS.map(number => ({ person, number })))

describe('when Heddle and its database are killed at random moments', () => {
  let heddle: HeddleProcess | undefined
  let app: RecordingApp | undefined
  let phones: TextingPhones | undefined

  afterEach(async () => {
    await phones?.giveUp()
    await heddle?.remove()
    await app?.stop()
  })

  test(
    `nothing acknowledged is lost, doubled or reordered (seed ${SEED}, ${ROUNDS} rounds)`,
    async () => {
      const random = randomOf(SEED)
      app = await openRecordingApp(() => between(random, 0, 20))
      const { url } = app
      heddle = await newHeddleProcess(seedOf(NUMBERS.map(number => ({ number, smsUrl: url }))))
      await heddle.start()
      phones = startPhones({ url: () => heddle?.url ?? '', pairs: PAIRS, pauseMs: () => between(random, 10, 90) })
      const faults: { fromMs: number; untilMs: number }[] = []
      // The moments are drawn beforehand, since phones and app draw from the same numbers as they come.
      const plan = Array.from({ length: ROUNDS }, () => planRound(randomOf(between(random, 0, 2 ** 31))))
      for (const { afterMs, victim } of plan) {
        await pause(afterMs)
        const fromMs = Date.now()
        await killHeddle(heddle, victim)
        faults.push({ fromMs, untilMs: Date.now() })
      }
      await pause(300)
      await phones.stop()
      const seen = await seeWhenQuiet(heddle.url, ROUND_WITHIN_MS + ROUNDS * 1000)
      const { acknowledged } = phones
      const broken = await brokenPromises({ url: heddle.url, seen, requests: app.requests, acknowledged, faults })
      // What was marked as under way in a crash is told to be unknown: nothing is left that nobody works on.
      const { dataDir } = heddle
      await expect
        .poll(async () => Object.keys(await storedStatuses(dataDir)), { timeout: ROUND_WITHIN_MS, interval: 200 })
        .not.toContain('sending')
      const statuses = await storedStatuses(dataDir)
      console.log(
        `seed ${SEED}: ${ROUNDS} kills, ${acknowledged.length} texts, ${app.requests.length} calls, ${JSON.stringify(statuses)}`,
      )
      expect(broken).toEqual([])
      expect(Object.keys(statuses).sort()).toEqual(expect.arrayContaining(['delivered', 'received']))
      expect(acknowledged.length).toBeGreaterThan(PAIRS.length)
    },
    60_000 + ROUNDS * ROUND_WITHIN_MS,
  )
})

function planRound(random: Random): { afterMs: number; victim: Victim } {
  return { afterMs: between(random, 100, 900), victim: pick(random, VICTIMS) }
}

/** Only the store tells `unknown` from `sending`: on the wire both are still on their way. */
async function storedStatuses(dataDir: string): Promise<Record<string, number>> {
  const connection = await findRunningConnection(dataDir)
  if (!connection) throw new Error('The database is not up.')
  const db = openDatabase(connection)
  try {
    return await countByStatus(db)
  } finally {
    await db.close()
  }
}
